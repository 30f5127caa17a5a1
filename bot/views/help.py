"""What one can do here, in a few lines."""

from bot import ids
from bot.messenger import Message
from bot.views import blocks as b
from bot.views.text import escape

_LINES = (
    "`/whospoke start`: begin the course, or go on where you left off.",
    "`/whospoke progress`: where you stand.",
    "`/whospoke verify` and the id: whether a certificate is genuine.",
    "`/whospoke practice`: label a short clip of ours yourself, and see how right you are.",
    "`/whospoke privacy`: what we hold about you, and deleting it.",
    "Upload a recording in our direct messages to have its speakers labelled. You are asked before anything is fetched.",
    "In a channel, use the message shortcut *Label the speakers* on your own recording, or mention me with it.",
)


def build_help_message() -> Message:
    """Return the ways in."""
    text = "whospoke teaches who spoke when. " + " ".join(_LINES).replace("`", "").replace("*", "")
    parts = [
        b.section("*whospoke* teaches who spoke when, and shows it on your own recordings."),
        b.section("\n".join(f"• {line}" for line in _LINES)),
        b.actions([b.button("Continue the course", ids.COURSE_CONTINUE, style="primary")]),
    ]
    return Message(text=text, blocks=parts)


def build_started_message(*, offers_together: bool) -> Message:
    """Return what the person reads in the channel where they typed the command."""
    text = "Your lesson is in our direct messages: look under Apps, whospoke."
    parts = [b.section(text)]
    if offers_together:
        parts.append(
            b.actions(
                [
                    b.button(
                        "Take it together",
                        ids.TOGETHER_OFFER,
                        label="Invite this channel to take the course together",
                    )
                ]
            )
        )
    return Message(text=text, blocks=parts)


def build_together_message(user_id: str, module_title: str) -> Message:
    """Return the card that others in a channel press to begin for themselves."""
    text = f"<@{user_id}> is taking *{escape(module_title)}* and asks who comes along: four short lessons, a few minutes at a time, each of us in our own direct messages."
    plain = f"A colleague is taking {module_title} and asks who comes along. Press Begin, or type /whospoke start."
    return Message(
        text=plain,
        blocks=[
            b.section(text),
            b.actions(
                [
                    b.button(
                        "Begin",
                        ids.TOGETHER_BEGIN,
                        style="primary",
                        label="Begin the course in your own direct messages",
                    )
                ]
            ),
        ],
    )


def build_invited_message() -> Message:
    """Return what stands in the place of the offer once the card is in the channel."""
    return build_remark_message(
        "The invitation is in the channel. Your own lesson is in our direct messages."
    )


def build_outsider_message() -> Message:
    """Return why somebody of another company gets nothing here."""
    return build_remark_message(
        "I work only for members of the workspace that I was installed in, so I leave this alone. "
        "Your own workspace can install whospoke for you."
    )


def build_reference_message(reference: str) -> Message:
    """Return what a person reads when something failed on our side."""
    text = f"Something went wrong on our side; nothing you did is lost. If it happens again, give whoever runs whospoke this number: {reference}"
    return Message(text=text, blocks=[b.section(f":warning: {text}")])


def build_remark_message(text: str) -> Message:
    """Return one kind sentence; a name in it stays a name, whatever it looks like."""
    return Message(text=text, blocks=[b.section(escape(text))])


def build_lab_elsewhere_message(lab_title: str, link: str | None) -> Message:
    """Return the way back into a lab's thread."""
    where = f"<{link}|its thread>" if link else "its thread"
    text = f"If that was for the lab “{escape(lab_title)}”, please answer in {where}; what is said here does not reach it."
    plain = f"If that was for the lab “{lab_title}”, please answer in its thread; what is said here does not reach it."
    parts = [b.section(text), b.actions([b.button("Continue the course", ids.COURSE_CONTINUE)])]
    return Message(text=plain, blocks=parts)
