"""One message with every block and element that the page draws."""

from typing import Any

Json = dict[str, Any]


def plain(text: str) -> Json:
    """A plain_text object."""
    return {"type": "plain_text", "text": text}


def marked(text: str) -> Json:
    """An mrkdwn object."""
    return {"type": "mrkdwn", "text": text}


def option(text: str, value: str) -> Json:
    """An option of a select, of radio buttons or of checkboxes."""
    return {"text": plain(text), "value": value}


OPTIONS = [option("Embedded", "embedded"), option("Neural", "neural")]

ENGINES = {
    "type": "multi_static_select",
    "action_id": "engines",
    "placeholder": plain("Engines"),
    "options": OPTIONS,
}

PURPOSES = {
    "type": "checkboxes",
    "action_id": "purposes",
    "options": [option("Label", "label"), option("Keep pictures", "pictures")],
}

MARKDOWN = """# A heading

Some **bold** and *slanted* words, `code`, [a page](https://example.com/page).

1. one
2. two
   - inside two

> quoted

| Speaker | Seconds |
|---|--:|
| Maya | 12 |

```
kept  as  it  is
```
"""

RICH = [
    {
        "type": "rich_text_section",
        "elements": [{"type": "text", "text": "rich and bold", "style": {"bold": True}}],
    },
    {
        "type": "rich_text_list",
        "style": "bullet",
        "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "a rich bullet"}]}],
    },
]


def every_block(picture_id: str) -> list[Json]:
    """All blocks, with every element that may stand in a message."""
    picture = {"slack_file": {"id": picture_id}, "alt_text": "A grey timeline"}
    selects = [
        {
            "type": "static_select",
            "action_id": "engine",
            "placeholder": plain("An engine"),
            "options": OPTIONS,
        },
        {"type": "users_select", "action_id": "who", "placeholder": plain("Somebody")},
        {"type": "channels_select", "action_id": "where", "placeholder": plain("A channel")},
        {"type": "conversations_select", "action_id": "place", "placeholder": plain("A conversation")},
        {"type": "datepicker", "action_id": "day", "initial_date": "2026-03-01"},
        {"type": "timepicker", "action_id": "hour", "initial_time": "09:30"},
        {"type": "radio_buttons", "action_id": "answer", "options": OPTIONS},
    ]
    buttons = [
        {"type": "button", "action_id": "next", "text": plain("Next card"), "style": "primary", "value": "2"},
        {
            "type": "button",
            "action_id": "gone",
            "text": plain(":x:"),
            "accessibility_label": "Remove the card",
        },
        {
            "type": "button",
            "action_id": "page",
            "text": plain("Read more"),
            "url": "https://example.com/more",
        },
        {
            "type": "overflow",
            "action_id": "more",
            "options": [option("Rename", "rename"), option("Share", "share")],
        },
    ]
    return [
        {"type": "header", "text": plain("Lesson one :mortar_board:")},
        {
            "type": "section",
            "text": marked("*Bold*, _slanted_, ~gone~, `code`, <@U0BEN>, <#C0GENERAL>\n> quoted\n• point"),
        },
        {"type": "section", "fields": [marked("*Voices*\n3"), marked("*Overlap*\n12 %")]},
        {"type": "section", "text": marked("Purposes"), "accessory": PURPOSES},
        {"type": "section", "text": marked("Engines to compare"), "accessory": ENGINES},
        {"type": "divider"},
        {"type": "context", "elements": [{"type": "image", **picture}, marked("Card 1 of 9")]},
        {"type": "actions", "elements": buttons},
        {"type": "actions", "elements": selects},
        {"type": "image", **picture, "title": plain("The timeline")},
        {"type": "markdown", "text": MARKDOWN},
        {"type": "rich_text", "elements": RICH},
        {
            "type": "table",
            "rows": [
                [{"type": "raw_text", "text": t} for t in row] for row in (("Name", "Turns"), ("Alan", "7"))
            ],
        },
    ]
