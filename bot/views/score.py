"""The score card: four settings, where the time went, what to hear again, and where to read on."""

from collections.abc import Mapping
from typing import Any

from annotation.formats.writing import clock
from annotation.scoring import FOUR_SETTINGS, Score, Setting, Stretch
from annotation.scoring.why import why_they_differ
from bot import ids
from bot.messenger import Message
from bot.score_screens import Agreement, Feedback, LessonLink
from bot.views import blocks as b
from bot.views.score_details import audible, called, details
from bot.views.text import count, escape, shorten

_MAX_TEXT = 3900


def origin_words(document: Mapping[str, Any]) -> str:
    """Return where a reference comes from.

    >>> origin_words({"origin": "file", "file_name": "truth.rttm", "format": "RTTM"})
    'the RTTM file truth.rttm'
    """
    match document.get("origin"):
        case "file":
            return f"the {document.get('format', 'label')} file {document.get('file_name', '')}".strip()
        case "practice":
            return "our own exact labels of the practice clip"
        case "confirmed":
            return "the turns you confirmed"
        case _:
            return "your corrections"


def build_score_message(feedback: Feedback) -> Message:
    """Return the card."""
    head = _head(feedback)
    parts = [b.header(head), b.section(escape(_about(feedback)))]
    said = [f"{head}.", _about(feedback)]
    settings = feedback.card.settings
    if feedback.card.strict.der_percent is None:
        parts.append(b.section(escape(why_they_differ(settings))))
        said.append(why_they_differ(settings))
    else:
        parts += [b.section(escape(_headline(feedback.card.strict))), table(settings)]
        said += [_headline(feedback.card.strict), *(_in_words(s, settings[s.key]) for s in FOUR_SETTINGS)]
        if feedback.picture_file_id:
            parts.append(b.picture(feedback.picture_file_id, feedback.picture_alt_text or "The four scores"))
        parts.append(b.section(escape(f"Why they differ: {why_they_differ(settings)}")))
        said.append(f"Why they differ: {why_they_differ(settings)}")
    for title, lines in details(feedback):
        parts.append(b.section(f"*{title}*\n" + "\n".join(f"• {escape(line)}" for line in lines)))
        said.append(f"{title}: " + " ".join(lines))
    rows = _buttons(feedback)
    return Message(
        text=shorten("\n".join(said), _MAX_TEXT), blocks=[*parts, *([b.actions(rows)] if rows else [])]
    )


def build_agreement_message(found: Agreement) -> Message:
    """Return how far two accounts agree where nobody has the truth: no rate, and no winner."""
    share = 100 * found.agreed_s / found.total_s if found.total_s > 0 else None
    window = clock(sum(s.duration_s for s in found.card.uem))
    if share is None:
        headline = f"In the first {window}, neither you nor our labels have any speech."
    else:
        headline = (
            f"You and our labels say the same for {share:.0f} % of the speech in the first {window}: "
            f"{found.agreed_s:.1f} of {found.total_s:.1f} s."
        )
    caution = (
        "This is agreement, not DER: neither side is the truth. Where you differ, listen again; "
        "*Fix labels* makes a reference, and then there is a score."
    )
    parts = [b.header("You and the machine"), b.section(escape(headline)), b.section(caution)]
    said = ["You and the machine.", headline, caution.replace("*", "")]
    lines = [_difference(stretch, found.names) for stretch in audible(found.card.worst)]
    if lines:
        parts.append(b.section("*Where you differ*\n" + "\n".join(f"• {escape(line)}" for line in lines)))
        said.append("Where you differ: " + " ".join(lines))
    row = [
        b.button("Label it once more", ids.OWN_WRITE, found.clip_id),
        b.button("Fix labels", ids.FIX_OPEN + ".own", found.clip_id),
    ]
    return Message(text=shorten("\n".join(said), _MAX_TEXT), blocks=[*parts, b.actions(row)])


def build_questioned_message(clip_id: str, name: str, reasons: list[str]) -> Message:
    """Return the question whether a reference is for this clip at all."""
    text = f"Is {name} really for this clip? It was not scored yet."
    parts = [
        b.section(f":thinking_face: *{escape(text)}*\n" + "\n".join(f"• {escape(r)}" for r in reasons)),
        b.actions(
            [
                b.button("Score it anyway", ids.REFERENCE_ACCEPT, clip_id),
                b.button("Never mind", ids.REFERENCE_REJECT, clip_id),
            ]
        ),
    ]
    return Message(text=f"{text} {' '.join(reasons)}", blocks=parts)


