"""Who speaks in a lab: the model within its budget, else the scripted persona with a word on why."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from bot.deps import Deps
from bot.tutor.protocol import Conversation, Usage
from storage.labs import LabSession

#: A reply that does not end is ended.
MAX_REPLY_CHARS = 6_000
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Voice:
    """Who answers, and what is said first when it is not the one who was promised."""

    kind: str
    reason: str | None = None


OFF = Voice(
    "scripted", "The AI model is switched off in this workspace, so our scripted guide goes on from here."
)
DAY_IS_SPENT = Voice(
    "scripted",
    "You have talked with the AI model a good deal today, so our scripted guide goes on from here. "
    "The model is back tomorrow.",
)
MONTH_IS_SPENT = Voice(
    "scripted",
    "The AI model has talked a good deal in this workspace this month, so our scripted guide goes on from here. "
    "The model is back next month.",
)


def voice_of(deps: Deps, session: LabSession) -> Voice:
    """Decide who answers next in the session."""
    if session.tutor != "anthropic":
        return Voice("scripted")
    if deps.model_name is None:
        return OFF
    now = deps.now()
    with deps.database.begin() as tx:
        today = tx.labs.tokens_since(session.team_id, session.user_id, now - _DAY)
        first_of_month = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        this_month = tx.labs.tokens_since(session.team_id, None, first_of_month)
    if today >= deps.lab_tokens_per_day:
        return DAY_IS_SPENT
    if this_month >= deps.lab_tokens_per_month:
        return MONTH_IS_SPENT
    return Voice("anthropic")


def reply_pieces(deps: Deps, session: LabSession, conversation: Conversation) -> Iterator[str]:
    """Yield the reply as it is written, cut where it does not end, and note what it cost."""

    def note(usage: Usage) -> None:
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
            )

    voice = voice_of(deps, session)
    tutor = deps.tutor_of(voice.kind, note) or deps.tutor_of("scripted", note)
    assert tutor, "the scripted tutor is always there"
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


def _has_been_said(reason: str, conversation: Conversation) -> bool:
    return any(reason in turn.text for turn in conversation.turns if turn.role == "persona")
