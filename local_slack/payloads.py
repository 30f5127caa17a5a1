"""What Slack refuses in a message or a view, and in which words.

Faults read like Slack's own `response_metadata.messages`. Two of them carry an error of their own instead of
`invalid_blocks`; `MESSAGE_ERRORS` names them by how their text begins.
"""

from collections.abc import Callable, Iterator
from typing import Any

from local_slack.errors import Json
from local_slack.payload_elements import Faults, check_element

MAX_BLOCKS_IN_MESSAGE = 50
MAX_BLOCKS_IN_VIEW = 100
MAX_TEXT = 40_000
MAX_BLOCKS_TEXT = 13_200
MAX_MARKDOWN = 12_000
#: Errors with a name of their own; any other fault of a message is `invalid_blocks`.
MESSAGE_ERRORS = ("msg_blocks_too_long", "msg_too_long", "no_text")

_SELECTS = frozenset({"static_select", "users_select", "conversations_select", "channels_select"})
_PICKERS = frozenset({"datepicker", "timepicker"})
_MARKS = frozenset({"radio_buttons", "checkboxes"})
_IN_ACTIONS = frozenset({"button", "overflow"}) | _SELECTS | _PICKERS | _MARKS
_IN_SECTION = _IN_ACTIONS | {"multi_static_select"}
_IN_INPUT_OF_MESSAGE = (
    frozenset({"plain_text_input", "number_input", "multi_static_select"}) | _SELECTS | _PICKERS | _MARKS
)
_IN_INPUT_OF_MODAL = _IN_INPUT_OF_MESSAGE | {"file_input"}
_RICH = frozenset({"rich_text_section", "rich_text_list", "rich_text_preformatted", "rich_text_quote"})


def faults_in_message(payload: Json) -> list[str]:
    """Says what Slack would refuse in the text and blocks of a message; an empty list when nothing."""
    text, blocks = payload.get("text"), payload.get("blocks")
    if not text and not blocks and not payload.get("attachments") and not payload.get("markdown_text"):
        return ["no_text: a message needs text or blocks"]
    faults = Faults()
    if isinstance(text, str) and len(text) > MAX_TEXT:
        faults.append(f"msg_too_long: the text has {len(text)} characters; {MAX_TEXT} are allowed")
    if blocks is None:
        return faults
    for index, block in enumerate(faults.check_items(blocks, "/blocks", MAX_BLOCKS_IN_MESSAGE, minimum=0)):
        _check_block(block, f"/blocks/{index}", "message", faults)
    if isinstance(blocks, list):
        _check_together(blocks, faults)
    return faults


def faults_in_view(view: Json) -> list[str]:
    """Says what Slack would refuse in a modal or home tab; an empty list when nothing."""
    faults = Faults()
    kind = view.get("type")
    if kind not in ("modal", "home"):
        faults.add("/view/type", "must be modal or home")
        return faults
    if kind == "modal":
        faults.check_text(view.get("title"), "/view/title", 24, plain=True)
        faults.check_text(view.get("submit"), "/view/submit", 24, plain=True, required=False)
        faults.check_text(view.get("close"), "/view/close", 24, plain=True, required=False)
    faults.check_string(
        view.get("private_metadata"), "/view/private_metadata", 3000, minimum=0, required=False
    )
    faults.check_string(view.get("callback_id"), "/view/callback_id", 255, minimum=0, required=False)
    faults.check_string(view.get("external_id"), "/view/external_id", 255, minimum=0, required=False)
    blocks = faults.check_items(view.get("blocks"), "/view/blocks", MAX_BLOCKS_IN_VIEW)
    for index, block in enumerate(blocks):
        _check_block(block, f"/view/blocks/{index}", kind, faults)
    _check_unique_ids(blocks, "/view/blocks", faults)
    has_input = any(isinstance(block, dict) and block.get("type") == "input" for block in blocks)
    if kind == "modal" and has_input and "submit" not in view:
        faults.add("/view/submit", "missing required field")
    return faults


def _check_together(blocks: list[Any], faults: Faults) -> None:
    _check_unique_ids(blocks, "/blocks", faults)
    kinds = [block.get("type") for block in blocks if isinstance(block, dict)]
    if kinds.count("table") > 1:
        faults.add("/blocks", "only_one_table_allowed")
    markdown = sum(
        len(str(b.get("text", ""))) for b in blocks if isinstance(b, dict) and b.get("type") == "markdown"
    )
    if markdown > MAX_MARKDOWN:
        faults.add("/blocks", f"markdown blocks must be less than {MAX_MARKDOWN + 1} characters together")
    total = sum(len(text) for text in _texts(blocks))
    if total > MAX_BLOCKS_TEXT:
        faults.append(
            f"msg_blocks_too_long: the blocks hold {total} characters; about {MAX_BLOCKS_TEXT} are allowed"
        )


