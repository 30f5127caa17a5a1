"""Labelling oneself: before the machine's labels are shown, and on a practice clip of ours."""

from typing import Any

from annotation.formats.turns_text import EXAMPLE
from annotation.formats.writing import clock
from bot import ids
from bot.messenger import Message
from bot.score_screens import Hold
from bot.views import blocks as b
from bot.views.clip import stage_words
from bot.views.modals import modal, text_input
from bot.views.text import escape, shorten

_MAX_TYPED = 3000


def build_hold_message(screen: Hold) -> Message:
    """Return what stands in the place of a result until the learner has had a go."""
    state = "Our labels are ready" if screen.is_ready else f"We are {stage_words(screen.stage, screen.share)}"
    text = (
        f"Your turn first: listen to the first {clock(screen.window_s)} of {screen.name} and write down who speaks when. "
        f"{state}, and shown once you have written yours."
    )
    row = [
        b.button("Write my turns", ids.OWN_WRITE, screen.clip_id, style="primary"),
        b.button(
            "Show me now", ids.OWN_SHOW_NOW, screen.clip_id, label="Show the labels without a go of my own"
        ),
    ]
    if not screen.is_ready:
        row.append(
            b.button(
                "Cancel", ids.CLIP_CANCEL, screen.clip_id, label=f"Cancel the labelling of {screen.name}"
            )
        )
    hint = "You may also drop a file of Audacity labels into this thread."
    return Message(text=f"{text} {hint}", blocks=[b.section(escape(text)), b.context(hint), b.actions(row)])


def build_practice_message(clip_id: str, duration_s: float, num_speakers: int) -> Message:
    """Return the invitation to label a clip of ours."""
    text = (
        f"Practice: who speaks when? Below is a recording of {clock(duration_s)} with {num_speakers} computer voices, "
        "so nobody's consent is needed. Listen, write down the turns, and see how right you are."
    )
    hint = f"One turn a line, such as {EXAMPLE}. Call the voices what you like. Or drop Audacity labels into this thread."
    row = [b.button("Write my turns", ids.OWN_WRITE, clip_id, style="primary")]
    parts = [b.header("Label it yourself"), b.section(escape(text)), b.context(escape(hint)), b.actions(row)]
    return Message(text=f"{text} {hint}", blocks=parts)


def build_own_view(screen: Hold, before: str, faults: list[str] | None = None) -> dict[str, Any]:
    """Return the form in which turns are typed, one a line."""
    intro = (
        f"Listen to *{escape(screen.name)}* from the beginning to {clock(screen.window_s)} and write one turn a line. "
        "Call the voices A, B, C or what you like. Where two talk at once, write both turns."
    )
    field = text_input(
        ids.OWN_TURNS,
        "Who speaks when",
        initial=before if len(before) <= _MAX_TYPED else "",
        placeholder=f"{EXAMPLE}\n0:07-0:09.5 B",
        hint=f"Start, end and speaker, such as {EXAMPLE}",
        max_length=_MAX_TYPED,
        is_multiline=True,
    )
    blocks = [b.section(intro), field]
    if faults:
        blocks.insert(0, b.section(shorten(":warning: " + escape("\n".join(faults)), 2900)))
    return modal(
        "Label it yourself", ids.OWN_SAVE, {"clip": screen.clip_id}, blocks, submit="Score it", close="Cancel"
    )
