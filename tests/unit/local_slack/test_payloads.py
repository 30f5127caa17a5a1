"""The limits, held against two other readings of them: slackblocks' registry and slack_sdk's models."""

import pytest
from slack_sdk.models.blocks import Block
from slackblocks import _limits as limits

from local_slack.payloads import faults_in_message, faults_in_view

PLAIN = {"type": "plain_text"}


def text(length, kind="plain_text"):
    return {"type": kind, "text": "x" * length}


def section(length):
    return {"type": "section", "text": text(length, "mrkdwn")}


def actions(*elements):
    return {"type": "actions", "elements": list(elements)}


def button(**fields):
    return {"type": "button", "text": text(3), "action_id": "a"} | fields


def options(count, length=1):
    return [{"text": text(length), "value": str(number)} for number in range(count)]


def select(kind, count, length=1):
    return {"type": kind, "action_id": "a", "options": options(count, length)}


def field(element, **more):
    return {"type": "input", "label": text(5), "element": element} | more


def modal(*blocks, **more):
    return {"type": "modal", "title": text(5), "submit": text(4), "blocks": list(blocks)} | more


# (limit, a payload that exceeds it by one when given `limit + 1`)
BLOCK_LIMITS = [
    (limits.SECTION_TEXT_MAX_LENGTH, section),
    (limits.SECTION_FIELDS_MAX_ITEMS, lambda n: {"type": "section", "fields": [text(1)] * n}),
    (limits.SECTION_FIELDS_ITEM_MAX_LENGTH, lambda n: {"type": "section", "fields": [text(n)]}),
    (limits.HEADER_TEXT_MAX_LENGTH, lambda n: {"type": "header", "text": text(n)}),
    (limits.CONTEXT_ELEMENTS_MAX_ITEMS, lambda n: {"type": "context", "elements": [text(1)] * n}),
    (
        limits.ACTIONS_ELEMENTS_MAX_ITEMS,
        lambda n: actions(*(button(action_id=f"a{number}") for number in range(n))),
    ),
    (limits.BUTTON_TEXT_MAX_LENGTH, lambda n: actions(button(text=text(n)))),
    (limits.BUTTON_VALUE_MAX_LENGTH, lambda n: actions(button(value="x" * n))),
    (limits.BUTTON_URL_MAX_LENGTH, lambda n: actions(button(url="x" * n))),
    (limits.BUTTON_ACCESSIBILITY_LABEL_MAX_LENGTH, lambda n: actions(button(accessibility_label="x" * n))),
    (limits.ACTION_ID_MAX_LENGTH, lambda n: actions(button(action_id="x" * n))),
    (limits.BLOCK_ID_MAX_LENGTH, lambda n: section(1) | {"block_id": "x" * n}),
    (limits.OPTION_TEXT_MAX_LENGTH, lambda n: actions(select("radio_buttons", 1, n))),
    (
        limits.OPTION_VALUE_MAX_LENGTH,
        lambda n: actions({"type": "static_select", "options": [{"text": text(1), "value": "x" * n}]}),
    ),
    (limits.SELECT_OPTIONS_MAX_ITEMS, lambda n: actions(select("static_select", n))),
    (limits.RADIO_BUTTONS_OPTIONS_MAX_ITEMS, lambda n: actions(select("radio_buttons", n))),
    (limits.CHECKBOXES_OPTIONS_MAX_ITEMS, lambda n: actions(select("checkboxes", n))),
    (limits.OVERFLOW_OPTIONS_MAX_ITEMS, lambda n: actions(select("overflow", n))),
    (
        limits.SELECT_PLACEHOLDER_MAX_LENGTH,
        lambda n: actions(select("static_select", 1) | {"placeholder": text(n)}),
    ),
    (
        limits.IMAGE_ALT_TEXT_MAX_LENGTH,
        lambda n: {"type": "image", "image_url": "https://a.example/b.png", "alt_text": "x" * n},
    ),
    (limits.INPUT_LABEL_MAX_LENGTH, lambda n: field({"type": "plain_text_input"}, label=text(n))),
    (limits.INPUT_HINT_MAX_LENGTH, lambda n: field({"type": "plain_text_input"}, hint=text(n))),
    (
        limits.PLAIN_TEXT_INPUT_MAX_LENGTH_MAX,
        lambda n: field({"type": "plain_text_input", "max_length": n}),
    ),
    (
        limits.CONFIRMATION_TITLE_MAX_LENGTH,
        lambda n: actions(button(confirm={"title": text(n), "text": text(1), "confirm": text(1)})),
    ),
    (limits.MARKDOWN_TEXT_MAX_LENGTH, lambda n: {"type": "markdown", "text": "x" * n}),
    (
        limits.TABLE_ROWS_MAX_ITEMS,
        lambda n: {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]] * n},
    ),
    (
        limits.TABLE_COLUMNS_MAX_ITEMS,
        lambda n: {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}] * n]},
    ),
]