def table(settings: Mapping[str, Score]) -> b.BlockJson:
    """Return the four settings with the seconds behind every rate."""
    head = ["Setting", "DER", "Left out", "Missed", "False alarm", "Wrong speaker", "Of"]
    rows = [head, *(_cells(setting, settings[setting.key]) for setting in FOUR_SETTINGS)]
    right = [{"align": "left", "is_wrapped": True}, *({"align": "right"} for _ in head[1:])]
    return {
        "type": "table",
        "rows": [[{"type": "raw_text", "text": cell} for cell in row] for row in rows],
        "column_settings": right,
    }


def _difference(stretch: Stretch, names: Mapping[str, str]) -> str:
    mine, ours = called(stretch.reference_speakers, {}), called(stretch.hypothesis_speakers, names)
    return f"{clock(stretch.start_s, 1)}-{clock(stretch.end_s, 1)}: you wrote {mine}, we heard {ours}."


def _head(feedback: Feedback) -> str:
    if feedback.scored == "own":
        return f"How your turns fare: {feedback.clip_name}"
    version = f", version {feedback.version}" if feedback.version else ""
    return f"How right the labels are: {feedback.clip_name}{version}"


def _about(feedback: Feedback) -> str:
    which = "Your turns" if feedback.scored == "own" else "Our labels"
    text = f"{which} against {feedback.origin}."
    if feedback.checked:
        num, right = feedback.checked
        seconds = sum(s.duration_s for s in feedback.card.uem)
        if num == 1:
            text += f" The one turn you checked was {'right' if right else 'wrong'}."
        else:
            text += f" {right} of the {num} turns you checked {'was' if right == 1 else 'were'} right."
        text += f" Only those {seconds:.1f} s are scored, so this says nothing about the rest of the clip."
    elif feedback.card.uem:
        text += f" Evaluated: 0:00 to {clock(feedback.card.uem[-1].end_s)}."
    if feedback.card.count_error and not feedback.checked:
        text += (
            f" {count(feedback.card.num_hypothesis_speakers, 'speaker')} instead of "
            f"{feedback.card.num_reference_speakers}."
        )
    return text


def _headline(strict: Score) -> str:
    assert strict.der_percent is not None
    text = (
        f"DER is {strict.der_percent:.1f} % with no collar and overlap scored: "
        f"{_part(strict.missed_s, strict.missed_percent)} missed + "
        f"{_part(strict.false_alarm_s, strict.false_alarm_percent)} false alarm + "
        f"{_part(strict.confusion_s, strict.confusion_percent)} wrong speaker, "
        f"of {strict.scored_speaker_s:.2f} s of speech."
    )
    if strict.der_percent > 100:  # noqa: PLR2004
        text += " More than 100 % is no slip: there are more seconds of errors than of speech."
    return text


def _cells(setting: Setting, score: Score) -> list[str]:
    left_out = "-" if score.left_out_percent is None else f"{score.left_out_percent:.0f} %"
    return [
        setting.title,
        "none" if score.der_percent is None else f"{score.der_percent:.1f} %",
        left_out,
        _part(score.missed_s, score.missed_percent),
        _part(score.false_alarm_s, score.false_alarm_percent),
        _part(score.confusion_s, score.confusion_percent),
        f"{score.scored_speaker_s:.2f} s",
    ]


def _in_words(setting: Setting, score: Score) -> str:
    rate = "no rate" if score.der_percent is None else f"{score.der_percent:.1f} %"
    left_out = score.left_out_percent or 0.0
    return (
        f"{setting.title}: {rate} (missed {_part(score.missed_s, score.missed_percent)}, "
        f"false alarm {_part(score.false_alarm_s, score.false_alarm_percent)}, "
        f"wrong speaker {_part(score.confusion_s, score.confusion_percent)}, "
        f"of {score.scored_speaker_s:.2f} s scored; {left_out:.0f} % left out)."
    )


def _part(seconds: float, percent: float | None) -> str:
    return f"{seconds:.2f} s" if percent is None else f"{seconds:.2f} s ({percent:.1f} %)"


def _buttons(feedback: Feedback) -> list[b.Button]:
    row: list[b.Button] = []
    if feedback.version is not None:
        row.append(b.button("Fix labels", ids.FIX_OPEN + ".score", feedback.clip_id))
        row.append(
            b.button("Undo", ids.SCORE_UNDO, f"{feedback.clip_id}|{feedback.version}", label=_undo(feedback))
        )
    else:
        row.append(b.button("Label it once more", ids.OWN_WRITE, feedback.clip_id))
    return [*row, *(_lesson(number, link) for number, link in enumerate(feedback.lessons))]


def _undo(feedback: Feedback) -> str:
    return f"Undo: go back from version {feedback.version}"


def _lesson(number: int, link: LessonLink) -> b.Button:
    return b.button(
        shorten(f"Lesson: {link.title}", 60),
        f"{ids.SCORE_LESSON}.{number}",
        f"{link.lesson_id}|{link.card_id}",
        label=f"Open the lesson card {link.title}",
    )
