"""Who speaks in a lab: the model within its budget, else the scripted persona with a word on why."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from bot.deps import Deps
from bot.tutor.fallback import FallbackTutor
from bot.tutor.prices import cost_micros
from bot.tutor.protocol import Author, Conversation, Tutor, Usage
from storage.labs import LabSession

#: A reply that does not end is ended.
MAX_REPLY_CHARS = 6_000
#: What a learner's daily share is counted over, whatever the hour.
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Voice:
    """Who answers, and what is said first when it is not the one who was promised."""

    kind: str
    reason: str | None = None


OFF = Voice("scripted", "The AI model is switched off in this workspace, so our scripted guide answers.")
DAY_IS_SPENT = Voice(
    "scripted",
    "You have talked with the AI model a good deal in the last 24 hours, so our scripted guide answers. "
    "The model is back within a day; under each reply it says who wrote it.",
)
MONTH_IS_SPENT = Voice(
    "scripted",
    "The AI model has talked a good deal in this workspace this month, so our scripted guide answers. "
    "The model is back next month; under each reply it says who wrote it.",
)


def voice_of(deps: Deps, session: LabSession) -> Voice:
    """Decide who answers next in the session."""
    if session.tutor != "anthropic":
        return Voice("scripted")
    if deps.model_name is None:
        return OFF
    now = deps.now()
    with deps.database.read() as tx:
        today = tx.labs.tokens_since(session.team_id, session.user_id, now - DAY)
        first_of_month = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        this_month = tx.labs.tokens_since(session.team_id, None, first_of_month)
    if today >= deps.lab_tokens_per_day:
        return DAY_IS_SPENT
    if this_month >= deps.lab_tokens_per_month:
        return MONTH_IS_SPENT
    return Voice("anthropic")


def reply_pieces(
    deps: Deps, session: LabSession, conversation: Conversation, on_author: Callable[[Author], None]
) -> Iterator[str]:
    """Yield the reply as it is written, cut where it does not end; note what it cost and who wrote it."""
    voice = voice_of(deps, session)
    tutor = _tutor(deps, session, voice, on_author)
    if voice.reason and not _has_been_said(voice.reason, conversation):
        yield f"*{voice.reason}*\n\n"
    num_chars = 0
    for piece in tutor.reply(conversation):
        room = MAX_REPLY_CHARS - num_chars
        if len(piece) > room:
            yield piece[:room].rpartition(" ")[0] + "…"
            return
        num_chars += len(piece)
        yield piece


def _tutor(deps: Deps, session: LabSession, voice: Voice, on_author: Callable[[Author], None]) -> Tutor:
    def note(usage: Usage) -> None:
        _note_usage(deps, session, usage)

    scripted = deps.tutor_of("scripted", note)
    assert scripted, "the scripted tutor is always there"
    model = deps.tutor_of(voice.kind, note) if voice.kind == "anthropic" else None
    if model is None:
        on_author("scripted")
        return scripted
    return FallbackTutor(model, scripted, deps.breaker, on_author)


def _note_usage(deps: Deps, session: LabSession, usage: Usage) -> None:
    price = deps.price_of(usage.model)
    with deps.database.begin() as tx:
        tx.labs.record_usage(
            session.team_id,
            session.session_id,
            session.user_id,
            session.lab_id,
            usage.model,
            usage.input_tokens,
            usage.output_tokens,
            usage.cached_tokens,
            deps.now(),
            cache_write_tokens=usage.cache_write_tokens,
            cost_micros=cost_micros(usage, price) if price else None,
        )


def _has_been_said(reason: str, conversation: Conversation) -> bool:
    """Tell whether the learner knows: it was said since the model answered last."""
    for turn in reversed(conversation.turns):
        if turn.role == "persona" and reason in turn.text:
            return True
        if turn.author == "anthropic":
            return False
    return False
