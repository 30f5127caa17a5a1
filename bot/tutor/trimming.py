"""Keeps a conversation within a number of tokens."""

from collections.abc import Sequence

from bot.tutor.protocol import LabTurn

#: Fewer than any current tokenizer needs for English, so that an estimate is rather too high.
_CHARS_PER_TOKEN = 3
_TOKENS_PER_MESSAGE = 6
_CUT = " […] "
_NOTHING_SAID = "(a message without words)"


def estimated_tokens(text: str) -> int:
    """Estimate, rather too high, what a message costs.

    >>> estimated_tokens("who spoke when")
    11
    """
    return len(text) // _CHARS_PER_TOKEN + 1 + _TOKENS_PER_MESSAGE


def trimmed(turns: Sequence[LabTurn], max_tokens: int) -> tuple[LabTurn, ...]:
    """Return the turns that fit: the persona's first, the latest, and as many before it as there is room for.

    Turns are left out from the old end; a latest turn that alone is too long loses its middle.
    """
    latest = _shortened(turns[-1], max_tokens // 2)
    budget = max_tokens - estimated_tokens(latest.text)
    first = next((at for at, turn in enumerate(turns[:-1]) if turn.role == "persona"), None)
    kept: dict[int, LabTurn] = {len(turns) - 1: latest}
    if first is not None:
        kept[first] = _shortened(turns[first], max_tokens // 4)
        budget -= estimated_tokens(kept[first].text)
    for at in range(len(turns) - 2, -1, -1):
        if at in kept:
            continue
        budget -= estimated_tokens(turns[at].text)
        if budget < 0:
            break
        kept[at] = turns[at]
    return tuple(kept[at] for at in sorted(kept))


def alternating(turns: Sequence[LabTurn]) -> tuple[LabTurn, ...]:
    """Join neighbours of one role and leave out empty turns; begins and ends with the learner."""
    joined: list[LabTurn] = []
    for turn in turns:
        text = turn.text.strip()
        if not text and turn is not turns[-1]:
            continue
        if joined and joined[-1].role == turn.role:
            joined[-1] = LabTurn(turn.role, f"{joined[-1].text}\n\n{text}".strip())
        else:
            joined.append(LabTurn(turn.role, text))
    if joined and joined[0].role == "persona":
        joined.insert(0, LabTurn("learner", "(The lab opens.)"))
    if joined and not joined[-1].text:
        joined[-1] = LabTurn("learner", _NOTHING_SAID)
    return tuple(joined)


def _shortened(turn: LabTurn, max_tokens: int) -> LabTurn:
    if estimated_tokens(turn.text) <= max_tokens:
        return turn
    half = max(1, (max_tokens - _TOKENS_PER_MESSAGE - 1) * _CHARS_PER_TOKEN - len(_CUT)) // 2
    return LabTurn(turn.role, f"{turn.text[:half]}{_CUT}{turn.text[-half:]}")
