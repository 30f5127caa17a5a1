"""What a conversation so far shows: what was said, asked, explored and repeated."""

from collections import Counter
from dataclasses import dataclass

from bot.tutor.protocol import Conversation
from bot.tutor.rubric import met_traps, own_words, touched_topics
from bot.tutor.sensitive import concern_in
from course.model import Topic

#: What these messages say about the rubric is not theirs: they are about something else.
_NOT_ABOUT_THE_LAB = frozenset({"distress", "abuse", "injection", "grading"})


@dataclass(frozen=True, slots=True)
class Thread:
    """A conversation, read."""

    #: The learner's last message.
    message: str
    #: The persona's replies, an opening before the learner's first message left out.
    replies: tuple[str, ...]
    explored_ids: frozenset[str]
    #: Traps of earlier messages.
    met_trap_ids: frozenset[str]
    #: The topic whose question the persona asked last.
    asked: Topic | None
    #: Topics not explored yet, those asked about least first.
    open_topics: tuple[Topic, ...]

    @property
    def number(self) -> int:
        """Count the replies so far; wordings are chosen by it."""
        return len(self.replies)

    def has_said(self, text: str) -> bool:
        """Tell whether a reply contained this."""
        return any(text in reply for reply in self.replies)


def is_about_lab(text: str) -> bool:
    """Tell whether a message is part of the case, rather than distress, abuse or an attempt at the rules."""
    return concern_in(text) not in _NOT_ABOUT_THE_LAB


def read_thread(conversation: Conversation) -> Thread:
    """Work out where a conversation stands."""
    lab = conversation.lab
    said = [turn.text for turn in conversation.turns if turn.role == "learner"]
    about_lab = [text for text in said if is_about_lab(text)]
    first = next((at for at, turn in enumerate(conversation.turns) if turn.role == "learner"), 0)
    persona = tuple(turn.text for turn in conversation.turns if turn.role == "persona")
    replies = tuple(turn.text for turn in conversation.turns[first:] if turn.role == "persona")
    explored = {topic.id for text in about_lab for topic in touched_topics(lab, own_words(lab, text))}
    times_asked = Counter(topic.id for reply in persona for topic in lab.topics if topic.question in reply)
    return Thread(
        message=said[-1] if said else "",
        replies=replies,
        explored_ids=frozenset(explored),
        met_trap_ids=frozenset(trap.id for text in said[:-1] for trap in met_traps(lab, text)),
        asked=_last_asked(lab.topics, persona[-1] if persona else ""),
        open_topics=tuple(
            # sorted() is stable, so topics asked about equally often keep the lab's order.
            sorted(
                (topic for topic in lab.topics if topic.id not in explored), key=lambda t: times_asked[t.id]
            )
        ),
    )


def _last_asked(topics: tuple[Topic, ...], reply: str) -> Topic | None:
    return next((topic for topic in topics if topic.question in reply), None)
