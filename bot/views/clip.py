"""A clip: the notice before anything is fetched, progress, and the labelled result."""

import math
from collections.abc import Mapping

from slack_sdk.models.blocks import CheckboxesElement, InputBlock, StaticSelectElement
from slack_sdk.models.blocks.basic_components import MarkdownTextObject, Option, PlainTextObject

from annotation.talk import SpeakerTalk, talk_by_speaker
from bot import ids
from bot.messenger import Message
from bot.screens import ClipResult, ClipScreen
from bot.views import blocks as b
from bot.views.clip_again import again_buttons
from bot.views.clip_opening import opening
from bot.views.text import clock, count, escape, shorten

NOTICE_VERSION = "2026-11"
PURPOSES = {
    "label": "Label who spoke when in this clip, and write down the words.",
    "others": "Everybody who can be heard was told about this and agreed.",
    "pictures": "Draw the timeline and keep it with the result (optional).",
}
REQUIRED_PURPOSES = frozenset({"label", "others"})
STAGES = {
    "queued": "waiting for its turn",
    "fetch": "fetching the file from Slack",
    "decode": "reading the sound",
    "segment": "finding out when somebody speaks",
    "embed": "comparing voices",
    "speech": "finding out when somebody speaks",
    "fetch words": "fetching the words model, once",
    "cluster": "grouping voices",
    "rebuild": "grouping voices",
    "label": "labelling speakers",
    "words": "writing down the words",
    "assign": "giving words to speakers",
    "draw": "drawing the timeline",
    "reply": "sending the result",
}
#: How a recording was made: what the uploader may say at the notice, and how the result says it.
RECORDED = {
    "headset": "Headsets, one for each person",
    "table": "A microphone on the table",
    "room": "A microphone across the room",
    "phone": "A phone call",
}
_WHAT_IS_COMPUTED = (
    "• *What is computed.* Our worker fetches the file from Slack, finds out when each voice speaks by comparing "
    "voice vectors, and writes down the words. Labels are SPEAKER_00, SPEAKER_01 …, never names."
)
_WHAT_IS_KEPT = (
    "• *What is kept.* Turns, how sure each label is, words, and the picture if you allow it, for {days} days. The sound is never stored with us, "
    "and voice vectors exist only in memory while the clip is worked on. Nothing is sold, used for training, or "
    "sent to a language model."
)
_OTHER_PEOPLE = (
    "• *Other people.* You cannot agree for them. If somebody audible was not told or did not agree, press "
    "*No, leave it*: nothing is fetched."
)


def notice_paragraphs(clip_retention_days: int) -> list[str]:
    """Return the notice as the person reads it; its hash goes into the consent record."""
    return [
        "Before anything is fetched, this is what would happen:",
        _WHAT_IS_COMPUTED,
        _WHAT_IS_KEPT.format(days=clip_retention_days),
        "• *Who sees it.* You, in this thread. Nobody else, unless you share it.",
        "• *How to withdraw.* `/whospoke privacy` stops the work and deletes the results at any time.",
        _OTHER_PEOPLE,
    ]


