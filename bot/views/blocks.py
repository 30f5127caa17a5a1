"""Short names for the Slack blocks this app is made of; slack_sdk checks their limits when they are made."""

from collections.abc import Sequence
from typing import Any

from slack_sdk.models.blocks import (
    ActionsBlock,
    ButtonElement,
    ContextBlock,
    DividerBlock,
    HeaderBlock,
    ImageBlock,
    MarkdownTextObject,
    PlainTextObject,
    SectionBlock,
    StaticSelectElement,
)
from slack_sdk.models.blocks.basic_components import ConfirmObject, Option, SlackFile

from bot.views.text import shorten

BlockJson = dict[str, Any]
Button = ButtonElement
Select = StaticSelectElement

_SECTION_CHARACTERS = 2900


def header(text: str) -> BlockJson:
    """A title."""
    return HeaderBlock(text=PlainTextObject(text=shorten(text, 150))).to_dict()


def section(mrkdwn_text: str, accessory: ButtonElement | None = None) -> BlockJson:
    """A paragraph of mrkdwn, already escaped; with a button at its right where one is given."""
    text = MarkdownTextObject(text=shorten(mrkdwn_text, _SECTION_CHARACTERS))
    return SectionBlock(text=text, accessory=accessory).to_dict()


def sections(mrkdwn_text: str) -> list[BlockJson]:
    """Paragraphs of mrkdwn, split at blank lines where one block would be too long."""
    found: list[str] = []
    for paragraph in mrkdwn_text.split("\n\n"):
        if found and len(found[-1]) + len(paragraph) + 2 <= _SECTION_CHARACTERS:
            found[-1] += "\n\n" + paragraph
        elif paragraph.strip():
            found.append(paragraph)
    return [section(paragraph) for paragraph in found]


def context(*mrkdwn_texts: str) -> BlockJson:
    """Small print."""
    return ContextBlock(
        elements=[MarkdownTextObject(text=shorten(text, _SECTION_CHARACTERS)) for text in mrkdwn_texts]
    ).to_dict()


def plain_text(text: str) -> BlockJson:
    """Text in which nothing is marked up."""
    return PlainTextObject(text=text).to_dict()


def divider() -> BlockJson:
    """A line."""
    return DividerBlock().to_dict()


def picture(file_id: str, alt_text: str) -> BlockJson:
    """A picture that was uploaded to Slack without a channel."""
    return ImageBlock(slack_file=SlackFile(id=file_id), alt_text=shorten(alt_text, 1990)).to_dict()


def button(
    text: str,
    action_id: str,
    value: str = "",
    *,
    style: str | None = None,
    label: str | None = None,
    confirm: ConfirmObject | None = None,
) -> ButtonElement:
    """A button; `label` is what a screen reader says instead of the short text."""
    return ButtonElement(
        text=PlainTextObject(text=shorten(text, 75)),
        action_id=action_id,
        value=value or "-",
        style=style,
        accessibility_label=shorten(label, 75) if label else None,
        confirm=confirm,
    )


def confirm(title: str, text: str, yes: str, no: str = "Not now") -> ConfirmObject:
    """A question before something that cannot be taken back."""
    return ConfirmObject(
        title=PlainTextObject(text=title),
        text=MarkdownTextObject(text=text),
        confirm=PlainTextObject(text=yes),
        deny=PlainTextObject(text=no),
    )


def select(
    placeholder: str, action_id: str, choices: Sequence[tuple[str, str]], chosen: str | None = None
) -> StaticSelectElement:
    """A list to choose one of; `choices` are values with their texts."""
    options = [Option(value=value, text=PlainTextObject(text=shorten(text, 75))) for value, text in choices]
    return StaticSelectElement(
        placeholder=PlainTextObject(text=shorten(placeholder, 150)),
        action_id=action_id,
        options=options,
        initial_option=next((option for option in options if option.value == chosen), None),
    )


def actions(buttons: Sequence[ButtonElement | StaticSelectElement], block_id: str | None = None) -> BlockJson:
    """A row of buttons."""
    return ActionsBlock(elements=list(buttons), block_id=block_id).to_dict()
