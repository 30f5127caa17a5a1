"""The notice before anything is fetched, with its unticked boxes, and what takes its place."""

from slack_sdk.models.blocks import CheckboxesElement, InputBlock, StaticSelectElement
from slack_sdk.models.blocks.basic_components import MarkdownTextObject, Option, PlainTextObject

from bot import ids
from bot.about_clip import WordsWish
from bot.messenger import Message
from bot.views import blocks as b
from bot.views.clip_again import MOST_SPEAKERS
from bot.views.clip_words import words_fields
from bot.views.text import escape

NOTICE_VERSION = "2026-11"
PURPOSES = {
    "label": "Label who spoke when in this clip, and write down the words.",
    "others": "Everybody who can be heard was told about this and agreed.",
    "pictures": "Draw the timeline and keep it with the result (optional).",
    "evaluation": "Use my corrections to measure label quality, as figures only (optional).",
}
REQUIRED_PURPOSES = frozenset({"label", "others"})
#: How a recording stands that was asked about before.
_STANDINGS = {
    "asking": "waits for your answer: you were asked about it before",
    "queued": "waits for its turn",
    "running": "is being labelled right now",
    "replying": "is labelled already",
    "done": "is labelled already",
    "failed": "could not be labelled; *Try again* is under its message",
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
    "• *What is kept.* Turns, how sure each label is, words, what you type or correct, and the picture if you allow it, for {days} days. The sound is never stored with us, "
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
    numbers = range(1, MOST_SPEAKERS + 1)
    bounds = [
        b.select(
            "Fewest",
            ids.CLIP_AT_LEAST,
            [("auto", "Fewest: find out"), *((str(n), f"At least {n}") for n in numbers)],
            "auto",
        ),
        b.select(
            "Most",
            ids.CLIP_AT_MOST,
            [("auto", "Most: find out"), *((str(n), f"At most {n}") for n in numbers)],
            "auto",
        ),
    ]
    ways = [Option(value="unknown", text=PlainTextObject(text="I do not know"))]
    ways += [Option(value=key, text=PlainTextObject(text=text)) for key, text in RECORDED.items()]
    recorded = StaticSelectElement(action_id=ids.CLIP_RECORDED, options=ways, initial_option=ways[0])
    text = notice_paragraphs(clip_retention_days)
    parts = [
        b.header("May we label this recording?"),
        b.section(f"You uploaded *{escape(name)}*. {text[0]}"),
        *b.sections("\n".join(text[1:])),
        InputBlock(
            block_id=ids.CLIP_PURPOSES_BLOCK,
            label="I agree to",
            hint="Each box for itself. Nothing is fetched without the first two.",
            element=boxes,
        ).to_dict(),
        b.section("*How many people speak?* If you know the number, choose it on both sides."),
        b.actions(bounds, ids.CLIP_BOUNDS_BLOCK),
        InputBlock(
            block_id=ids.CLIP_RECORDED_BLOCK, label="How was it recorded?", element=recorded, optional=True
        ).to_dict(),
        *words_fields(WordsWish()),
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
    text = f"Nothing was fetched from {name}, and nothing will be."
    again = "If you change your mind, upload it again, or use *Label the speakers* on it."
    return Message(text=f"{text} {again.replace('*', '')}", blocks=[b.section(f"{escape(text)} {again}")])


def build_asked_before_message(name: str, state: str, link: str | None) -> Message:
    """Return how a recording stands that somebody asks about once more."""
    standing = _STANDINGS.get(state, "is known already")
    where = f" <{link}|Go there>" if link else ""
    return Message(text=f"{name} {standing}.", blocks=[b.section(f"*{escape(name)}* {standing}.{where}")])