def build_notice_message(clip_id: str, name: str, clip_retention_days: int) -> Message:
    """Return the notice with its unticked boxes."""
    boxes = CheckboxesElement(
        action_id=ids.CLIP_PURPOSES,
        options=[Option(value=key, text=MarkdownTextObject(text=text)) for key, text in PURPOSES.items()],
    )
    numbers = [Option(value="auto", text=PlainTextObject(text="Find out by itself"))]
    numbers += [Option(value=str(n), text=PlainTextObject(text=count(n, "speaker"))) for n in range(1, 11)]
    speakers = StaticSelectElement(
        action_id=ids.CLIP_SPEAKERS,
        options=numbers,
        initial_option=numbers[0],
        placeholder="Number of speakers",
    )
    ways = [Option(value="unknown", text=PlainTextObject(text="I do not know"))]
    ways += [Option(value=key, text=PlainTextObject(text=text)) for key, text in RECORDED.items()]
    recorded = StaticSelectElement(action_id=ids.CLIP_RECORDED, options=ways, initial_option=ways[0])
    text = notice_paragraphs(clip_retention_days)
    parts = [
        b.header("May we label this recording?"),
        b.section(f"You uploaded *{escape(name)}*. {text[0]}"),
        *b.sections("\n".join(text[1:])),
        InputBlock(
            block_id=ids.CLIP_PURPOSES_BLOCK, label="I agree to", element=boxes, optional=True
        ).to_dict(),
        InputBlock(
            block_id=ids.CLIP_SPEAKERS_BLOCK, label="How many people speak?", element=speakers, optional=True
        ).to_dict(),
        InputBlock(
            block_id=ids.CLIP_RECORDED_BLOCK, label="How was it recorded?", element=recorded, optional=True
        ).to_dict(),
        b.actions(
            [
                b.button("Label this clip", ids.CLIP_AGREE, clip_id, style="primary"),
                b.button(
                    "Label 30 s first",
                    ids.OWN_FIRST,
                    clip_id,
                    label="Agree, and label the first 30 s myself before I see the labels",
                ),
                b.button("No, leave it", ids.CLIP_DECLINE, clip_id, label="No, do not fetch this clip"),
            ]
        ),
    ]
    said = f"May we label the speakers in {name}? " + " ".join(text).replace("*", "").replace("• ", "")
    return Message(text=said, blocks=parts)


def build_agreed_message(name: str, agreed_at: str) -> Message:
    """Return what replaces the notice once the person has agreed."""
    text = f"You agreed on {agreed_at} (UTC) that {name} is labelled. `/whospoke privacy` withdraws it at any time."
    return Message(text=text, blocks=[b.context(escape(text).replace("&amp;", "&"))])


def build_declined_message(name: str) -> Message:
    """Return what replaces the notice once the person has declined."""
    text = f"Nothing was fetched from {name}, and nothing will be. Upload it again if you change your mind."
    return Message(text=text, blocks=[b.section(escape(text))])


def stage_words(stage: str, share: float) -> str:
    """Return what is being done, and how much of it is done.

    >>> stage_words("words", 0.25)
    'writing down the words (25%)'
    """
    percent = f" ({share:.0%})" if 0 < share < 1 else ""
    return STAGES.get(stage, stage) + percent


def place_words(screen: ClipScreen) -> str:
    """Return where a waiting clip is in the queue, and when it should be done if earlier clips tell.

    >>> place_words(ClipScreen("c", "talk.m4a", "queued", 0.0, num_ahead=2, done_in_s=200.0))
    'waiting, 2 clips ahead of it, done in about 4 minutes'
    """
    if not screen.num_workers:
        return "waiting; no worker is running at the moment, it begins when one does"
    ahead = (
        f"waiting, {count(screen.num_ahead, 'clip')} ahead of it" if screen.num_ahead else STAGES["queued"]
    )
    if screen.done_in_s is None:
        return ahead
    minutes = math.ceil(screen.done_in_s / 60)
    return f"{ahead}, done in " + ("under a minute" if minutes <= 1 else f"about {minutes} minutes")


def build_progress_message(screen: ClipScreen) -> Message:
    """Return how far the clip has come."""
    stage = place_words(screen) if screen.stage == "queued" else stage_words(screen.stage, screen.share)
    text = f"{screen.name}: {stage} …"
    cancel = b.button(
        "Cancel", ids.CLIP_CANCEL, screen.clip_id, label=f"Cancel the labelling of {screen.name}"
    )
    return Message(
        text=text,
        blocks=[b.section(f"*{escape(screen.name)}*: {escape(stage)} …"), b.actions([cancel])],
    )


def build_failed_message(clip_id: str, name: str, reason: str, *, can_retry: bool) -> Message:
    """Return why there is no result, and what to do."""
    text = f"{name} could not be labelled. {reason}"
    row = [b.button("Delete this clip's record", ids.CLIP_DELETE, clip_id)]
    if can_retry:
        row.insert(0, b.button("Try again", ids.CLIP_RETRY, clip_id, style="primary"))
    parts = [
        b.section(f":warning: *{escape(name)}* could not be labelled.\n{escape(reason)}"),
        b.actions(row),
    ]
    return Message(text=text, blocks=parts)


def build_cancelled_message(name: str) -> Message:
    """Return what is left of a cancelled clip."""
    text = f"{name} was cancelled. Nothing of it is kept."
    return Message(text=text, blocks=[b.context(escape(text))])


