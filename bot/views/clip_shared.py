"""A result as others see it, and what happens when one of them was recorded and objects."""

from bot import ids
from bot.messenger import Message
from bot.screens import ClipResult
from bot.views import blocks as b
from bot.views.clip_result import result_body
from bot.views.text import shorten


def build_shared_message(result: ClipResult, user_id: str) -> Message:
    """Return the result as others in a channel see it: all they can do is object."""
    parts, said = result_body(result)
    shared_by = b.context(f"<@{user_id}> labelled this recording with whospoke and shared the result.")
    objection = b.confirm(
        "Take this back?",
        "Labels, words, picture and files of this recording are deleted now, for everybody. "
        "Whoever uploaded it is told that somebody objected, not who.",
        "I object, delete it",
    )
    row = b.button(
        "I was recorded and object",
        ids.CLIP_OBJECT,
        result.clip_id,
        label="I can be heard in this recording and object to its labelling",
        confirm=objection,
    )
    return Message(text=shorten("\n".join(said), 3900), blocks=[shared_by, *parts, b.actions([row])])


def build_objected_message() -> Message:
    """Return what replaces a shared result that somebody objected to."""
    text = "Somebody who was recorded objected, so this result was deleted."
    return Message(text=text, blocks=[b.context(text)])


def build_objection_message(link: str | None) -> Message:
    """Return what the uploader reads; who objected is nobody's business."""
    text = (
        "Somebody who can be heard in a recording of yours objected to its labelling. Its labels, words, "
        "picture and files were deleted at once, also where you shared them. It will not be labelled again."
    )
    where = f" <{link}|This is the recording.>" if link else ""
    return Message(text=text, blocks=[b.section(text + where)])
