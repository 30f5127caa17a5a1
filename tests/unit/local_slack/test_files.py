import json

import pytest

from local_slack.client import ControlError
from local_slack.server import LocalSlack

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20
BEARER = {"Authorization": "Bearer xoxb-local"}


def path_of(api, url):
    return url.split(str(api.workspace.port))[1]


def upload(api, name="a.png", data=PNG, **fields):
    made = api("files.getUploadURLExternal", filename=name, length=len(data))
    assert api.send("POST", path_of(api, made["upload_url"]), data)[0] == 200
    answer = api("files.completeUploadExternal", files=[{"id": made["file_id"], "title": "T"}], **fields)
    assert answer["ok"], answer
    return made["file_id"]


def image(file_id):
    return {"type": "image", "slack_file": {"id": file_id}, "alt_text": "a picture"}


def wait_ready(people, file_id):
    people.wait_for(lambda state: state["files"][file_id]["state"] == "ready")


def test_a_file_is_shared_a_moment_later(api, people):
    ts = api.post(text="thread")
    file_id = upload(api, channel_id="C0GENERAL", thread_ts=ts, initial_comment="see")
    rows = people.wait_for(lambda state: state["messages"]["C0GENERAL"][1:])
    assert (rows[0]["files"], rows[0]["text"], rows[0]["thread_ts"]) == ([file_id], "see", ts)
    shares = api("files.info", file=file_id)["file"]["shares"]["public"]["C0GENERAL"]
    assert shares == [{"ts": rows[0]["ts"], "thread_ts": ts}]


def test_a_file_that_is_deleted_before_that_moment_stays_away(api, people):
    gone = upload(api, channel_id="C0GENERAL")
    assert api("files.delete", file=gone)["ok"]
    wait_ready(people, upload(api, channel_id="C0GENERAL"))  # its moment comes later
    state = people.state()
    assert state["files"][gone]["state"] == "deleted"
    assert gone not in [
        file_id for row in state["messages"]["C0GENERAL"] for file_id in row.get("files") or []
    ]


@pytest.mark.parametrize(
    ("channel", "error"), [("C0PRIVATE", "channel_not_found"), ("general", "channel_not_found")]
)
def test_a_file_goes_only_where_the_bot_is(api, channel, error):
    made = api("files.getUploadURLExternal", filename="a.txt", length=1)
    api.send("POST", path_of(api, made["upload_url"]), b"x")
    answer = api("files.completeUploadExternal", files=[{"id": made["file_id"]}], channel_id=channel)
    assert answer["error"] == error


def test_bytes_are_sent_once_and_before_the_end(api):
    made = api("files.getUploadURLExternal", filename="a.txt", length=1)
    early = api("files.completeUploadExternal", files=[{"id": made["file_id"]}])
    assert early["error"] == "file_not_found"
    path = path_of(api, made["upload_url"])
    assert [api.send("POST", path, b"x")[0] for _ in range(2)] == [200, 404]


def test_a_picture_is_not_ready_at_once(manifest_path, make_api):
    with LocalSlack(manifest_path, share_delay_s=30) as workspace:
        api = make_api(workspace)
        early = api("chat.postMessage", channel="C0RESEARCH", text="x", blocks=[image(upload(api))])
    assert early["error"] == "invalid_blocks"


def test_a_picture_is_shown_by_its_id_to_those_who_see_the_message(api, people):
    file_id = upload(api)
    wait_ready(people, file_id)
    assert api.send("GET", f"/_control/file/{file_id}?user=U0ADA")[0] == 404
    api.post(channel="C0RESEARCH", text="x", blocks=[image(file_id)])
    status, data = api.send("GET", f"/_control/file/{file_id}?user=U0ADA", headers={"Range": "bytes=0-3"})
    assert (status, data) == (206, PNG[:4])
    assert api.headers["content-type"] == "image/png"
    assert api.send("GET", f"/_control/file/{file_id}?user=U0DEV")[0] == 404


