"""What a learner's message says about a lab's rubric, the same for every tutor, the count and the debrief."""

import re
from collections.abc import Sequence

from bot.tutor.sensitive import concern_in
from bot.tutor.wishes import is_at_a_loss, wish_in
from bot.tutor.words import all_stems, stem
from course import exchanges
from course.model import Lab, Topic

#: Longer messages are read up to here, so that no pattern can take long.
MAX_READ_CHARS = 12_000

#: One keyword may be chance; with this many words beside small talk it is a thought.
_MIN_CONTENT_WORDS = 4
#: What these messages say about the rubric is not theirs: they are about something else.
_NOT_ABOUT_THE_LAB = frozenset({"distress", "abuse", "injection", "grading"})
#: These are answered, and are no exchange about the case.
_NO_EXCHANGE = _NOT_ABOUT_THE_LAB | {"private_person"}


def is_about_lab(text: str) -> bool:
    """Tell whether a message is part of the case, rather than distress, abuse or an attempt at the rules."""
    return concern_in(text) not in _NOT_ABOUT_THE_LAB


def counts_as_exchange(lab: Lab, text: str, earlier: Sequence[str]) -> bool:
    """Tell whether a message counts: it engages with the case, in the learner's own words or by a first opener.

    Args:
        lab: The lab.
        text: What the learner wrote or pressed.
        earlier: The learner's messages before it in this conversation.
    """
    concern = concern_in(text)
    if concern in _NO_EXCHANGE or (concern == "off_topic" and not touched_topics(lab, text)):
        return False
    if wish_in(text) or is_at_a_loss(text):
        return False
    if is_opener(lab, text) and any(is_opener(lab, other) for other in earlier):
        return False
    return exchanges.is_engaged(text, earlier, lab.topics)


def touched_topics(lab: Lab, text: str) -> tuple[Topic, ...]:
    """Return the topics whose keywords the text uses, in the lab's order."""
    return exchanges.topics_in([text[:MAX_READ_CHARS]], lab.topics)


def explored_topics(lab: Lab, text: str, asked: Topic | None = None) -> tuple[Topic, ...]:
    """Return the topics that the text says something about, in the lab's order.

    Two different keywords do, or one within a thought of some length. An answer to the topic's own question may
    be as short as it likes.

    Args:
        lab: The lab.
        text: What the learner wrote.
        asked: The topic whose question was asked just before.
    """
    read = own_words(lab, text[:MAX_READ_CHARS])
    if not read or not is_about_lab(read) or is_at_a_loss(read) or wish_in(read):
        return ()
    is_thought = len(exchanges.content_words(read)) >= _MIN_CONTENT_WORDS
    return tuple(
        topic
        for topic in lab.topics
        if (num := len(_different_words(topic, read))) > 1 or (num and (is_thought or topic == asked))
    )


def _different_words(topic: Topic, text: str) -> set[str]:
    # "mic" and "microphone" find the same word, and one word inside another counts once.
    found = {" ".join(map(stem, word.split())) for word in exchanges.mentioned(text, topic.keywords)}
    return {word for word in found if not any(word != other and word in other for other in found)}


def used_words(topic: Topic, text: str) -> tuple[str, ...]:
    """Return the text's own words that belong to the topic, as they stand there."""
    read = text[:MAX_READ_CHARS]
    found = (
        re.search(rf"(?<!\w){re.escape(word)}[\w-]*", read, re.IGNORECASE)
        for word in exchanges.mentioned(read, topic.keywords)
    )
    return tuple(dict.fromkeys(word.group().rstrip("-") for word in found if word))


def is_opener(lab: Lab, text: str) -> bool:
    """Tell whether the text only repeats a suggested opener, whose words are ours."""
    said = all_stems(text)
    return any(all_stems(opener) == said for opener in lab.openers)


def own_words(lab: Lab, text: str) -> str:
    """Return the text, or nothing when it only repeats an opener."""
    return "" if is_opener(lab, text) else text


def asked_in(lab: Lab, reply: str) -> Topic | None:
    """Return the topic whose question a reply of the persona asks."""
    return next((topic for topic in lab.topics if topic.question in reply), None)
