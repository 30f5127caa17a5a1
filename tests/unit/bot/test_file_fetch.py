"""A small file is fetched from where we may, as much of it as we may, and the token goes nowhere else."""

import threading
import urllib.error
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from bot.errors import FileRefusedError
from bot.file_fetch import fetch_small_file


class _Files(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.seen.append((self.path, self.headers.get("Authorization")))
        status, kind, body = {
            "/labels": (200, "text/plain", b"0.0\t1.0\tA\n"),
            "/page": (200, "text/html; charset=utf-8", b"<html>Sign in</html>"),
            "/gone": (404, "text/plain", b""),
            "/busy": (503, "text/plain", b""),
            "/elsewhere": (302, "text/plain", b""),
        }[self.path]
        self.send_response(status)
        self.send_header("Content-Type", kind)
        if status == 302:
            self.send_header("Location", "/labels")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture
def server():
    made = ThreadingHTTPServer(("127.0.0.1", 0), _Files)
    made.seen = []
    thread = threading.Thread(target=made.serve_forever, daemon=True)
    thread.start()
    yield made
    made.shutdown()
    made.server_close()
    thread.join(5)


def fetch(server, path, max_bytes=100):
    base = f"http://127.0.0.1:{server.server_port}"
    return fetch_small_file(f"{base}{path}", "xoxb-1", f"{base}/api/", max_bytes)


def test_bytes_come_with_the_token_sent(server):
    assert fetch(server, "/labels") == b"0.0\t1.0\tA\n"
    assert server.seen == [("/labels", "Bearer xoxb-1")]


@pytest.mark.parametrize(
    ("path", "said"), [("/page", "does not let us read"), ("/gone", "404"), ("/elsewhere", "302")]
)
def test_what_is_no_file_is_refused_with_a_reason(server, path, said):
    with pytest.raises(FileRefusedError, match=said):
        fetch(server, path)
    assert len(server.seen) == 1, "a redirect is not followed"


def test_more_bytes_than_asked_for_are_refused(server):
    with pytest.raises(FileRefusedError, match="larger than"):
        fetch(server, "/labels", max_bytes=5)


def test_what_may_pass_is_left_to_be_tried_again(server):
    with pytest.raises(urllib.error.HTTPError):
        fetch(server, "/busy")


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/labels",
        "http://files.slack.com/labels",
        "https://files.slack.com.evil.example/x",
        "http://127.0.0.1:1/labels",
        "file:///etc/passwd",
        "",
    ],
)
def test_other_hosts_never_see_the_token(url):
    with pytest.raises(FileRefusedError, match="do not fetch from"):
        fetch_small_file(url, "xoxb-1", "https://slack.com/api/", 100)
