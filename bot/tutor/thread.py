"""What a conversation so far shows: what was said, asked, explored and repeated."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.tutor.protocol import Conversation, LabTurn
from bot.tutor.rubric import asked_in, explored_topics
from course.model import Lab, Topic
from course.traps import met_traps


@dataclass(frozen=True, slots=True)
class Thread:
    """A conversation, read."""

    #: The learner's last message.
    message: str
    #: The persona's replies, an opening before the learner's first message left out.
    replies: tuple[str, ...]
    explored_ids: frozenset[str]
    #: Traps of earlier messages, whoever answered them.
    met_trap_ids: frozenset[str]
    #: The topic whose question the persona asked last; after the opening, the one the opening is about.
    asked: Topic | None
    #: Whether the learner answers the opening.
    is_first: bool
    #: Topics not explored yet, those asked about least first.
    open_topics: tuple[Topic, ...]

    @property
    def number(self) -> int:
        """Count the replies so far; wordings are chosen by it."""
        return len(self.replies)

    @property
    def last_reply(self) -> str:
        """What the persona said last, or nothing."""
        return self.replies[-1] if self.replies else ""

    def has_said(self, text: str) -> bool:
        """Tell whether a reply contained this."""
        return bool(text) and any(text in reply for reply in self.replies)


def heard_lines(lab: Lab, turns: Sequence[LabTurn]) -> Iterator[tuple[str, Topic | None]]:
    """Yield each message of the learner with the topic that the persona had asked about just before."""
    asked = None
    for turn in turns:
        if turn.role == "persona":
            asked = asked_in(lab, turn.text) or (_opening_topic(lab) if turn.text == lab.opening else None)
        else:
            yield turn.text, asked


def read_thread(conversation: Conversation) -> Thread:
    """Work out where a conversation stands."""
    lab = conversation.lab
    lines = list(heard_lines(lab, conversation.turns))
    message, asked = lines[-1] if lines else ("", None)
    first = next((at for at, turn in enumerate(conversation.turns) if turn.role == "learner"), 0)
    replies = tuple(turn.text for turn in conversation.turns[first:] if turn.role == "persona")
    explored = {topic.id for text, before in lines for topic in explored_topics(lab, text, before)}
    persona = [turn.text for turn in conversation.turns if turn.role == "persona"]
    times_asked = Counter(topic.id for reply in persona for topic in lab.topics if topic.question in reply)
    return Thread(
        message=message,
        replies=replies,
        explored_ids=frozenset(explored),
        met_trap_ids=frozenset(trap.id for text, _ in lines[:-1] for trap in met_traps(lab, text)),
        asked=asked,
        is_first=not replies,
        open_topics=tuple(
            # sorted() is stable, so topics asked about equally often keep the lab's order.
            sorted(
                (topic for topic in lab.topics if topic.id not in explored), key=lambda t: times_asked[t.id]
            )
        ),
    )


def _opening_topic(lab: Lab) -> Topic | None:
    return next((topic for topic in lab.topics if topic.id == lab.opening_topic_id), None)