def test_a_sound_is_no_picture(api, people):
    (file_id,) = people.upload("U0ADA", "C0GENERAL", {"a.wav": b"RIFF"})["file_ids"]
    answer = api("chat.postMessage", channel="C0GENERAL", text="x", blocks=[image(file_id)])
    assert "invalid slack file" in answer["response_metadata"]["messages"][0]


def test_a_file_is_read_where_it_is_shared_with_the_bot_and_nowhere_else(api, people, workspace):
    (shared,) = people.upload("U0ADA", "C0GENERAL", {"a.wav": b"RIFF"})["file_ids"]
    (private,) = people.upload("U0CLEO", "C0PRIVATE", {"b.wav": b"RIFF"})["file_ids"]
    url = api("files.info", file=shared)["file"]["url_private"]
    assert api.send("GET", path_of(api, url), headers=BEARER) == (200, b"RIFF")
    assert api("files.info", file=private)["error"] == "file_not_found"
    status, body = api.send("GET", path_of(api, url).replace(shared, private), headers=BEARER)
    assert (status, b"<html" in body) == (200, True)


def test_a_deleted_file_is_gone_and_told(api, people, open_socket, workspace):
    socket = open_socket()
    sent = people.upload("U0ADA", "C0GENERAL", {"a.wav": b"RIFF"}, text="words")
    (file_id,) = sent["file_ids"]
    with pytest.raises(ControlError, match="cant_delete_file"):
        people.do("delete_file", user="U0BEN", file_id=file_id)
    people.do("delete_file", user="U0ADA", file_id=file_id)
    event = socket.take("file_deleted")["payload"]["event"]
    assert (event["file_id"], event["channel_ids"]) == (file_id, ["C0GENERAL"])
    assert api("files.info", file=file_id)["error"] == "file_deleted"
    (message,) = api("conversations.history", channel="C0GENERAL")["messages"]
    assert message["files"] == [{"id": file_id, "mode": "tombstone"}]
    assert not (workspace.workspace.files_dir / file_id).exists()


def test_outsiders_files_are_named_only(people, open_socket):
    socket = open_socket()
    people.upload("U0EXT", "C0PARTNER", {"a.wav": b"RIFF"})
    payload = socket.take("file_share")["payload"]
    (file,) = payload["event"]["files"]
    assert file["file_access"] == "check_file_info"
    assert "url_private" not in file
    assert payload["is_ext_shared_channel"] is True
    assert payload["event"]["user_team"] == "T0OTHER"


def test_an_upload_is_read_in_pieces_whatever_they_are(api, people, workspace):
    body = json.dumps(
        {
            "user": "U0ADA",
            "channel": "C0GENERAL",
            "text": 'a "content_base64": "trap"',
            "files": [{"name": "a.bin", "content_base64": "////"}, {"name": "b.bin", "content_base64": ""}],
        }
    ).replace("////", "\\/\\/\\/\\/")

    def pieces():
        for index in range(len(body)):
            yield body[index : index + 1].encode()

    status, answer = api.send("POST", "/_control/upload", pieces(), {"Content-Type": "application/json"})
    assert status == 200, answer
    first, second = json.loads(answer)["file_ids"]
    folder = workspace.workspace.files_dir
    assert ((folder / first).read_bytes(), (folder / second).read_bytes()) == (b"\xff\xff\xff", b"")
    assert sorted(path.name for path in folder.iterdir()) == sorted([first, second])


@pytest.mark.parametrize("content", ["not base64!", "QUJ"])
def test_a_broken_upload_leaves_nothing_behind(api, workspace, content):
    body = {"user": "U0ADA", "channel": "C0GENERAL", "files": [{"name": "a", "content_base64": content}]}
    answer = workspace.control("upload", **body)
    assert (answer["ok"], answer["error"]) == (False, "invalid_json")
    assert list(workspace.workspace.files_dir.iterdir()) == []


@pytest.mark.parametrize(("num", "is_taken"), [(1000, True), (1001, False)])
def test_words_for_a_picture_may_not_be_longer_than_in_slack(api, num, is_taken):
    answer = api("files.getUploadURLExternal", filename="a.png", length=9, alt_txt="a" * num)
    assert answer["ok"] is is_taken
    assert is_taken or answer["error"] == "alt_txt_too_large"