@pytest.mark.parametrize(("limit", "make"), BLOCK_LIMITS)
def test_a_block_may_reach_a_limit_and_not_pass_it(limit, make):
    assert faults_in_message({"blocks": [make(limit)]}) == []
    assert faults_in_message({"blocks": [make(limit + 1)]}) != []


VIEW_LIMITS = [
    (limits.VIEW_TITLE_MAX_LENGTH, lambda n: modal(section(1), title=text(n))),
    (limits.VIEW_SUBMIT_MAX_LENGTH, lambda n: modal(section(1), submit=text(n))),
    (limits.VIEW_CLOSE_MAX_LENGTH, lambda n: modal(section(1), close=text(n))),
    (limits.VIEW_PRIVATE_METADATA_MAX_LENGTH, lambda n: modal(section(1), private_metadata="x" * n)),
    (limits.VIEW_CALLBACK_ID_MAX_LENGTH, lambda n: modal(section(1), callback_id="x" * n)),
    (limits.VIEW_EXTERNAL_ID_MAX_LENGTH, lambda n: modal(section(1), external_id="x" * n)),
    (limits.VIEW_BLOCKS_MAX_ITEMS, lambda n: modal(*[section(1)] * n)),
    (limits.FILE_INPUT_MAX_FILES_MAX, lambda n: modal(field({"type": "file_input", "max_files": n}))),
]


@pytest.mark.parametrize(("limit", "make"), VIEW_LIMITS)
def test_a_view_may_reach_a_limit_and_not_pass_it(limit, make):
    assert faults_in_view(make(limit)) == []
    assert faults_in_view(make(limit + 1)) != []


def test_a_message_has_at_most_fifty_blocks():
    assert faults_in_message({"blocks": [section(1)] * limits.MESSAGE_BLOCKS_MAX_ITEMS}) == []
    (fault,) = faults_in_message({"blocks": [section(1)] * 51})
    assert fault == "no more than 50 items allowed [json-pointer:/blocks]"


def test_faults_read_like_slacks():
    (fault,) = faults_in_message({"blocks": [section(3001)]})
    assert fault == "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"


@pytest.mark.parametrize(
    ("payload", "start"),
    [
        ({}, "no_text"),
        ({"text": "x" * 40_001}, "msg_too_long"),
        ({"blocks": [section(2900)] * 5}, "msg_blocks_too_long"),
    ],
)
def test_some_faults_of_a_message_have_a_name_of_their_own(payload, start):
    assert faults_in_message(payload)[0].startswith(start)


@pytest.mark.parametrize(
    "block",
    [
        {"type": "video"},
        {"type": "file", "external_id": "x", "source": "remote"},
        {"type": "header", "text": text(3, "mrkdwn")},
        {"type": "section"},
        {"type": "section", "text": text(0)},
        {"type": "image", "alt_text": "no picture"},
        {"type": "image", "image_url": "https://a.example/b.png"},
        actions(),
        actions(button(style="loud")),
        actions(button(), button()),
        actions({"type": "plain_text_input", "action_id": "a"}),
        actions(select("multi_static_select", 2)),
        actions(select("static_select", 2) | {"initial_option": options(3)[2]}),
        field({"type": "button", "text": text(1)}),
        field({"type": "number_input"}),
        {"type": "rich_text", "elements": [{"type": "text", "text": "bare"}]},
        "a string",
    ],
)
def test_a_block_that_slack_refuses_is_refused(block):
    assert faults_in_message({"text": "fallback", "blocks": [block]}) != []


@pytest.mark.parametrize(
    "block", [{"type": "markdown", "text": "x"}, {"type": "table", "rows": []}, {"type": "video"}]
)
def test_some_blocks_belong_in_messages_alone(block):
    assert any("unsupported type" in fault for fault in faults_in_view(modal(block)))


def test_a_form_needs_a_button_to_send_it():
    view = modal(field({"type": "plain_text_input"}))
    assert faults_in_view(view) == []
    del view["submit"]
    assert faults_in_view(view) == ["missing required field [json-pointer:/view/submit]"]


def test_block_ids_are_unique():
    blocks = [section(1) | {"block_id": "b"}] * 2
    assert len(faults_in_message({"blocks": blocks})) == 1


@pytest.mark.parametrize("make", [make for _, make in BLOCK_LIMITS[:15]])
def test_what_the_sdk_validates_passes_here_too(make):
    for size in (1, 2):
        (block,) = Block.parse_all([make(size)])
        assert faults_in_message({"blocks": [block.to_dict()]}) == []
