"""What a learner's message touches of a lab's rubric: topics and traps. The same for every tutor and the debrief."""

import re

from bot.tutor.words import all_stems
from course.exchanges import topics_in
from course.model import Lab, Topic, Trap

#: Longer messages are read up to here, so that no pattern can take long.
MAX_READ_CHARS = 12_000

#: Signs, shortly before a mistake or inside it, that the learner rejects it rather than makes it.
_REJECTION = re.compile(
    r"\b(not|never|cannot|no longer|wrong|mistake|myth|false|untrue|avoid|rather than|instead of|disagree)\b|n['’]t\b",
    re.IGNORECASE,
)
_CHARS_BEFORE = 40


def touched_topics(lab: Lab, text: str) -> tuple[Topic, ...]:
    """Return the topics whose keywords the text uses, in the lab's order."""
    return topics_in([text[:MAX_READ_CHARS]], lab.topics)


def used_words(topic: Topic, text: str) -> tuple[str, ...]:
    """Return the text's own words that belong to the topic, as they stand there.

    A keyword may be the beginning of a word, so the whole word is given back.
    """
    read = text[:MAX_READ_CHARS]
    words = (
        re.search(rf"(?<!\w){re.escape(keyword)}[\w-]*", read, re.IGNORECASE) for keyword in topic.keywords
    )
    return tuple(dict.fromkeys(word.group().rstrip("-") for word in words if word))


def met_traps(lab: Lab, text: str) -> tuple[Trap, ...]:
    """Return the traps the text walks into; a mistake that the text itself rejects is none."""
    read = text[:MAX_READ_CHARS]
    return tuple(trap for trap in lab.traps if _walks_into(trap, read))


def _walks_into(trap: Trap, text: str) -> bool:
    for pattern in trap.patterns:
        for match in re.finditer(pattern, text, re.IGNORECASE):
            if not _is_rejected(trap, text, match):
                return True
    return False


def _is_rejected(trap: Trap, text: str, match: re.Match[str]) -> bool:
    start = max(0, match.start() - _CHARS_BEFORE)
    before = re.split(r"[.!?;\n]", text[start : match.start()])[-1]
    if _REJECTION.search(before):
        return True
    # A mistake may itself be a denial ("the law no longer matters"): then a "no" inside proves nothing.
    claims_denial = any(_REJECTION.search(wording) for wording in (trap.claim, *trap.patterns))
    return not claims_denial and bool(_REJECTION.search(match.group()))


def own_words(lab: Lab, text: str) -> str:
    """Return the text, or nothing when it only repeats an opener, whose words are ours."""
    said = all_stems(text)
    return "" if any(all_stems(opener) == said for opener in lab.openers) else text
