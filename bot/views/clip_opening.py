"""How a labelled recording begins: its first paragraphs, or its first turns where there are no words to read."""

from collections.abc import Sequence

from annotation.formats.transcript_marks import UNCERTAIN_MARK
from annotation.formats.writing import paragraphs
from annotation.model import Annotation, Word
from bot.screens import ClipResult
from bot.views.text import clock, count, escape, shorten

_NUM_SHOWN = 12
_MOST_CHARACTERS = 400


def opening(result: ClipResult) -> list[str]:
    """Return lines of mrkdwn; an offline draft's words stay out of the message."""
    words = () if result.words_are_draft else result.words
    if result.annotation is None:
        return [escape(shorten(" ".join(word.text for word in words), 1500))] if words else []
    spoken = [word for word in words if word.speaker]
    return _paragraphs(result, result.annotation, spoken) if spoken else _turns(result, result.annotation)


def _paragraphs(result: ClipResult, annotation: Annotation, words: Sequence[Word]) -> list[str]:
    found = paragraphs(
        annotation, words, result.names, max_chars=_MOST_CHARACTERS, uncertain=result.uncertain
    )
    lines = [
        f"{_times(one.start_s, one.end_s)} *{escape(one.speaker)}* "
        f"{escape(shorten(one.marked_text, _MOST_CHARACTERS + 4))}"
        for one in found[:_NUM_SHOWN]
    ]
    return [*lines, *_rest(len(found), "more paragraph")]


def _turns(result: ClipResult, annotation: Annotation) -> list[str]:
    uncertain = set(result.uncertain)
    lines = [
        f"{_times(turn.start_s, turn.end_s)} *{escape(result.names.get(turn.speaker, turn.speaker))}*"
        + (f" {UNCERTAIN_MARK}" if turn in uncertain else "")
        for turn in annotation.turns[:_NUM_SHOWN]
    ]
    return [*lines, *_rest(len(annotation.turns), "more turn")]


def _times(start_s: float, end_s: float) -> str:
    return f"`{clock(start_s)}–{clock(end_s)}`"


def _rest(num_found: int, noun: str) -> list[str]:
    rest = num_found - _NUM_SHOWN
    return [f"_… and {count(rest, noun)}, in the files below._"] if rest > 0 else []
