"""Who may come in, what outlives the server, and how it starts and ends."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from hashlib import sha256
from hmac import new as hmac
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from local_slack.client import Client
from local_slack.server import LocalSlack

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "127.0.0.1:1", "localhost.evil.example"])
def test_other_names_for_the_machine_are_refused(api, host):
    assert api.send("GET", "/_control/state", headers={"Host": host})[0] == 403


def test_localhost_is_this_machine(api):
    assert api.send("GET", "/_control/state", headers={"Host": f"localhost:{api.workspace.port}"})[0] == 200


def test_the_page_is_served_and_never_stale(api):
    status, body = api.send("GET", "/")
    assert (status, b"<html" in body, api.headers["cache-control"]) == (200, True, "no-cache")


def test_a_permalink_leads_into_the_page(api):
    root = api.post(text="the first of a thread")
    reply = api.post(text="an answer", thread_ts=root)
    link = api("chat.getPermalink", channel="C0GENERAL", message_ts=reply)["permalink"]
    path = link.removeprefix(api.workspace.url)
    assert api.send("GET", path)[0] == 307
    assert api.headers["location"] == f"/#C0GENERAL/{root}"
    assert api.send("GET", path.split("?", maxsplit=1)[0])[0] == 307
    assert api.headers["location"] == f"/#C0GENERAL/{reply}"
    assert api.send("GET", "/archives/C0GENERAL/p")[0] == 404


@pytest.mark.parametrize("path", ["/_control/message", "/_control/upload", "/api/auth.test"])
def test_other_sites_pages_are_refused(api, path):
    headers = {"Origin": "https://evil.example", "Content-Type": "application/json"}
    assert api.send("POST", path, "{}", headers)[0] == 403
    own = {"Origin": api.workspace.url, "Content-Type": "application/json"}
    assert api.send("POST", path, "{}", own)[0] != 403


@pytest.mark.parametrize("path", ["/_control/message", "/_control/upload"])
def test_the_control_api_takes_json_alone(api, path):
    status, body = api.send("POST", path, "{}", {"Content-Type": "text/plain"})
    assert (status, json.loads(body)["error"]) == (415, "json_required")


@pytest.mark.parametrize(
    ("action", "fields", "error"),
    [
        ("message", {"user": "U0ADA"}, "missing_argument"),
        ("message", {"user": "U0NOBODY", "channel": "C0GENERAL", "text": "x"}, "user_not_found"),
        ("message", {"user": "U0ADA", "channel": "C0PRIVATE", "text": "x"}, "not_in_channel"),
        ("edit", {"user": "U0ADA", "channel": "C0GENERAL", "ts": "1.0", "text": "x"}, "message_not_found"),
        ("nope", {}, "unknown_action"),
    ],
)
def test_a_refusal_says_why(workspace, action, fields, error):
    answer = workspace.control(action, **fields)
    assert (answer["ok"], answer["error"]) == (False, error)


def test_changes_are_streamed(api, people):
    import http.client

    connection = http.client.HTTPConnection("127.0.0.1", api.workspace.port, timeout=10)
    connection.request("GET", "/_control/changes")
    stream = connection.getresponse()
    first = _next_rev(stream)
    people.message("U0ADA", "C0GENERAL", "news")
    assert _next_rev(stream) > first
    connection.close()


def _next_rev(stream):
    while True:
        line = stream.readline()
        if line.startswith(b"data: "):
            return json.loads(line[6:])["rev"]


def test_typed_text_is_escaped_as_slack_does_it(people, workspace):
    people.message("U0ADA", "C0GENERAL", "@whospoke see https://a.example/?b&c, x<y & <@U0BEN>")
    (message,) = workspace.state()["messages"]["C0GENERAL"]
    assert message["text"] == "<@U0BOT> see <https://a.example/?b&amp;c,> x&lt;y &amp; <@U0BEN>"


def serve(port, folder, manifest_path, *options):
    command = [
        sys.executable,
        "-m",
        "local_slack",
        "serve",
        "--port",
        str(port),
        "--manifest",
        str(manifest_path),
    ]
    command += ["--dir", str(folder), *options]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.fixture(name="port")
def _port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.mark.thorough
def test_everything_outlives_a_killed_server(manifest_path, tmp_path, port, make_api):
    class Place:
        pass

    place = Place()
    place.port = port
    api, people = make_api(place), Client(f"http://127.0.0.1:{port}")
    server = serve(port, tmp_path, manifest_path)
    try:
        people.wait_ready(20)
        ts = people.message("U0ADA", "C0GENERAL", "hello")
        sent = people.upload("U0ADA", "D0ADA", {"a.wav": b"RIFF"})
        api("views.publish", user_id="U0ADA", view={"type": "home", "blocks": [{"type": "divider"}]})
        before = people.state()
    finally:
        os.kill(server.pid, signal.SIGKILL)
        server.communicate()
    server = serve(port, tmp_path, manifest_path)
    try:
        people.wait_ready(20)
        after = people.state()
        for part in ("messages", "files", "homes", "channels"):
            assert after[part] == before[part]
        assert api.send("GET", f"/_control/file/{sent['file_ids'][0]}?user=U0ADA") == (200, b"RIFF")
        assert float(people.message("U0ADA", "C0GENERAL", "again")) > float(ts)
    finally:
        server.send_signal(signal.SIGTERM)
        _, errors = server.communicate(timeout=10)
    assert (server.returncode, errors) in ((0, ""), (-signal.SIGTERM, ""))


def test_ctrl_c_ends_it_without_a_traceback_even_while_the_page_watches(manifest_path, tmp_path, port):
    import http.client

    server = serve(port, tmp_path, manifest_path)
    Client(f"http://127.0.0.1:{port}").wait_ready(20)
    watcher = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    watcher.request("GET", "/_control/changes")
    watcher.getresponse().readline()
    server.send_signal(signal.SIGINT)
    _, errors = server.communicate(timeout=10)
    assert (server.returncode, errors) == (0, "")
    watcher.close()


def test_a_taken_port_is_one_line(manifest_path, tmp_path, workspace):
    server = serve(workspace.port, tmp_path, manifest_path)
    _, errors = server.communicate(timeout=20)
    assert server.returncode == 2
    assert errors.count("\n") == 1
    assert f"Port {workspace.port} is in use" in errors


def test_a_faulty_manifest_is_a_line_for_each_fault_and_not_worth_another_try(tmp_path, port):
    manifest = tmp_path / "manifest.yaml"
    manifest.write_text("features: {bot: {}}")
    server = serve(port, tmp_path, manifest)
    _, errors = server.communicate(timeout=20)
    assert server.returncode == 2
    assert errors.splitlines() == [
        f"Slack would refuse the manifest {manifest}:",
        "display_information: is missing, and Slack demands it. Add it.",
        "features.bot: Slack knows no such key here. Take it out, or correct its name.",
    ]


def test_a_folder_has_one_workspace_at_a_time(manifest_path, tmp_path, port):
    with LocalSlack(manifest_path, dir=tmp_path) as first:
        server = serve(port, tmp_path, manifest_path)
        _, errors = server.communicate(timeout=20)
        assert server.returncode == 2
        assert errors.count("\n") == 1
        assert f"{tmp_path} is in use by {first.url}" in errors
        command = [sys.executable, "-m", "local_slack", "free-port", "7600", "--dir", str(tmp_path)]
        said = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
        assert (said.returncode, said.stdout) == (2, "")
        assert first.url in said.stderr
    said = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert said.returncode == 0
    with LocalSlack(manifest_path, dir=tmp_path):
        pass


def test_a_free_port_is_printed(workspace):
    command = [sys.executable, "-m", "local_slack", "free-port", str(workspace.port)]
    found = int(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout)
    assert found > workspace.port


class _App(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.seen.append((dict(self.headers), body))
        status, answer = self.server.answers.pop(0) if self.server.answers else (200, b"")
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *args):
        pass


@pytest.fixture(name="http_app")
def _http_app():
    server = HTTPServer(("127.0.0.1", 0), _App)
    server.seen, server.answers = [], []
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def test_requests_to_a_url_are_signed_and_tried_again(manifest_path, http_app):
    url = f"http://127.0.0.1:{http_app.server_port}/slack/events"
    http_app.answers = [(200, b'{"text": "hello"}'), (500, b""), (200, b"")]
    options = {"request_url": url, "signing_secret": "s3cret", "event_retries_s": (0.0, 0.1, 0.1)}
    with LocalSlack(manifest_path, **options) as workspace:
        assert workspace.client.command("U0ADA", "C0GENERAL", "/whospoke", "a b")["text"] == "hello"
        workspace.client.message("U0ADA", "C0GENERAL", "event")
        workspace.client.wait_for(lambda _: len(http_app.seen) == 3)
    for headers, body in http_app.seen:
        base = f"v0:{headers['X-Slack-Request-Timestamp']}:{body}".encode()
        assert headers["X-Slack-Signature"] == "v0=" + hmac(b"s3cret", base, sha256).hexdigest()
    assert parse_qs(http_app.seen[0][1])["text"] == ["a b"]
    first, again = (json.loads(body)["event_id"] for _, body in http_app.seen[1:])
    assert first == again
    headers = http_app.seen[2][0]
    assert (headers["X-Slack-Retry-Num"], headers["X-Slack-Retry-Reason"]) == ("1", "http_error")
