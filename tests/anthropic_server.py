"""A local server that speaks the Messages API over HTTP, streaming and faults included, for tests without a key.

    with AnthropicServer() as server:
        client = anthropic.Anthropic(base_url=server.url, api_key=server.api_key)
        server.then(Says("Good morning."), Fails(529, "overloaded_error", "Overloaded"))

Answers are taken in the order given; when none is left, the server says `server.default`.
"""

import json
import threading
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

MAX_CACHED_BLOCKS = 4


@dataclass(frozen=True)
class Says:
    """A reply, streamed in pieces."""

    text: str
    stop_reason: str = "end_turn"
    piece_chars: int = 12
    #: Seconds before the first piece and between pieces.
    first_after_s: float = 0.0
    between_s: float = 0.0
    #: A thinking block before the text, as models give that think.
    thinking: str = ""
    input_tokens: int = 40
    cache_read: int = 0
    cache_creation: int = 0


@dataclass(frozen=True)
class Fails:
    """An error instead of a reply."""

    status: int
    type: str
    message: str
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class BreaksOff:
    """A reply that does not reach its end."""

    text: str
    #: "close": the connection is cut, chunk unfinished; "end": the body ends in good form, the reply does not;
    #: "error": an error event; "garbage": an event that is not JSON; "hang": silence with the line open;
    #: "pings": nothing but pings from then on.
    how: str = "close"
    error_type: str = "overloaded_error"


Answer = Says | Fails | BreaksOff


class _Http(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, script: "AnthropicServer") -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.script = script


class AnthropicServer:
    """Serves `POST /v1/messages` on a free port of 127.0.0.1 and keeps what it was asked."""

    api_key = "sk-local"

    def __init__(self, default: Answer | None = None) -> None:
        self.default: Answer = default or Says("Which of the three tasks would you begin with?")
        self.requests: list[dict[str, Any]] = []
        self._answers: deque[Answer] = deque()
        self._lock = threading.Lock()
        self.closing = threading.Event()
        self._http = _Http(self)
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    def then(self, *answers: Answer) -> None:
        with self._lock:
            self._answers.extend(answers)

    def take(self, request: dict[str, Any]) -> Answer:
        with self._lock:
            self.requests.append(request)
            return self._answers.popleft() if self._answers else self.default

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.closing.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join(timeout=5)


def fault_in(request: dict[str, Any]) -> str | None:
    """Say what the API would refuse in a request, or None. Only rules that a caller of ours could break."""
    messages = request.get("messages") or [{"role": "", "content": ""}]
    blocks = [block for block in request.get("system") or [] if isinstance(block, dict)]
    faults = {
        "model, max_tokens and messages: Field required": all(
            request.get(key) for key in ("model", "max_tokens", "messages")
        ),
        "messages: first message must use the user role": messages[0]["role"] == "user",
        "This model does not support assistant message prefill.": messages[-1]["role"] == "user",
        "messages: text content blocks must contain non-whitespace text": all(
            str(message["content"]).strip() for message in messages
        ),
        "A maximum of 4 blocks with cache_control may be provided.": (
            sum("cache_control" in block for block in blocks) <= MAX_CACHED_BLOCKS
        ),
        '"thinking.type.enabled" is not supported for this model.': (
            request.get("thinking", {}).get("type") != "enabled"
        ),
    }
    return next((fault for fault, is_fine in faults.items() if not is_fine), None)


def _events(answer: Says | BreaksOff, model: str) -> Iterator[tuple[str, dict[str, Any]]]:
    says = answer if isinstance(answer, Says) else Says(answer.text)
    usage = {
        "input_tokens": says.input_tokens,
        "cache_read_input_tokens": says.cache_read,
        "cache_creation_input_tokens": says.cache_creation,
        "output_tokens": 1,
    }
    message = {"id": "msg_local", "type": "message", "role": "assistant", "model": model, "content": []}
    yield "message_start", {"message": message | {"stop_reason": None, "stop_sequence": None, "usage": usage}}
    yield "ping", {}
    index = 0
    if says.thinking:
        yield (
            "content_block_start",
            {"index": 0, "content_block": {"type": "thinking", "thinking": "", "signature": ""}},
        )
        yield (
            "content_block_delta",
            {"index": 0, "delta": {"type": "thinking_delta", "thinking": says.thinking}},
        )
        yield "content_block_stop", {"index": 0}
        index = 1
    yield "content_block_start", {"index": index, "content_block": {"type": "text", "text": ""}}
    for at in range(0, len(says.text), says.piece_chars):
        piece = says.text[at : at + says.piece_chars]
        yield "content_block_delta", {"index": index, "delta": {"type": "text_delta", "text": piece}}
    if isinstance(answer, BreaksOff):
        return
    yield "content_block_stop", {"index": index}
    delta = {"stop_reason": says.stop_reason, "stop_sequence": None}
    yield "message_delta", {"delta": delta, "usage": {"output_tokens": max(1, len(says.text) // 4)}}
    yield "message_stop", {}


class _Handler(BaseHTTPRequestHandler):
    server: "_Http"
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if self.headers.get("x-api-key") != self.server.script.api_key:
            self.server.script.requests.append(body)
            self._error(Fails(401, "authentication_error", "invalid x-api-key"))
            return
        fault = fault_in(body) if self.path == "/v1/messages" else "Not found"
        answer = Fails(400, "invalid_request_error", fault) if fault else self.server.script.take(body)
        if isinstance(answer, Fails):
            self._error(answer)
        else:
            self._stream(answer, body["model"])

    def _error(self, answer: Fails) -> None:
        error = {
            "type": "error",
            "error": {"type": answer.type, "message": answer.message},
            "request_id": "req_local",
        }
        data = json.dumps(error).encode()
        self.send_response(answer.status)
        for name, value in {"content-type": "application/json", **answer.headers}.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _stream(self, answer: Says | BreaksOff, model: str) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        try:
            for name, data in _events(answer, model):
                if isinstance(answer, Says) and name == "content_block_delta":
                    time.sleep(answer.between_s)
                self._event(name, json.dumps({"type": name, **data}))
                if isinstance(answer, Says) and name == "ping":
                    time.sleep(answer.first_after_s)
            self._finish(answer)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def _finish(self, answer: Says | BreaksOff) -> None:
        if isinstance(answer, BreaksOff):
            error = {"type": answer.error_type, "message": "Broke off"}
            if answer.how == "error":
                self._event("error", json.dumps({"type": "error", "error": error}))
            elif answer.how == "garbage":
                self._event("content_block_delta", '{"type": "content_block_')
            elif answer.how == "pings":
                while not self.server.script.closing.wait(0.05):
                    self._event("ping", '{"type": "ping"}')
            elif answer.how == "hang":
                self.server.script.closing.wait(30)
            if answer.how in {"close", "hang"}:
                self.close_connection = True
                return
        self.wfile.write(b"0\r\n\r\n")

    def _event(self, name: str, data: str) -> None:
        chunk = f"event: {name}\ndata: {data}\n\n".encode()
        self.wfile.write(f"{len(chunk):x}\r\n".encode() + chunk + b"\r\n")
        self.wfile.flush()

    def log_message(self, *args: object) -> None:
        """Keep tests quiet."""
