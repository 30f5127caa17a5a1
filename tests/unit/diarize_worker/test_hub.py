"""The hub is asked once and briefly, over real HTTP."""

import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from huggingface_hub import constants

from diarize_worker.commands.neural_finding import _to_be_fetched
from diarize_worker.hub import hub_status, is_there
from diarize_worker.words.whisper_weights import hub_answers


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch):
    """A hub that knows one model and one token."""
    asked: list[tuple[str, str | None]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            token = self.headers.get("Authorization")
            asked.append((self.path, token))
            if self.path == "/api/models/old/name":
                self.send_response(307)
                self.send_header("Location", f"{constants.ENDPOINT}/api/models/new/name")
            elif self.path.endswith("/config.yaml") and token != "Bearer good":
                self.send_response(403 if token else 401)
            else:
                self.send_response(404 if "missing" in self.path else 200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    monkeypatch.setattr(constants, "ENDPOINT", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    yield asked
    server.shutdown()
    server.server_close()


def test_what_is_there_is_found_and_a_renamed_one_too(hub):
    assert hub_answers("some/model")
    assert hub_answers("old/name")
    assert not hub_answers("missing/model")
    assert [path for path, _ in hub].count("/api/models/new/name") == 0, "a token would go along"


def test_token_decides_what_may_be_had(hub):
    assert [hub_status("gated/config.yaml", token) for token in (None, "bad", "good")] == [401, 403, 200]
    assert not is_there(403)


@pytest.mark.parametrize(
    ("token", "is_ready", "state", "remedy"),
    [
        (None, False, "no token", "accept the terms of https://huggingface.co/pyannote/"),
        ("bad", False, "refused the token (403)", "give the token read access"),
        ("good", True, "the token may read the weights", ""),
    ],
)
def test_doctor_asks_whether_the_token_may_read_the_weights(hub, token, is_ready, state, remedy):
    found = _to_be_fetched(token, may_ask_hub=True)
    assert found.is_ready == is_ready
    assert state in found.state
    assert remedy in found.remedy


def test_doctor_does_not_vouch_for_a_token_that_nobody_was_asked_about(hub):
    found = _to_be_fetched("good", may_ask_hub=False)
    assert not found.is_ready
    assert "WHOSPOKE_NEURAL_DIR" in found.remedy
    assert hub == []


def test_no_hub_is_asked_when_offline(hub, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    assert not hub_answers("small")
    assert hub == []


def test_a_hub_that_never_answers_is_asked_once_and_given_up(monkeypatch: pytest.MonkeyPatch):
    with socket.create_server(("127.0.0.1", 0)) as silent:  # takes connections and says nothing
        monkeypatch.setattr(constants, "ENDPOINT", f"http://127.0.0.1:{silent.getsockname()[1]}")
        monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
        assert not hub_answers("small", timeout_s=0.2)
        silent.accept()[0].close()
        silent.setblocking(False)
        with pytest.raises(BlockingIOError):
            silent.accept()
