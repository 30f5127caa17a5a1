"""Running a clip again: the buttons under a result, and the modal that asks for the number of speakers."""

from typing import Any, Final

from bot import ids
from bot.screens import ClipResult
from bot.views import blocks as b
from bot.views.text import count, shorten

#: How a person can bound the number of speakers.
RULES: Final = {"exactly": "exactly", "at_least": "at least", "at_most": "at most"}
MOST_SPEAKERS: Final = 20


def again_buttons(result: ClipResult) -> list[b.Button]:
    """Return what can be tried again: a half that failed, or the count."""
    row = []
    if "labels" in result.failed_parts:
        row.append(
            b.button(
                "Try the labels again",
                ids.CLIP_TRY_LABELS,
                result.clip_id,
                label=f"Label {result.name} again",
            )
        )
    if "words" in result.failed_parts or result.words:
        failed = "words" in result.failed_parts
        row.append(
            b.button(
                "Try the words again" if failed else "Write the words again",
                ids.CLIP_TRY_WORDS,
                result.clip_id,
                label=f"Words of {result.name} again, with names, jargon and language",
            )
        )
    if result.annotation is not None:
        row.append(
            b.button(
                "Wrong number of speakers?",
                ids.CLIP_AGAIN_OPEN,
                result.clip_id,
                label=f"Give the number of speakers in {result.name} and run again",
            )
        )
    return row


def files_buttons(result: ClipResult) -> list[b.Button]:
    """Return what can be done about files that Slack did not take."""
    if not result.unsent:
        return []
    return [b.button("Send the files again", ids.CLIP_SEND_FILES, result.clip_id)]


def build_again_view(clip_id: str, name: str, num_found: int) -> dict[str, Any]:
    """Return the modal that asks how many people speak."""
    rules = [_option(value, f"{words.capitalize()} …") for value, words in RULES.items()]
    numbers = [_option(str(n), count(n, "speaker")) for n in range(1, MOST_SPEAKERS + 1)]
    intro = (
        f"We found {count(num_found, 'speaker')} in {name}. Tell us what you know, and we fetch the recording again "
        "under the same consent. Names and corrections that you gave are kept; this result stays until the new one is there."
    )
    return {
        "type": "modal",
        "callback_id": ids.CLIP_AGAIN,
        "private_metadata": clip_id,
        "title": {"type": "plain_text", "text": "How many speakers?"},
        "submit": {"type": "plain_text", "text": "Run again"},
        "close": {"type": "plain_text", "text": "Not now"},
        "blocks": [
            {"type": "section", "text": {"type": "plain_text", "text": shorten(intro, 2900)}},
            _select("The number is", ids.CLIP_AGAIN_RULE_BLOCK, ids.CLIP_AGAIN_RULE, rules, rules[0]),
            _select("People who speak", ids.CLIP_AGAIN_NUMBER_BLOCK, ids.CLIP_AGAIN_NUMBER, numbers, None),
        ],
    }


def read_bounds(state: dict[str, Any]) -> tuple[int | None, int | None]:
    """Return the fewest and the most speakers that the modal was given; None where it leaves them open.

    >>> chosen = lambda value: {"selected_option": {"value": value}}
    >>> read_bounds({"clip.again_rule_block": {"clip.again_rule": chosen("at_most")},
    ...     "clip.again_number_block": {"clip.again_number": chosen("4")}})
    (None, 4)
    """
    rule = state[ids.CLIP_AGAIN_RULE_BLOCK][ids.CLIP_AGAIN_RULE]["selected_option"]["value"]
    number = int(state[ids.CLIP_AGAIN_NUMBER_BLOCK][ids.CLIP_AGAIN_NUMBER]["selected_option"]["value"])
    return (None if rule == "at_most" else number), (None if rule == "at_least" else number)


def _option(value: str, text: str) -> dict[str, Any]:
    return {"value": value, "text": {"type": "plain_text", "text": text}}


def _select(
    label: str, block_id: str, action_id: str, options: list[dict[str, Any]], first: dict[str, Any] | None
) -> dict[str, Any]:
    element = {"type": "static_select", "action_id": action_id, "options": options}
    return {
        "type": "input",
        "block_id": block_id,
        "label": {"type": "plain_text", "text": label},
        "element": element | ({"initial_option": first} if first else {}),
    }
