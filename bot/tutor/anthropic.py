"""The lab persona played by a model of Anthropic, through the official SDK."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

import anthropic
import httpx

from bot.tutor.anthropic_errors import FAULTS, kind_of, retry_after_s, unavailable
from bot.tutor.patience import Patience
from bot.tutor.prompt import stable_prompt
from bot.tutor.protocol import Conversation, Usage
from bot.tutor.trimming import alternating, trimmed

#: A current mid-priced model of the installed SDK's list.
DEFAULT_MODEL = "claude-sonnet-5"

_CONVERSATION_TOKENS = 6_000
#: Seconds until connected, and between any two pieces of a reply.
DEFAULT_TIMEOUT = httpx.Timeout(20, connect=5)
#: What we wait for a whole reply, all in all; the timeout above only limits the wait for the next bytes.
_REPLY_DEADLINE_S = 60.0
_MAX_ATTEMPTS = 2
_MAX_WAIT_S = 2.0
_WAIT_S = 0.5
#: Faults that may be gone a moment later.
_PASSING = frozenset({"overloaded", "rate_limit", "other"})
#: These think before they answer unless told not to; a chat reply must not spend its tokens, or seconds, on that.
_THINKING_CAN_BE_OFF = frozenset({"claude-sonnet-5", "claude-opus-5"})
#: Room for the thinking of models that cannot be told, so that the answer still fits.
_THINKING_TOKENS = 2_000


@dataclass(slots=True)
class _Reading:
    """How far a reply has come."""

    message: anthropic.types.Message | None = None
    has_text: bool = False


class AnthropicTutor:
    """Streams a persona's replies from the Messages API."""

    kind: Literal["anthropic"] = "anthropic"

    def __init__(
        self,
        client: anthropic.Anthropic,
        model: str = DEFAULT_MODEL,
        max_output_tokens: int = 500,
        on_usage: Callable[[Usage], None] | None = None,
        timeout: httpx.Timeout = DEFAULT_TIMEOUT,
        sleep: Callable[[float], None] = time.sleep,
        deadline_s: float = _REPLY_DEADLINE_S,
    ) -> None:
        # The SDK's own retries would wait up to a minute where the API says so; a learner is better served
        # by the scripted guide, so waiting is ours, and short.
        self._client = client.with_options(max_retries=0, timeout=timeout)
        self._model = model
        self._max_output_tokens = max_output_tokens
        self._on_usage = on_usage
        self._sleep = sleep
        self._deadline_s = deadline_s

    def reply(self, conversation: Conversation) -> Iterator[str]:
        """Yield the reply as it is written.

        Raises:
            TutorUnavailableError: When the model cannot answer or breaks off.
        """
        reading = _Reading()
        yield from self._attempts(self._request(conversation), reading)
        yield from _ending(reading)

    def _attempts(self, request: dict[str, Any], reading: _Reading) -> Iterator[str]:
        for attempt in range(1, _MAX_ATTEMPTS + 1):
            try:
                yield from self._pieces(request, reading)
            except FAULTS as fault:
                kind = kind_of(fault)
                wait_s = retry_after_s(fault) or _WAIT_S
                can_wait = kind in _PASSING and wait_s <= _MAX_WAIT_S and not _is_our_mistake(fault)
                if reading.has_text or attempt == _MAX_ATTEMPTS or not can_wait:
                    raise unavailable(kind) from fault
                self._sleep(wait_s)
            else:
                return

    def _pieces(self, request: dict[str, Any], reading: _Reading) -> Iterator[str]:
        reading.message = None
        try:
            with self._client.messages.stream(**request) as stream:
                stream.response.stream = Patience(stream.response.stream, self._deadline_s)
                for event in stream:
                    reading.message = stream.current_message_snapshot
                    if event.type == "text" and event.text:
                        reading.has_text = True
                        yield event.text
        finally:
            # Of every attempt, also when it broke off or nobody reads on: what was used is paid for.
            if reading.message is not None and self._on_usage is not None:
                self._on_usage(_usage(reading.message))

    def _request(self, conversation: Conversation) -> dict[str, Any]:
        """Build the request: a cached prefix of ours, then the conversation, where learners are only ever users."""
        prompt = stable_prompt(conversation.module, conversation.lesson, conversation.lab)
        turns = alternating(trimmed(conversation.turns, _CONVERSATION_TOKENS))
        request: dict[str, Any] = {
            "model": self._model,
            "max_tokens": self._max_output_tokens,
            "system": [{"type": "text", "text": prompt, "cache_control": {"type": "ephemeral"}}],
            "messages": [
                {"role": "user" if turn.role == "learner" else "assistant", "content": turn.text}
                for turn in turns
            ],
        }
        if self._model in _THINKING_CAN_BE_OFF:
            request["thinking"] = {"type": "disabled"}
        elif "-4-" not in self._model:  # models of the fourth generation think only when asked to
            request["max_tokens"] += _THINKING_TOKENS
        return request


def _ending(reading: _Reading) -> Iterator[str]:
    """Check that the reply came to an end of its own."""
    stop_reason = reading.message.stop_reason if reading.message else None
    if stop_reason == "refusal":
        raise unavailable("refusal")
    if stop_reason is None or not reading.has_text:
        raise unavailable("other")
    if stop_reason == "max_tokens":
        yield "…"


def _is_our_mistake(fault: Exception) -> bool:
    """Tell whether the same request can only fail again."""
    status = fault.status_code if isinstance(fault, anthropic.APIStatusError) else 0
    return 400 <= status < 500 and status not in {408, 409, 429}  # noqa: PLR2004 - client errors


def _usage(message: anthropic.types.Message) -> Usage:
    used = message.usage
    return Usage(
        model=str(message.model),
        input_tokens=used.input_tokens,
        output_tokens=used.output_tokens,
        cached_tokens=used.cache_read_input_tokens or 0,
        cache_write_tokens=used.cache_creation_input_tokens or 0,
    )
