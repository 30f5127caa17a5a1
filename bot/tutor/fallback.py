"""Lets the scripted persona take over when the model cannot answer."""

from collections.abc import Callable, Iterator
from typing import Literal

from bot.tutor.protocol import Conversation, Tutor, TutorUnavailableError
from bot.tutor.sensitive import concern_in

_TAKES_OVER = "Our scripted guide goes on from here."


class FallbackTutor:
    """Streams from one tutor, and from a second where the first fails, even in the middle of a reply.

    Remembers nothing: the next turn tries the first tutor again.
    """

    def __init__(
        self,
        primary: Tutor,
        secondary: Tutor,
        on_fallback: Callable[[TutorUnavailableError], None] | None = None,
    ) -> None:
        self.kind: Literal["anthropic", "scripted"] = primary.kind
        self._primary = primary
        self._secondary = secondary
        self._on_fallback = on_fallback

    def reply(self, conversation: Conversation) -> Iterator[str]:
        """Yield the reply; what was said before a failure stays, followed by a kind sentence and the second tutor."""
        if concern_in(conversation.turns[-1].text) == "distress":
            # Words that were weighed beforehand, and at once, rather than whatever a model finds.
            yield from self._secondary.reply(conversation)
            return
        has_spoken = False
        try:
            for piece in self._primary.reply(conversation):
                has_spoken = has_spoken or bool(piece.strip())
                yield piece
            if has_spoken:
                return
            error = TutorUnavailableError("other", "The AI model had no answer this time.")
        except TutorUnavailableError as unavailable:
            error = unavailable
        if self._on_fallback:
            self._on_fallback(error)
        gap = "…\n\n" if has_spoken else ""
        yield f"{gap}*{error} {_TAKES_OVER}*\n\n"
        yield from self._secondary.reply(conversation)
