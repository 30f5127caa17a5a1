"""A clip that is not done: how far it has come, why it failed, and what is left when it is gone."""

import math

from bot import ids
from bot.messenger import Message
from bot.screens import ClipScreen
from bot.views import blocks as b
from bot.views.text import count, escape

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

_FINE_MINUTES = 10


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
    if screen.is_late and screen.num_ahead:
        return f"{ahead}, and the work there takes longer than expected"
    return ahead if screen.done_in_s is None else f"{ahead}, done in {_minutes(screen.done_in_s)}"


def standing_words(screen: ClipScreen) -> str:
    """Return how a clip stands that is not done: its place, or its stage and what holds that up.

    >>> standing_words(ClipScreen("c", "talk.m4a", "embed", 0.5, num_workers=0))
    'comparing voices (50%); no worker is running at the moment, it goes on when one does'
    """
    if screen.stage == "queued":
        return place_words(screen)
    stage = stage_words(screen.stage, screen.share)
    if not screen.num_workers:
        return f"{stage}; no worker is running at the moment, it goes on when one does"
    return f"{stage}, longer than expected" if screen.is_late else stage


def _minutes(seconds: float) -> str:
    """Return a time to wait, the coarser the longer: a figure that changes every minute helps nobody.

    >>> _minutes(40), _minutes(200), _minutes(1500)
    ('under a minute', 'about 4 minutes', 'about 25 minutes')
    """
    minutes = math.ceil(seconds / 60)
    if minutes > _FINE_MINUTES:
        minutes = 5 * math.ceil(minutes / 5)
    return "under a minute" if minutes <= 1 else f"about {minutes} minutes"


def build_progress_message(screen: ClipScreen) -> Message:
    """Return how far the clip has come."""
    standing = standing_words(screen)
    cancel = b.button(
        "Cancel", ids.CLIP_CANCEL, screen.clip_id, label=f"Cancel the labelling of {screen.name}"
    )
    return Message(
        text=f"{screen.name}: {standing} …",
        blocks=[b.section(f"*{escape(screen.name)}*: {escape(standing)} …"), b.actions([cancel])],
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


def build_deleted_upload_message(clip_id: str, name: str, *, was_unfinished: bool) -> Message:
    """Return what the uploader reads after deleting the recording in Slack."""
    if was_unfinished:
        text = f"You deleted {name}, so the work on it was stopped and nothing of it is kept."
        return Message(text=text, blocks=[b.section(escape(text))])
    text = f"You deleted {name}. Its turns, words and picture are still here until you delete them or they expire."
    row = b.actions([b.button("Delete them too", ids.CLIP_DELETE, clip_id, style="danger")])
    return Message(text=text, blocks=[b.section(escape(text)), row])
