"""A labelled clip: speakers, times and the first turns, with what to distrust, and what one can do."""

from collections.abc import Iterable, Mapping

from annotation.formats.transcript_marks import legend
from annotation.talk import SpeakerTalk, talk_by_speaker
from bot import ids
from bot.messenger import Message
from bot.screens import ClipResult
from bot.views import blocks as b
from bot.views.clip_again import again_buttons, files_buttons
from bot.views.clip_notice import RECORDED
from bot.views.clip_opening import opening
from bot.views.text import clock, count, escape, shorten

#: Blocks, and the lines that say the same where blocks are not shown.
Part = tuple[list[b.BlockJson], list[str]]
_OLDER_CORRECTIONS = (
    "You corrected an earlier run of this clip; these are the labels of the new one. *Fix labels* goes on from "
    "your corrections, and *Score* still counts them."
)
_WHAT_LABELS_ARE = (
    "Labels tell voices apart within this clip; they do not say who anybody is. "
    "Without a reference there is no error rate."
)


def build_result_message(result: ClipResult, *, can_share: bool = False) -> Message:
    """Return speakers, times and the first turns, with what to distrust, and what one can do."""
    parts, said = result_body(result)
    if result.pending:
        stop = b.button(
            "Stop the new run" if result.is_earlier else "Stop here",
            ids.CLIP_CANCEL,
            result.clip_id,
            label=f"Stop working on {result.name}",
        )
        return Message(text=shorten("\n".join(said), 3900), blocks=[*parts, b.actions([stop])])
    deletion = b.confirm(
        "Delete this clip?", "Turns, words, picture and files from this clip go now.", "Delete"
    )
    row = [
        *files_buttons(result),
        *again_buttons(result),
        b.button("Delete everything of this clip", ids.CLIP_DELETE, result.clip_id, confirm=deletion),
    ]
    if can_share:
        warning = b.confirm(
            "Share the result?",
            "Everybody in the channel where you posted the recording will see who spoke when, and the words.",
            "Share",
        )
        row.insert(0, b.button("Share in the thread", ids.CLIP_SHARE, result.clip_id, confirm=warning))
    check = [check_buttons(result.clip_id)] if result.annotation and result.annotation.turns else []
    return Message(text=shorten("\n".join(said), 3900), blocks=[*parts, *check, b.actions(row)])


def check_buttons(clip_id: str) -> b.BlockJson:
    """Return what one can do about the labels."""
    return b.actions(
        [
            b.button("Name speakers", ids.NAMES_OPEN, clip_id),
            b.button("Fix labels", ids.FIX_OPEN, clip_id, label="Fix labels: correct turns and speakers"),
            b.button("How sure is this?", ids.DOUBT_SHOW, clip_id),
            b.button("Score", ids.SCORE_SHOW, clip_id, label="Score the labels against your reference"),
            b.button("A label is wrong", ids.APPEAL_OPEN, clip_id, label="Open a case: this label is wrong"),
        ]
    )


def result_body(result: ClipResult) -> Part:
    """Return all that is said of a clip, without anything to press."""
    parts: list[b.BlockJson] = [b.header(f"Who spoke when: {result.name}")]
    said = [f"Who spoke when in {result.name} ({clock(result.duration_s)})."]
    for blocks, lines in (
        _talk(result),
        _timeline(result),
        _beginning(result),
        _warnings(result.failures),
        _cautions(result),
        _warnings((*_missing_files(result), *([result.remark] if result.remark else []))),
        _footer(result),
    ):
        parts += blocks
        said += lines
    return parts, said


def _talk(result: ClipResult) -> Part:
    if result.annotation is None:
        return [], []
    shares = talk_by_speaker(result.annotation)
    lines = [_talk_line(one, result.names) for one in shares]
    num_turns = count(len(result.annotation.turns), "turn")
    total = f"{count(len(shares), 'speaker')}, {num_turns}, {clock(result.duration_s)} of sound."
    return [b.section(f"*{total}*\n" + "\n".join(escape(line) for line in lines))], [total, *lines]


def _timeline(result: ClipResult) -> Part:
    in_words = result.timeline_alt_text or "Timeline of the speakers"
    if result.timeline_file_id:
        return [b.picture(result.timeline_file_id, in_words)], []
    if result.timeline_alt_text and result.unsent:  # Slack does not take the picture: it is said in words
        return [b.context(escape(in_words))], [in_words]
    return [], []


def _beginning(result: ClipResult) -> Part:
    turns = opening(result)
    if not turns:
        return [], []
    has_words = bool(result.words) and not result.words_are_draft
    parts = b.sections(("\n\n" if has_words else "\n").join(turns))
    said = ["First turns: " + " / ".join(turns)]
    marks = legend(result.words if has_words else (), result.uncertain)
    return ([*parts, b.context(marks)], [*said, marks]) if marks else (parts, said)


def _cautions(result: ClipResult) -> Part:
    parts: list[b.BlockJson] = []
    said: list[str] = []
    if result.notes:
        is_corrected = result.corrected_version is not None
        head = "*Read with care*" + (" (of the labels before your corrections)" if is_corrected else "")
        parts.append(b.section(f"{head}\n" + "\n".join(f"• {escape(note)}" for note in result.notes)))
        said += result.notes
    if result.has_older_corrections:
        parts.append(b.section(_OLDER_CORRECTIONS))
        said.append(_OLDER_CORRECTIONS.replace("*", ""))
    return parts, said


def _missing_files(result: ClipResult) -> list[str]:
    if not result.unsent:
        return []
    names = ", ".join(result.unsent)
    return [f"Slack did not take {names}. What is said here is complete; the files can be sent again."]


def _warnings(texts: Iterable[str]) -> Part:
    found = list(texts)
    return [b.section(f":warning: {escape(text)}") for text in found], found


def _footer(result: ClipResult) -> Part:
    parts: list[b.BlockJson] = []
    said: list[str] = []
    made = _how_made(result)
    if made:
        parts.append(b.context(escape(made)))
        said.append(made)
    if result.pending:
        what = "Running again" if result.is_earlier else "The words follow"
        parts.append(b.context(escape(f"{what}: {result.pending} …")))
        said.append(f"{what}: {result.pending}.")
    return [*parts, b.context(_WHAT_LABELS_ARE)], said


def _how_made(result: ClipResult) -> str:
    """Return which engines worked, and how the recording was made."""
    said = []
    if result.engine:
        by_hand = ", with your corrections" if result.corrected_version is not None else ""
        said.append(f"Labels by the {result.engine} engine{by_hand}.")
    if result.words_engine:
        draft = ", a rough draft" if result.words_are_draft else ""
        said.append(f"Words by {result.words_engine}{draft}.")
    if result.recorded in RECORDED:
        said.append(f"Recorded with: {RECORDED[result.recorded].lower()}.")
    return " ".join(said)


def _talk_line(one: SpeakerTalk, names: Mapping[str, str]) -> str:
    # The label stays beside the name: it is what the JSON file and the notes of a run call the voice.
    who = f"{names[one.speaker]} ({one.speaker})" if one.speaker in names else one.speaker
    return f"{who}: {clock(one.talk_s)} ({one.share:.0%}), {count(one.num_turns, 'turn')}, longest {one.longest.duration_s:.1f} s"
