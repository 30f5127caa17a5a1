"""People's side of the workspace, for tests: what they do, and what they then see."""

import base64
import http.client
import json
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from local_slack.errors import Json

_POLL_S = 0.05


class ControlError(Exception):
    """The Control API refused a call.

    Attributes:
        answer: Its whole answer.
    """

    def __init__(self, action: str, answer: Json) -> None:
        super().__init__(f"{action}: {answer.get('error')} {answer.get('detail', '')}".rstrip())
        self.answer = answer


class Client:
    """Calls the Control API of a running workspace."""

    def __init__(self, url: str, timeout_s: float = 30.0) -> None:
        parts = urlsplit(url)
        assert parts.hostname is not None
        self._address = (parts.hostname, parts.port or 80)
        self._timeout_s = timeout_s

    def control(self, action: str, **fields: Any) -> Json:
        """Calls an action and returns its answer, refusals included."""
        body = json.dumps(fields)
        parsed: Json = json.loads(self._request("POST", f"/_control/{action}", body))
        return parsed

    def do(self, action: str, **fields: Any) -> Json:
        """Calls an action that has to succeed.

        Raises:
            ControlError: It was refused.
        """
        answer = self.control(action, **{key: value for key, value in fields.items() if value is not None})
        if not answer["ok"]:
            raise ControlError(action, answer)
        return answer

    def message(self, user: str, channel: str, text: str, thread_ts: str | None = None) -> str:
        """Posts as a person; returns the message's `ts`."""
        return str(self.do("message", user=user, channel=channel, text=text, thread_ts=thread_ts)["ts"])

    def command(self, user: str, channel: str, command: str, text: str = "") -> Json | None:
        """Types a slash command; returns what the app answered at once."""
        response: Json | None = self.do("command", user=user, channel=channel, command=command, text=text)[
            "response"
        ]
        return response

    def press(self, user: str, action_id: str, **where: Any) -> None:
        """Presses or chooses in an element of a message (`channel`, `message_ts`) or of a view (`view_id`)."""
        self.do("press", user=user, action_id=action_id, **where)

    def submit(self, user: str, view_id: str, values: Json | None = None) -> Json:
        """Submits a modal; returns what became of it."""
        return self.do("submit", user=user, view_id=view_id, values=values or {})

    def close(self, user: str, view_id: str) -> None:
        """Closes a modal."""
        self.do("close", user=user, view_id=view_id)

    def upload(
        self,
        user: str,
        channel: str,
        contents: dict[str, bytes],
        text: str | None = None,
        thread_ts: str | None = None,
    ) -> Json:
        """Shares files; returns `ts` and `file_ids`."""
        rows = [
            {"name": name, "content_base64": base64.b64encode(data).decode()}
            for name, data in contents.items()
        ]
        return self.do("upload", user=user, channel=channel, files=rows, text=text, thread_ts=thread_ts)

    def open(self, user: str, tab: str = "messages") -> str:
        """Opens the app's home or messages; returns the conversation with it."""
        return str(self.do("open", user=user, tab=tab)["channel"])

    def state(self) -> Json:
        """Everything there is to see."""
        parsed: Json = json.loads(self._request("GET", "/_control/state"))
        return parsed

    def wait_for(self, predicate: Callable[[Json], Any], timeout_s: float = 10.0) -> Any:
        """Waits until something is to be seen; returns what the predicate found.

        Raises:
            TimeoutError: It did not come.
        """
        deadline = time.monotonic() + timeout_s
        while True:
            state = self.state()
            if found := predicate(state):
                return found
            if time.monotonic() > deadline:
                raise TimeoutError(f"Not seen within {timeout_s} s. Last messages: {_last_texts(state)}")
            time.sleep(_POLL_S)

    def wait_ready(self, timeout_s: float) -> None:
        """Waits until the workspace answers."""
        deadline = time.monotonic() + timeout_s
        while True:
            try:
                self.state()
            except OSError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(_POLL_S)
            else:
                return

    def _request(self, method: str, path: str, body: str | None = None) -> bytes:
        connection = http.client.HTTPConnection(*self._address, timeout=self._timeout_s)
        try:
            connection.request(method, path, body, {"Content-Type": "application/json"} if body else {})
            return connection.getresponse().read()
        finally:
            connection.close()


def _last_texts(state: Json) -> dict[str, list[str]]:
    return {
        channel: [row["text"] for row in rows[-3:]] for channel, rows in state["messages"].items() if rows
    }