def _texts(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for item in node:
            yield from _texts(item)
    elif isinstance(node, dict):
        for key, value in node.items():
            if key == "text" and isinstance(value, str):
                yield value
            else:
                yield from _texts(value)


def _check_unique_ids(blocks: list[Any], pointer: str, faults: Faults) -> None:
    seen: set[str] = set()
    for index, block in enumerate(blocks):
        if not isinstance(block, dict):
            continue
        block_id = block.get("block_id")
        if block_id and block_id in seen:
            faults.add(f"{pointer}/{index}/block_id", f"`block_id` {block_id} already exists")
        seen.add(block_id or "")
        elements = block.get("elements")
        ids = (
            [e.get("action_id") for e in elements if isinstance(e, dict)]
            if isinstance(elements, list)
            else []
        )
        named = [action_id for action_id in ids if action_id]
        if len(set(named)) < len(named):
            faults.add(f"{pointer}/{index}/elements", "`action_id` must be unique within the block")


def _check_block(block: Any, pointer: str, surface: str, faults: Faults) -> None:
    if not isinstance(block, dict):
        faults.add(pointer, "must be an object")
        return
    kind = block.get("type")
    check = _BLOCKS.get(str(kind))
    if check is None or (kind in _MESSAGE_ONLY and surface != "message"):
        faults.add(pointer, f"unsupported type: {kind}")
        return
    faults.check_string(block.get("block_id"), f"{pointer}/block_id", 255, minimum=0, required=False)
    check(block, pointer, surface, faults)


def _check_header(block: Json, pointer: str, _surface: str, faults: Faults) -> None:
    faults.check_text(block.get("text"), f"{pointer}/text", 150, plain=True)


def _check_section(block: Json, pointer: str, _surface: str, faults: Faults) -> None:
    fields = block.get("fields")
    faults.check_text(block.get("text"), f"{pointer}/text", 3000, required=not fields)
    if fields is not None:
        for index, field in enumerate(faults.check_items(fields, f"{pointer}/fields", 10)):
            faults.check_text(field, f"{pointer}/fields/{index}", 2000)
    accessory = block.get("accessory")
    if isinstance(accessory, dict) and accessory.get("type") == "image":
        _check_image(accessory, f"{pointer}/accessory", faults)
    elif accessory is not None:
        check_element(accessory, f"{pointer}/accessory", _IN_SECTION, faults)


def _check_divider(_block: Json, _pointer: str, _surface: str, _faults: Faults) -> None:
    """A divider has nothing to get wrong."""


def _check_context(block: Json, pointer: str, _surface: str, faults: Faults) -> None:
    for index, element in enumerate(faults.check_items(block.get("elements"), f"{pointer}/elements", 10)):
        place = f"{pointer}/elements/{index}"
        if isinstance(element, dict) and element.get("type") == "image":
            _check_image(element, place, faults)
        else:
            faults.check_text(element, place, 3000)


def _check_actions(block: Json, pointer: str, _surface: str, faults: Faults) -> None:
    for index, element in enumerate(faults.check_items(block.get("elements"), f"{pointer}/elements", 25)):
        check_element(element, f"{pointer}/elements/{index}", _IN_ACTIONS, faults)


def _check_image(image: Json, pointer: str, faults: Faults) -> None:
    if ("image_url" in image) == ("slack_file" in image):
        faults.add(pointer, "must have either image_url or slack_file")
    faults.check_string(image.get("image_url"), f"{pointer}/image_url", 3000, required=False)
    file = image.get("slack_file")
    if "slack_file" in image and not (isinstance(file, dict) and ("id" in file) != ("url" in file)):
        faults.add(f"{pointer}/slack_file", "must have either id or url")
    faults.check_string(image.get("alt_text"), f"{pointer}/alt_text", 2000)


def _check_image_block(block: Json, pointer: str, _surface: str, faults: Faults) -> None:
    _check_image(block, pointer, faults)
    faults.check_text(block.get("title"), f"{pointer}/title", 2000, plain=True, required=False)


def _check_input(block: Json, pointer: str, surface: str, faults: Faults) -> None:
    faults.check_text(block.get("label"), f"{pointer}/label", 2000, plain=True)
    faults.check_text(block.get("hint"), f"{pointer}/hint", 2000, plain=True, required=False)
    allowed = _IN_INPUT_OF_MODAL if surface == "modal" else _IN_INPUT_OF_MESSAGE
    check_element(block.get("element"), f"{pointer}/element", allowed, faults)


def _check_markdown(block: Json, pointer: str, _surface: str, faults: Faults) -> None:
    faults.check_string(block.get("text"), f"{pointer}/text", MAX_MARKDOWN)


def _check_rich_text(block: Json, pointer: str, _surface: str, faults: Faults) -> None:
    for index, element in enumerate(faults.check_items(block.get("elements"), f"{pointer}/elements", 1000)):
        if not isinstance(element, dict) or element.get("type") not in _RICH:
            faults.add(f"{pointer}/elements/{index}", "unsupported rich text element")
        elif not isinstance(element.get("elements"), list):
            faults.add(f"{pointer}/elements/{index}/elements", "must be an array")


def _check_table(block: Json, pointer: str, _surface: str, faults: Faults) -> None:
    for index, row in enumerate(faults.check_items(block.get("rows"), f"{pointer}/rows", 100)):
        for column, cell in enumerate(faults.check_items(row, f"{pointer}/rows/{index}", 20)):
            place = f"{pointer}/rows/{index}/{column}"
            if not isinstance(cell, dict) or cell.get("type") not in ("raw_text", "rich_text"):
                faults.add(place, "a cell must be raw_text or rich_text")
            elif cell["type"] == "raw_text":
                faults.check_string(cell.get("text"), f"{place}/text", 3000)
    if "column_settings" in block:
        faults.check_items(block["column_settings"], f"{pointer}/column_settings", 20, minimum=0)


_MESSAGE_ONLY = frozenset({"markdown", "table"})
_BLOCKS: dict[str, Callable[[Json, str, str, Faults], None]] = {
    "actions": _check_actions,
    "context": _check_context,
    "divider": _check_divider,
    "header": _check_header,
    "image": _check_image_block,
    "input": _check_input,
    "markdown": _check_markdown,
    "rich_text": _check_rich_text,
    "section": _check_section,
    "table": _check_table,
}
