"""What a lab conversation covered, in the learner's own lines. Rules, not a model, so nobody can be talked round."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import TypeAdapter

from bot.tutor.protocol import LabTurn
from bot.tutor.rubric import explored_topics, is_about_lab, used_words
from bot.tutor.thread import heard_lines
from course.model import Lab, Topic
from course.traps import met_traps

MAX_QUOTE_CHARS = 160


@dataclass(frozen=True, slots=True)
class TopicNote:
    """How one rubric topic went."""

    topic_id: str
    title: str
    #: The learner's line that says most about it; None when they did not go there.
    quote: str | None
    #: The card to read.
    card_id: str
    #: What somebody with experience would say here.
    sound_answer: str = ""

    @property
    def is_explored(self) -> bool:
        """Tell whether the learner brought it up."""
        return self.quote is not None


@dataclass(frozen=True, slots=True)
class TrapNote:
    """A mistake the learner walked into."""

    trap_id: str
    claim: str
    quote: str
    #: What the persona objects.
    reply: str
    card_id: str


@dataclass(frozen=True, slots=True)
class Debrief:
    """A lab looked back on, in the order of its rubric."""

    lab_id: str
    topics: tuple[TopicNote, ...]
    traps: tuple[TrapNote, ...]

    @property
    def explored(self) -> tuple[TopicNote, ...]:
        """The topics the learner brought up."""
        return tuple(note for note in self.topics if note.is_explored)

    @property
    def missed(self) -> tuple[TopicNote, ...]:
        """The topics still to read about."""
        return tuple(note for note in self.topics if not note.is_explored)


def debrief(lab: Lab, turns: Sequence[LabTurn]) -> Debrief:
    """Look back on a conversation, whoever played the persona.

    Only the learner's messages count, and of those neither openers, whose words are ours, nor messages that
    are about something other than the lab.
    """
    lines = list(heard_lines(lab, turns))
    topics = tuple(_topic_note(lab, topic, lines) for topic in lab.topics)
    said = [text for text, _ in lines if is_about_lab(text)]
    traps = [
        TrapNote(trap.id, trap.claim, quote(line), trap.reply, trap.card_id)
        for trap in lab.traps
        if (line := next((line for line in said if trap in met_traps(lab, line)), None))
    ]
    return Debrief(lab.id, topics, tuple(traps))


#: The debrief's schema.
SCHEMA = TypeAdapter(Debrief)


def checked(looked_back: Debrief) -> Debrief:
    """Return the debrief once it was written and read back by its schema; raises where it does not fit."""
    return SCHEMA.validate_python(SCHEMA.dump_python(looked_back, mode="json"))


def _topic_note(lab: Lab, topic: Topic, lines: Sequence[tuple[str, Topic | None]]) -> TopicNote:
    touching = [text for text, asked in lines if topic in explored_topics(lab, text, asked)]
    # The first of equals: max() keeps it.
    best = max(touching, key=lambda line: len(used_words(topic, line)), default=None)
    shown = quote(best, around=next(iter(used_words(topic, best)), "")) if best else None
    return TopicNote(topic.id, topic.title, shown, topic.card_id, topic.sound_answer)


def quote(text: str, around: str = "", max_chars: int = MAX_QUOTE_CHARS) -> str:
    """Return the text on one line, short enough to quote and cut between words.

    Args:
        text: What was said.
        around: A word of the text that the quote should contain.
        max_chars: The most characters, dots included.

    >>> quote("one two three four five", max_chars=14)
    'one two three…'
    >>> quote("one two three four five six", "five", max_chars=14)
    '…four five…'
    """
    line = re.sub(r"[\s\x00-\x1f]+", " ", text).strip()
    if len(line) <= max_chars:
        return line
    start = _start(line, around, max_chars)
    room = max_chars - 1 - bool(start)
    piece = line[start : start + room + 1]
    if start + room < len(line):
        head, _, _ = piece.rpartition(" ")
        # One endless word has no gap to be cut at.
        return f"{'…' if start else ''}{(head or piece[:room]).rstrip(' ,;:')}…"
    return f"…{piece[:room]}"


def _start(line: str, around: str, max_chars: int) -> int:
    at = line.lower().find(around.lower()) if around else 0
    if at + len(around) <= max_chars - 2:
        return 0
    # A third of the quote stands before the word; start after a gap.
    wanted = min(max(0, at - max_chars // 3), len(line) - max_chars + 1)
    gap = line.find(" ", max(0, wanted - 1))
    return gap + 1 if 0 <= gap < at else at
