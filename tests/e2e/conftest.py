"""Chromium, the local workspace and a small Bolt app: what the tests of the page stand on."""

import contextlib
import os
import shutil
import struct
import wave
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from local_slack.server import LocalSlack

MANIFEST = Path(__file__).parent / "slack_manifest.yaml"
_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
_FLAGS += ["--disable-sync", "--no-first-run"]
_WIDE = {"width": 1280, "height": 800}
_PHONE = {"width": 390, "height": 844}


def _chromium_path() -> str | None:
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium without a window; tests are skipped where there is none, unless REQUIRE_ALL=1."""
    path = _chromium_path()
    if path is None:
        words = "Chromium is not installed (Debian: apt-get install chromium)."
        if os.environ.get("REQUIRE_ALL") == "1":
            pytest.fail(words)
        pytest.skip(words)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=_FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """One second of a quiet tone, as a WAV file among the examples."""
    folder = tmp_path / "examples"
    folder.mkdir()
    path = folder / "short_meeting.wav"
    with wave.open(str(path), "wb") as stream:
        stream.setparams((1, 2, 8000, 8000, "NONE", ""))
        stream.writeframes(b"".join(struct.pack("<h", 900 * (i // 20 % 2)) for i in range(8000)))
    return path


@pytest.fixture
def picture_png() -> bytes:
    """A grey PNG of 40 by 20 points."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 40, 20, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"".join(b"\x00" + b"\x99" * 40 for _ in range(20)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.fixture
def workspace(recording: Path) -> Iterator[LocalSlack]:
    """A workspace in memory, with one example recording."""
    with LocalSlack(MANIFEST, examples_dir=recording.parent, share_delay_s=0.05) as running:
        yield running


@pytest.fixture
def client(workspace: LocalSlack) -> WebClient:
    """The app's Web API client."""
    return WebClient(token="xoxb-local", base_url=workspace.api_url)


@pytest.fixture
def app(client: WebClient) -> App:
    """A Bolt app; a test adds listeners and then connects it."""
    return App(client=client, listener_executor=ThreadPoolExecutor(4))


@pytest.fixture
def connect(workspace: LocalSlack, app: App, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Connects the app over Socket Mode and waits until the workspace sees it."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.delenv(name, raising=False)
    handlers: list[SocketModeHandler] = []

    def run() -> None:
        handler = SocketModeHandler(app, "xapp-local")
        handlers.append(handler)
        handler.connect()
        workspace.client.wait_for(lambda state: state["connected"])

    yield run
    for handler in handlers:
        with contextlib.suppress(AttributeError):  # the SDK trips over a socket that was hung up on it
            handler.close()


@pytest.fixture
def open_page(browser: Any, workspace: LocalSlack) -> Iterator[Any]:
    """Opens the page in a fresh browser profile; fails the test when the page itself had an error."""
    contexts: list[Any] = []
    faults: list[str] = []

    def run(place: str = "C0GENERAL", *, is_phone: bool = False) -> Any:
        context = browser.new_context(
            viewport=_PHONE if is_phone else _WIDE, has_touch=is_phone, is_mobile=is_phone
        )
        context.set_default_timeout(8000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(f"{workspace.url}/#{place}")
        page.locator("#main .pane-header").wait_for()
        return page

    yield run
    for context in contexts:
        context.close()
    assert faults == []
