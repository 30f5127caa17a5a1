"""Recordings that the page offers, and files given to the app in a modal."""

import http.client
import json
from pathlib import Path

import pytest

from local_slack.server import LocalSlack

MANIFEST = Path(__file__).with_name("slack_manifest.yaml")


def get(workspace, path):
    connection = http.client.HTTPConnection("127.0.0.1", workspace.port)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def test_recordings_are_listed_and_served_and_nothing_else(tmp_path):
    (tmp_path / "short_talk.wav").write_bytes(b"sound")
    (tmp_path / "notes.txt").write_text("not a recording")
    with LocalSlack(MANIFEST, examples_dir=tmp_path) as workspace:
        status, body = get(workspace, "/_control/examples")
        rows = json.loads(body)
        assert (status, [(row["name"], row["title"]) for row in rows]) == (
            200,
            [("short_talk.wav", "Short talk")],
        )
        assert get(workspace, rows[0]["url"]) == (200, b"sound")
        assert get(workspace, "/_control/examples/notes.txt")[0] == 404
        assert get(workspace, "/_control/examples/..%2fnotes.txt")[0] == 404


@pytest.mark.parametrize("folder", [None, "nowhere"])
def test_without_a_folder_none_are_listed(folder, tmp_path):
    with LocalSlack(MANIFEST, examples_dir=tmp_path / folder if folder else None) as workspace:
        assert json.loads(get(workspace, "/_control/examples")[1]) == []


def test_a_modal_that_is_not_open_takes_no_files():
    with LocalSlack(MANIFEST) as workspace:
        files = [{"name": "a.rttm", "content_base64": "YQ=="}]
        answer = workspace.control("upload", user="U0ADA", view_id="V0NONE", files=files)
        assert answer["error"] == "view_not_found"
        assert workspace.state()["files"] == {}
