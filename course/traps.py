"""Which of a lab's mistakes a learner's message makes, and which it only asks about or doubts. Pure, no model asked.

A mistake is known by what it is about together with what is said of it, both within one sentence, or by a regular
expression where that is not enough. A sentence that asks, doubts or refuses makes no mistake.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Literal

from course.model import Lab, Sign, Trap

#: Longer messages are read up to here, so that no pattern can take long.
MAX_READ_CHARS = 12_000

Stance = Literal["claims", "asks", "doubts"]

_SENTENCE = re.compile(r"[^.!?;\n]*(?:[.](?=\w)[^.!?;\n]*)*[.!?;]*", re.DOTALL)
_DENIAL = r"\b(?:not|never|cannot|cant|dont|isnt|wont|no longer|nor|hardly|barely|without|avoid|rather than|instead of|neither)\b|n['’]t\b"
#: Before a mistake, in its own clause: the learner rejects it rather than makes it.
_REJECTION = re.compile(
    rf"{_DENIAL}|\b(?:wrong|mistake|myth|false|untrue|disagree|doubt|refuse|object|against)\b", re.IGNORECASE
)
#: Anywhere in its sentence: somebody else says so, or the learner takes it back.
_DOUBT = re.compile(
    r"\b(?:doubt\w*|disagree|wrong|myth|naive|false|untrue|nonsense|supposedly|allegedly|sceptical|skeptical|refuse"
    r"|is (?:he|she|that|this|it|they) (?:right|true|correct|so)|misleading|dangerous|too (?:simple|easy|good)|(?:some|many|most|other) (?:\w+ )?(?:say|think|claim|believe|want|call)"
    r"|people (?:say|think|claim|believe|call)|(?:is|was) said to|it is often said|(?:suggested|claimed|told me|said) that"
    r"|not (?:true|so sure|convinced|believe)|used to (?:be|mean|count))\b",
    re.IGNORECASE,
)
#: After a mistake: it is qualified at once.
_TURN = re.compile(
    r"\b(?:but|yet|however|though|although) (?:i|we|that|this|it|not|only|the|on|in|for|with)\b",
    re.IGNORECASE,
)
#: Right after the words: "a better model will fix it" against "a better model will hardly fix it".
_DENIED_NEXT = re.compile(r"\s*(?:['’]t\b|not\b|never\b|hardly\b|no\b)", re.IGNORECASE)
_CLAUSE_END = re.compile(r"[,:(]|\b(?:so|because|since|hence|therefore|and|which|then)\b", re.IGNORECASE)
_ASKS = re.compile(
    r"^\W*(?:(?:and|but|so|or|well|then|ok|okay|hm+)\W+)*(?:is|are|was|were|does|do|did|can|could|should|would|will|may"
    r"|might|must|what|how|which|why|who|whom|whose|when|where|has|have|i wonder|i am not sure|i['’]m not sure)\b",
    re.IGNORECASE,
)
#: A question that wants a yes is a claim.
_WANTS_YES = re.compile(
    r"^\W*(?:(?:and|but|so|or|well|then)\W+)*\w+n['’]t\b|(?:^|,\s*|\bso )why (?:not|would|should|bother|even)\b"
    r"|,\s*(?:right|correct|no|ok|okay|is ?n['’]t it|are ?n['’]t they|do ?n['’]t we|does ?n['’]t it|ca ?n['’]t we|wo ?n['’]t it|yes)\s*\?*$",
    re.IGNORECASE,
)


#: The "not" of "can't we", which denies nothing.
_SUGGESTS = re.compile(r"^\W*(?:(?:and|but|so|or|well|then)\W+)*\w+n['’]t\b", re.IGNORECASE)
_FEW_WORDS = r"\s+(?:\S+\s+){0,4}?"


def met_traps(lab: Lab, text: str) -> tuple[Trap, ...]:
    """Return the traps the text walks into; a mistake that it asks about, doubts or rejects is none."""
    return tuple(trap for trap in lab.traps if "claims" in stances(trap, text))


def weighed_traps(lab: Lab, text: str) -> tuple[Trap, ...]:
    """Return the traps whose mistake the text asks about or doubts without making it."""
    return tuple(trap for trap in lab.traps if (found := stances(trap, text)) and "claims" not in found)


def stances(trap: Trap, text: str) -> frozenset[Stance]:
    """Return how the text speaks of the mistake; nothing where it does not, or rejects it."""
    sentences = _SENTENCE.findall(text[:MAX_READ_CHARS])
    return frozenset(
        stance for sentence in sentences if sentence.strip() for stance in _stances_in(trap, sentence)
    )


def _stances_in(trap: Trap, sentence: str) -> Iterator[Stance]:
    spans = [span for span in _spans(trap, sentence) if not _is_rejected(trap, sentence, span)]
    if not spans:
        return
    is_open = sentence.rstrip().endswith("?") or bool(_ASKS.search(sentence))
    if is_open and not _WANTS_YES.search(sentence.strip()):
        yield "asks"
    elif _DOUBT.search(_without_own_words(trap, sentence)) or any(
        _TURN.search(sentence, end) for _, end in spans
    ):
        yield "doubts"
    else:
        yield "claims"


def _without_own_words(trap: Trap, sentence: str) -> str:
    """Return the sentence without the words that make the mistake: "never be wrong" is no doubt."""
    for phrase in {each for sign in trap.signs for each in (*sign.about, *sign.says)}:
        sentence = _phrase(phrase).sub(" ", sentence)
    return sentence


def _spans(trap: Trap, sentence: str) -> Iterator[tuple[int, int]]:
    for pattern in trap.patterns:
        for match in re.finditer(pattern, sentence, re.IGNORECASE):
            yield match.span()
    for sign in trap.signs:
        yield from _signed(sign, sentence)


def _signed(sign: Sign, sentence: str) -> Iterator[tuple[int, int]]:
    """Find what is said, where the sentence is about the sign's subject and nothing puts it right."""
    if not any(_phrase(each).search(sentence) for each in sign.about):
        return
    if any(_phrase(each).search(sentence) for each in sign.unless):
        return
    for each in sign.says:
        for match in _phrase(each).finditer(sentence):
            if not _DENIED_NEXT.match(sentence, match.end()):
                yield match.span()


def _is_rejected(trap: Trap, sentence: str, span: tuple[int, int]) -> bool:
    start, end = span
    before = _CLAUSE_END.split(_SUGGESTS.sub(" ", sentence[:start]))[-1]
    if _REJECTION.search(before):
        return True
    # A mistake may itself be a denial ("the law no longer matters"): then a "no" inside proves nothing.
    said = sentence[start:end]
    return bool(_REJECTION.search(said)) and not _is_denial(trap)


@lru_cache(maxsize=256)
def _is_denial(trap: Trap) -> bool:
    says = [phrase for sign in trap.signs for phrase in sign.says]
    return any(_REJECTION.search(wording) for wording in (trap.claim, *trap.patterns, *says))


@lru_cache(maxsize=2048)
def _phrase(phrase: str) -> re.Pattern[str]:
    """Return what finds a phrase: whole words; a star stands for the end of a word, or alone for up to four words."""
    chunks = (r"\s+".join(map(_word, chunk.split())) for chunk in f" {phrase} ".split(" * "))
    return re.compile(rf"(?<!\w){_FEW_WORDS.join(chunks)}(?!\w)", re.IGNORECASE)


def _word(word: str) -> str:
    written = re.escape(word.removesuffix("*")).replace("'", "['’]?")
    return written + r"[\w-]*" if word.endswith("*") else written
