"""What holds for every message that we send, whatever strangers named their files and turns."""

import re

import pytest

from local_slack.payloads import faults_in_message

#: Words that people, files and models bring; none of them may reach anybody or do anything.
HOSTILE = {
    "channel": "<!channel> look",
    "here": "<!here|here>",
    "person": "<@U0ADA> and <@W1>",
    "group": "<!subteam^S1|everyone>",
    "link": "<https://evil.example|your bank>",
    "script": "<javascript:alert(1)|press>",
    "markdown link": "[press](javascript:alert(1))",
    "long": "a name that goes on " * 250,
    "one long word": "A" * 5_000,
    "escapes": "&lt;!channel&gt; &amp;lt;",
    "marks": "*bold* _slanted_ ~gone~ `code` > quote",
    "right to left": "\u202egpj.exe\u202c",
    "lines": "one\n\n\ntwo\r\nthree",
    "emoji": ":tada: 👩‍👩‍👧‍👦",
}
_LIVE = re.compile(r"<(?:[@#!]|(?!https?://|mailto:)[a-z][a-z0-9+.-]*:)", re.IGNORECASE)
_CHAT_UPDATE_TEXT = 4_000


@pytest.fixture(params=HOSTILE.values(), ids=HOSTILE.keys())
def hostile(request):
    return request.param


@pytest.fixture
def check():
    """Fail where Slack would refuse the message, or where something in it would fire."""

    def check_message(message, *, may_mention=()):
        faults = faults_in_message({"text": message.text, "blocks": message.blocks})
        assert faults == []
        assert len(message.text) <= _CHAT_UPDATE_TEXT, "chat.update takes no more"
        assert message.text.strip(), "screen readers and notifications read the text alone"
        for place, shown in _texts(message.blocks):
            text = shown
            for allowed in may_mention:
                text = text.replace(f"<@{allowed}>", "")
            if place in {"mrkdwn", "markdown"}:
                assert not _LIVE.search(text), text[:200]
                assert "<https://evil.example|" not in text
        assert not _LIVE.search(message.text), message.text[:200]
        return message

    return check_message


def _texts(node):
    if isinstance(node, list):
        for item in node:
            yield from _texts(item)
    elif isinstance(node, dict):
        if isinstance(node.get("text"), str) and node.get("type") in {"mrkdwn", "plain_text", "markdown"}:
            yield node["type"], node["text"]
        for value in node.values():
            yield from _texts(value)
