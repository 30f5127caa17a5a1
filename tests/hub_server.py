"""The part of a model hub that a download of weights speaks to, on a port of this machine."""

import hashlib
import json
import threading
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self


class ModelHub:
    """Serves the files of one folder as a repository of any name; use it as a context manager.

    Attributes:
        asked: Method and path of every request.
        commit: The commit that every revision stands for, unless a commit itself is asked for.
    """

    commit = "c" * 40

    def __init__(self, folder: Path) -> None:
        self.asked: list[str] = []
        self._files = {path.name: path.read_bytes() for path in folder.iterdir()}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _api(self, path: str) -> Any:
        revision = path.rpartition("/")[2]
        commit = revision if len(revision) == 40 else self.commit
        if "/tree/" in path:
            return [
                {"type": "file", "path": name, "size": len(data), "oid": hashlib.sha1(data).hexdigest()}
                for name, data in self._files.items()
            ]
        return {"id": "owner/name", "sha": commit, "siblings": [{"rfilename": name} for name in self._files]}

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        hub = self

        class Handler(BaseHTTPRequestHandler):
            def do_HEAD(self) -> None:
                self._answer(with_body=False)

            def do_GET(self) -> None:
                self._answer(with_body=True)

            def _answer(self, *, with_body: bool) -> None:
                path = urllib.parse.urlsplit(self.path).path
                hub.asked.append(f"{self.command} {path}")
                headers = {}
                if path.startswith("/api/"):
                    body = json.dumps(hub._api(path)).encode()
                else:
                    revision, name = path.split("/resolve/")[1].split("/", 1)
                    body = hub._files[name]
                    headers = {"ETag": f'"{hashlib.sha1(body).hexdigest()}"', "X-Repo-Commit": revision}
                self.send_response(200)
                for header, value in headers.items():
                    self.send_header(header, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                if with_body:
                    self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        return Handler