def build_deleted_message() -> Message:
    """Return what is left of a deleted clip."""
    text = "This clip's results were deleted at your request."
    return Message(text=text, blocks=[b.context(text)])


def build_result_message(result: ClipResult, *, can_share: bool = False) -> Message:
    """Return speakers, times and the first turns, with what to distrust, and what one can do."""
    parts, said = _result_body(result)
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


def build_shared_message(result: ClipResult, user_id: str) -> Message:
    """Return the result as others in a channel see it: nothing to press."""
    parts, said = _result_body(result)
    shared_by = b.context(f"<@{user_id}> labelled this recording with whospoke and shared the result.")
    return Message(text=shorten("\n".join(said), 3900), blocks=[shared_by, *parts])


def _result_body(result: ClipResult) -> tuple[list[b.BlockJson], list[str]]:
    parts = [b.header(f"Who spoke when: {result.name}")]
    said = [f"Who spoke when in {result.name} ({clock(result.duration_s)})."]
    if result.annotation is not None:
        shares = talk_by_speaker(result.annotation)
        lines = [_talk_line(one, result.names) for one in shares]
        total = f"{count(len(shares), 'speaker')}, {count(len(result.annotation.turns), 'turn')}, {clock(result.duration_s)} of sound."
        parts.append(b.section(f"*{total}*\n" + "\n".join(escape(line) for line in lines)))
        said += [total, *lines]
    if result.timeline_file_id:
        parts.append(
            b.picture(result.timeline_file_id, result.timeline_alt_text or "Timeline of the speakers")
        )
    turns = opening(result)
    if turns:
        has_words = bool(result.words) and not result.words_are_draft
        parts += b.sections(("\n\n" if has_words else "\n").join(turns))
        said.append("First turns: " + " / ".join(turns))
    for failure in result.failures:
        parts.append(b.section(f":warning: {escape(failure)}"))
        said.append(failure)
    if result.notes:
        parts.append(
            b.section("*Read with care*\n" + "\n".join(f"• {escape(note)}" for note in result.notes))
        )
        said += result.notes
    if result.remark:
        parts.append(b.section(f":warning: {escape(result.remark)}"))
        said.append(result.remark)
    made = _how_made(result)
    if made:
        parts.append(b.context(escape(made)))
        said.append(made)
    if result.pending:
        what = "Running again" if result.is_earlier else "The words follow"
        parts.append(b.context(escape(f"{what}: {result.pending} …")))
        said.append(f"{what}: {result.pending}.")
    parts.append(
        b.context(
            "Labels tell voices apart within this clip; they do not say who anybody is. Without a reference there is no error rate."
        )
    )
    return parts, said


def _how_made(result: ClipResult) -> str:
    """Return which engines worked, and how the recording was made."""
    said = []
    if result.engine:
        said.append(f"Labels by the {result.engine} engine.")
    if result.words_engine:
        draft = ", a rough draft" if result.words_are_draft else ""
        said.append(f"Words by {result.words_engine}{draft}.")
    if result.recorded in RECORDED:
        said.append(f"Recorded with: {RECORDED[result.recorded].lower()}.")
    return " ".join(said)


def _talk_line(one: SpeakerTalk, names: Mapping[str, str]) -> str:
    # The label stays beside the name: it is what the timeline and the files call the voice.
    who = f"{names[one.speaker]} ({one.speaker})" if one.speaker in names else one.speaker
    return f"{who}: {clock(one.talk_s)} ({one.share:.0%}), {count(one.num_turns, 'turn')}, longest {one.longest.duration_s:.1f} s"


def build_deleted_upload_message(clip_id: str, name: str, *, was_unfinished: bool) -> Message:
    """Return what the uploader reads after deleting the recording in Slack."""
    if was_unfinished:
        text = f"You deleted {name}, so the work on it was stopped and nothing of it is kept."
        return Message(text=text, blocks=[b.section(escape(text))])
    text = f"You deleted {name}. Its turns, words and picture are still here until you delete them or they expire."
    row = b.actions([b.button("Delete them too", ids.CLIP_DELETE, clip_id, style="danger")])
    return Message(text=text, blocks=[b.section(escape(text)), row])
