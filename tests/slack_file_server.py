"""The part of Slack that a worker speaks to: files.info and the bytes of a file, on a port of this machine."""

import json
import threading
import urllib.parse
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

TOKEN = "xoxb-test"


class SlackFiles:
    """Serves what a test puts in; use it as a context manager.

    Attributes:
        contents: Bytes by file id.
        infos: What files.info says beside or instead of the usual, by file id.
        statuses: Status codes to answer the next downloads with, before the bytes.
        content_type: Of downloads.
        cut_at: Close the connection after so many bytes of a download, though more were announced.
        announces_length: Whether downloads say how many bytes they have.
        api_body: What files.info answers instead of JSON.
        retry_after: What comes with a status 429.
        asked: Path and Authorization header of every request.
        when_asked: Called before a download is answered.
    """

    def __init__(self) -> None:
        self.contents: dict[str, bytes] = {}
        self.infos: dict[str, dict[str, Any]] = {}
        self.statuses: list[int] = []
        self.api_statuses: list[int] = []
        self.content_type = "application/octet-stream"
        self.cut_at: int | None = None
        self.announces_length = True
        self.api_body: bytes | None = None
        self.retry_after: str | None = None
        self.location: str | None = None
        self.asked: list[tuple[str, str]] = []
        self.when_asked: Callable[[], None] = lambda: None
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self.api_url = f"{self.url}/api/"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _info(self, file_id: str) -> dict[str, Any]:
        known = self.infos.get(file_id, {})
        if "error" in known:
            return {"ok": False, **known}
        if file_id not in self.contents:
            return {"ok": False, "error": "file_not_found"}
        url = f"{self.url}/files/{file_id}"
        usual = {"id": file_id, "size": len(self.contents[file_id]), "url_private_download": url}
        return {"ok": True, "file": {**usual, **known}}

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        files = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                form = urllib.parse.parse_qs(self.rfile.read(length).decode())
                self._note()
                status = files.api_statuses.pop(0) if files.api_statuses else 200
                body = files.api_body or json.dumps(files._info(form["file"][0])).encode()
                self._answer(status, body, "application/json")

            def do_GET(self) -> None:
                self._note()
                files.when_asked()
                if files.statuses:
                    self._answer(files.statuses.pop(0), b"not now", "text/plain")
                    return
                content = files.contents[self.path.rpartition("/")[2]]
                self._answer(200, content, files.content_type, files.cut_at, files.announces_length)

            def _note(self) -> None:
                files.asked.append((self.path, self.headers.get("Authorization", "")))

            def _answer(
                self,
                status: int,
                body: bytes,
                content_type: str,
                cut_at: int | None = None,
                announces_length: bool = True,
            ) -> None:
                self.send_response(status)
                if files.location and status in {301, 302, 303, 307, 308}:
                    self.send_header("Location", files.location)
                self.send_header("Content-Type", content_type)
                if files.retry_after is not None and status == 429:
                    self.send_header("Retry-After", files.retry_after)
                if announces_length:
                    self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body[:cut_at])

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        return Handler
