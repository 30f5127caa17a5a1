"""A scorecard as a table for the terminal and as JSON values."""

from collections.abc import Mapping
from typing import Any

from annotation.formats.writing import clock
from annotation.scoring.der import Score
from annotation.scoring.scorecard import FilesScore, Scorecard
from annotation.scoring.settings import FOUR_SETTINGS
from annotation.scoring.stretches import Cause, Kind, Stretch
from annotation.scoring.words import WordScores

NO_REFERENCE = "no reference speech"
KIND_WORDS: Mapping[Kind, str] = {
    "missed": "missed speech",
    "false_alarm": "speech where there is none",
    "confusion": "wrong speaker",
}
CAUSE_WORDS: Mapping[Cause, str] = {
    "overlap": "people talk at once",
    "very_short_turn": "very short turn",
    "near_boundary": "near the edge of a turn",
    "similar_voices": "perhaps similar voices",
    "other": "no cause that labels alone can show",
}


def settings_to_dict(settings: Mapping[str, Score]) -> dict[str, dict[str, float | None]]:
    """Return the four settings with the keys md-eval's figures go by; DER is None without reference speech."""
    return {
        key: {
            "der_percent": None if score.der_percent is None else round(score.der_percent, 3),
            "missed_s": round(score.missed_s, 3),
            "false_alarm_s": round(score.false_alarm_s, 3),
            "confusion_s": round(score.confusion_s, 3),
            "scored_speaker_s": round(score.scored_speaker_s, 3),
        }
        for key, score in settings.items()
    }


def scorecard_to_dict(card: Scorecard) -> dict[str, Any]:
    """Return everything a card says, for storage and for drawing."""
    return {
        "uri": card.uri,
        "settings": settings_to_dict(card.settings),
        "left_out_percent": {key: _rounded(score.left_out_percent) for key, score in card.settings.items()},
        "mapping": dict(card.mapping),
        "speakers": [
            {
                "speaker": s.speaker,
                "mapped_to": s.mapped_to,
                "reference_s": round(s.reference_s, 3),
                "found_s": round(s.found_s, 3),
                "extra_s": round(s.extra_s, 3),
            }
            for s in card.speakers
        ],
        "jer_percent": _rounded(card.jer.percent),
        "num_reference_speakers": card.num_reference_speakers,
        "num_hypothesis_speakers": card.num_hypothesis_speakers,
        "count_error": card.count_error,
        "worst": [
            {
                "start_s": round(s.start_s, 3),
                "end_s": round(s.end_s, 3),
                "kind": s.kind,
                "error_s": round(s.error_s, 3),
                "cause": s.cause,
            }
            for s in card.worst
        ],
        "uem": [[round(s.start_s, 3), round(s.end_s, 3)] for s in card.uem],
        "is_uem_given": card.is_uem_given,
    }


def table(settings: Mapping[str, Score]) -> str:
    """Return the four settings as lines of text with the seconds behind each percentage."""
    head = f"{'setting':<42}{'DER':>10}{'missed':>18}{'false alarm':>18}{'confusion':>18}{'scored':>11}{'left out':>10}"
    rows = [_row(setting.title, settings[setting.key]) for setting in FOUR_SETTINGS]
    return "\n".join([head, *rows]) + "\n"


def report(result: FilesScore, words: WordScores | None = None) -> str:
    """Return the whole account for a terminal."""
    is_only = len(result.recordings) == 1
    parts = [table(result.settings), *(_card(card, is_only=is_only) for card in result.recordings)]
    if result.jer.percent is not None and len(result.recordings) > 1:
        parts.append(f"JER over all speakers: {result.jer.percent:.2f} %\n")
    if words is not None:
        parts.append(_words(words))
    parts += [f"Note: {note}\n" for note in result.notes]
    if result.without_reference:
        parts.append(f"Not scored, the reference does not have them: {', '.join(result.without_reference)}\n")
    return "\n".join(parts)


def stretch_line(stretch: Stretch) -> str:
    """Return one stretch as a time to listen to, what is wrong there, and the likely cause.

    >>> stretch_line(Stretch(3.0, 5.5, "missed", 2.5, "overlap", ("A", "B"), ("A",)))
    '0:03.0-0:05.5  2.50 s of missed speech: people talk at once'
    """
    span = f"{clock(stretch.start_s, 1)}-{clock(stretch.end_s, 1)}"
    return f"{span}  {stretch.error_s:.2f} s of {KIND_WORDS[stretch.kind]}: {CAUSE_WORDS[stretch.cause]}"


def _row(title: str, score: Score) -> str:
    der = "none" if score.der_percent is None else f"{score.der_percent:.2f} %"
    parts = (
        _part(score.missed_s, score.missed_percent),
        _part(score.false_alarm_s, score.false_alarm_percent),
        _part(score.confusion_s, score.confusion_percent),
    )
    left_out = "" if score.left_out_percent is None else f"{score.left_out_percent:.1f} %"
    note = f"  ({NO_REFERENCE})" if score.der_percent is None else ""
    cells = "".join(f"{part:>18}" for part in parts)
    return f"{title:<42}{der:>10}{cells}{score.scored_speaker_s:>9.2f} s{left_out:>10}{note}"


def _part(seconds: float, percent: float | None) -> str:
    return f"{seconds:.2f} s" if percent is None else f"{seconds:.2f} s {percent:6.2f} %"


def _card(card: Scorecard, *, is_only: bool) -> str:
    lines = [] if is_only else [f"{card.uri}"]
    if not is_only and card.strict.der_percent is not None:
        lines.append(f"  DER {card.strict.der_percent:.2f} % with no collar and overlap scored")
    evaluated = ", ".join(f"{clock(s.start_s, 1)}-{clock(s.end_s, 1)}" for s in card.uem[:5]) or "nothing"
    more = f" and {len(card.uem) - 5} more" if len(card.uem) > 5 else ""  # noqa: PLR2004
    rule = "from the UEM" if card.is_uem_given else "first to last reference turn, as no UEM was given"
    lines.append(f"Evaluated: {evaluated}{more} ({rule})")
    lines.append(
        f"Speakers: {card.num_reference_speakers} in the reference, {card.num_hypothesis_speakers} found "
        f"({card.count_error:+d})"
    )
    for s in card.speakers:
        partner = s.mapped_to if s.mapped_to is not None else "nobody"
        lines.append(
            f"  {s.speaker} = {partner}: {s.found_s:.2f} of {s.reference_s:.2f} s found, {s.extra_s:.2f} s too much"
        )
    if card.jer.percent is not None:
        lines.append(f"JER: {card.jer.percent:.2f} % (every speaker weighs the same)")
    if card.worst:
        lines += ["Worst stretches:", *(f"  {stretch_line(stretch)}" for stretch in card.worst)]
    return "\n".join(lines) + "\n"


def _words(words: WordScores) -> str:
    lines = [f"WER: {words.wer.percent:.2f} % of {words.wer.num_reference} words"]
    if words.cpwer is not None:
        lines.append(f"cpWER (words under the right speaker): {words.cpwer.percent:.2f} %")
    return "\n".join(lines) + "\n"


def _rounded(percent: float | None) -> float | None:
    return None if percent is None else round(percent, 3)
