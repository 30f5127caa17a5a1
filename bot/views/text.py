"""From Markdown and strangers' words to Slack's text."""

import re

_BOLD = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)
_ITALIC = re.compile(r"(?<![*\w])\*(?!\s)([^*\n]+?)(?<!\s)\*(?![*\w])")
_LINK = re.compile(r"\[([^\]]+)\]\((https?://[^)\s]+)\)")
_BULLET = re.compile(r"^(\s*)[-*] ", re.MULTILINE)
_HEADING = re.compile(r"^#{1,6} +(.+)$", re.MULTILINE)
#: What in a model's Markdown could act instead of being read, and what it is turned into.
_ACTIVE = (
    (re.compile(r"<"), "&lt;"),  # mentions, channels, dates, Slack's own links
    (re.compile(r"@(?=channel\b|here\b|everyone\b)", re.IGNORECASE), "@\u2060"),
    (re.compile(r"!\["), "["),  # pictures from elsewhere
    (re.compile(r"\]\((?!https://)"), "] ("),  # links that are not https
    (re.compile(r"\]:"), "] :"),  # links defined apart from their words
)
#: A word with one of these may be the beginning of something active.
_SUSPICIOUS = re.compile(r"[<@!\[\]]")


def escape(text: str) -> str:
    """Return text that Slack shows as it is: no mention, link or channel in it works.

    >>> escape("<!channel> & <@U1>")
    '&lt;!channel&gt; &amp; &lt;@U1&gt;'
    """
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def mrkdwn(markdown: str) -> str:
    r"""Return our small Markdown as Slack's mrkdwn, escaped.

    >>> mrkdwn("**Pitch** is *not* identity: 3 < 4")
    '*Pitch* is _not_ identity: 3 &lt; 4'
    >>> print(mrkdwn("- one\n- two"))
    • one
    • two
    """
    text = escape(markdown.strip())
    text = _BULLET.sub(r"\1• ", text)
    text = _ITALIC.sub(r"_\1_", text)
    text = _HEADING.sub(r"*\1*", text)
    text = _BOLD.sub(r"*\1*", text)
    return _LINK.sub(r"<\2|\1>", text)


def plain(markdown: str) -> str:
    """Return our small Markdown without its marks, for notifications and screen readers.

    >>> plain("**Pitch** is *not* `identity`")
    'Pitch is not identity'
    """
    text = _ITALIC.sub(r"\1", _BOLD.sub(r"\1", markdown.strip()))
    return _HEADING.sub(r"\1", _LINK.sub(r"\1", text)).replace("`", "")


def tame(markdown: str) -> str:
    """Return a model's Markdown in which no mention can fire and no link leads anywhere but to https.

    >>> tame("Ask <@U1> or <!here>, or <#C1>")
    'Ask &lt;@U1> or &lt;!here>, or &lt;#C1>'
    >>> tame("[read](javascript:alert) [read](https://example.org)")
    '[read] (javascript:alert) [read](https://example.org)'
    """
    for pattern, harmless in _ACTIVE:
        markdown = pattern.sub(harmless, markdown)
    return markdown


class Tamer:
    """Tames text that comes in pieces: a word that may become something active waits for its end."""

    def __init__(self) -> None:
        self._held = ""

    def add(self, piece: str) -> str:
        """Return what can be shown by now, tamed."""
        text = self._held + piece
        end = max(text.rfind(" "), text.rfind("\n")) + 1
        if not _SUSPICIOUS.search(text[end:]):
            end = len(text)
        self._held = text[end:]
        return tame(text[:end])


def shorten(text: str, num_characters: int) -> str:
    """Return the text, cut at a word with an ellipsis where it is too long.

    >>> shorten("one two three", 9)
    'one two…'
    """
    if len(text) <= num_characters:
        return text
    cut = text[: num_characters - 1]
    return (cut[: cut.rfind(" ")] if " " in cut else cut).rstrip() + "…"


def clock(time_s: float) -> str:
    """Return a time as a person would say it.

    >>> clock(63.4), clock(3725)
    ('1:03', '1:02:05')
    """
    minutes, seconds = divmod(int(time_s), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def count(number: int, noun: str) -> str:
    """Return a number with its noun.

    >>> count(1, "speaker"), count(3, "speaker")
    ('1 speaker', '3 speakers')
    """
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
