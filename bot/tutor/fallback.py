"""Lets the scripted persona take over when the model cannot answer."""

from collections.abc import Callable, Iterator
from typing import Literal

from bot.tutor.breaker import Breaker
from bot.tutor.protocol import Author, Conversation, Tutor, TutorUnavailableError
from bot.tutor.sensitive import concern_in

_TAKES_OVER = "Our scripted guide answers this time."


class FallbackTutor:
    """Streams from one tutor, and from a second where the first fails, even in the middle of a reply.

    Args:
        primary: The model.
        secondary: The guide that is always there.
        breaker: Remembers failures, so that the next turns need not wait for one more.
        on_author: Is told who wrote the reply, when it is known.
        on_fallback: Is told why the second tutor answered.
    """

    def __init__(
        self,
        primary: Tutor,
        secondary: Tutor,
        breaker: Breaker | None = None,
        on_author: Callable[[Author], None] = lambda _: None,
        on_fallback: Callable[[TutorUnavailableError], None] = lambda _: None,
    ) -> None:
        self.kind: Literal["anthropic", "scripted"] = primary.kind
        self._primary = primary
        self._secondary = secondary
        self._breaker = breaker or Breaker(rest_s=0)
        self._on_author = on_author
        self._on_fallback = on_fallback

    def reply(self, conversation: Conversation) -> Iterator[str]:
        """Yield the reply; what was said before a failure stays, followed by a kind sentence and the second tutor."""
        if concern_in(conversation.turns[-1].text) == "distress":
            # Words that were weighed beforehand, and at once, rather than whatever a model finds.
            self._on_author(self._secondary.kind)
            yield from self._secondary.reply(conversation)
            return
        has_spoken, error = False, self._breaker.resting()
        if error is None:
            self._on_author(self._primary.kind)  # also for whoever stops reading in the middle
            try:
                for piece in self._primary.reply(conversation):
                    has_spoken = has_spoken or bool(piece.strip())
                    yield piece
            except TutorUnavailableError as unavailable:
                error = unavailable
            if has_spoken and error is None:
                self._breaker.worked()
                return
            error = error or TutorUnavailableError("other", "The AI model had no answer this time.")
            self._breaker.failed(error)
        self._on_author("both" if has_spoken else self._secondary.kind)
        self._on_fallback(error)
        gap = "…\n\n" if has_spoken else ""
        yield f"{gap}*{error} {_TAKES_OVER}*\n\n"
        yield from self._secondary.reply(conversation)
