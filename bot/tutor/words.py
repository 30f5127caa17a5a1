"""Words as the lab guides compare them: lower case, no filler, roughly stemmed."""

import re
from functools import lru_cache

#: Words that say nothing about the subject. "not" and "no" are here because they never help retrieval.
_FILLER_WORDS = """
    a about above after again all allow allowed also am an and any anybody anyone anything anyway are as at be because been before being but by can could
    did do does doing done don down each else etc even ever every everybody everyone everything far few for from get give gives go going good got had
    has have having he her here hi hello him his how however i if in into is it its just kind know let like lot make
    makes many may maybe me mean might more most much must my need needs no nobody none nor not nothing now of off ok okay on once one
    only or other our out over own perhaps please put quite rather really say same see shall she should so some
    somebody someone something still such sure take tell than thank thanks that the their them then there these they thing things
    think this those through to too try up us use used using very want was way we well were what when where whether
    which while who whom whose why will with would yes yet you your yours dont didnt doesnt isnt wont cant im ive youre lets thats whats
"""
_FILLER = frozenset(_FILLER_WORDS.split())

#: One letter and a word, as in x-vector, is a term of its own.
_LETTER_HYPHEN = re.compile(r"\b([a-z])-([a-z]+)")
_WORD = re.compile(r"\d+\.\d+|[a-z0-9]+")
#: Endings taken off in turn; a crude rule, tested on the words of the course, that needs no dictionary.
_ENDINGS = ("ments", "ment", "ings", "ing", "ies", "ied", "ed", "es", "s")
_SHORTEST_STEM = 3


@lru_cache(maxsize=4096)
def stem(word: str) -> str:
    """Return the part that forms of a word share.

    >>> [stem(word) for word in ("enrolled", "enrolment", "enrolling", "enrol")]
    ['enrol', 'enrol', 'enrol', 'enrol']
    >>> stem("judges") == stem("judge"), stem("bias"), stem("overlapping")
    (True, 'bias', 'overlap')
    """
    for ending in _ENDINGS:
        root = word.removesuffix(ending)
        if root == word or len(root) < _SHORTEST_STEM:
            continue
        if ending == "s" and root[-1] in "sua" + "i":
            continue  # process, status, bias, analysis
        word = root + "y" if ending in {"ies", "ied"} else root
        break
    if len(word) > _SHORTEST_STEM and word[-1] == word[-2] and word[-1] not in "aeiou":
        word = word[:-1] if word[-1] != "s" else word
    return word.removesuffix("e") if len(word) > _SHORTEST_STEM + 1 else word


def all_stems(text: str) -> list[str]:
    """Return the stem of every word, filler included, in order."""
    return [stem(word) for word in _WORD.findall(text.lower().replace("'", "").replace("’", ""))]


def content_stems(text: str) -> list[str]:
    """Return the stems of the words that carry the subject, in order.

    >>> content_stems("What is an x-vector?")
    ['xvector', 'vector']
    """
    said = _LETTER_HYPHEN.sub(r"\1\2 \2", text.lower().replace("'", "").replace("’", ""))
    words = _WORD.findall(said)
    return [stem(word) for word in words if word not in _FILLER and (len(word) > 1 or word.isdigit())]


def sentences(text: str) -> list[str]:
    """Cut text into sentences that, joined, are the text again."""
    return re.findall(r".+?(?:[.!?…](?=\s)\s*|\n+|$)", text, flags=re.DOTALL)
