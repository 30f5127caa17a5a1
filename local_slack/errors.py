from typing import Any

Json = dict[str, Any]


class SlackError(Exception):
    """A call that Slack would answer with `ok: false`.

    Attributes:
        error: Slack's short code, such as `channel_not_found`.
        extra: Further fields of the answer.
        status: The HTTP status, 200 for nearly everything in Slack.
    """

    def __init__(
        self, error: str, *, status: int = 200, headers: dict[str, str] | None = None, **extra: Any
    ) -> None:
        super().__init__(error)
        self.error = error
        self.extra = extra
        self.status = status
        self.headers = headers or {}

    def answer(self) -> Json:
        """The JSON body of the refusal."""
        return {"ok": False, "error": self.error, **self.extra}


class ManifestError(Exception):
    """The manifest cannot be used; the message says what to change."""


class FolderInUseError(Exception):
    """Another workspace keeps its memory in the folder; the message says which."""


class UndeliveredError(Exception):
    """The app did not take an envelope.

    Attributes:
        reason: What Slack shows to the person who caused it.
        retry_reason: What the next attempt says of this one.
        is_final: Whether the app asked not to be tried again.
    """

    def __init__(self, reason: str, retry_reason: str, *, is_final: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry_reason = retry_reason
        self.is_final = is_final
