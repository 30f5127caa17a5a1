"""From Markdown and strangers' words to Slack's text."""

import re
from datetime import datetime

_BOLD = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)
_ITALIC = re.compile(r"(?<![*\w])\*(?!\s)([^*\n]+?)(?<!\s)\*(?![*\w])")
_LINK = re.compile(r"\[([^\]]+)\]\((https?://[^)\s]+)\)")
_BULLET = re.compile(r"^(\s*)[-*] ", re.MULTILINE)
_HEADING = re.compile(r"^#{1,6} +(.+)$", re.MULTILINE)
#: What in a model's Markdown could act instead of being read, and what it is turned into. Each is found in one
#: word, as replies are tamed word by word while they are written.
_LINK_LEFT_OUT = "‹link left out›"
_ACTIVE = (
    (re.compile(r"<"), "&lt;"),  # mentions, channels, dates, Slack's own links
    (re.compile(r"@(?=channel\b|here\b|everyone\b)", re.IGNORECASE), "@\u2060"),
    (re.compile(r"!\["), "["),  # pictures from elsewhere
    (re.compile(r"\]\("), "] ("),  # links with words of their own
    (re.compile(r"\]:"), "] :"),  # links defined apart from their words
    (re.compile(r"\]\["), "] ["),  # and used by name
    # Addresses that Slack makes links of by itself, whatever stands around them.
    (re.compile(r"\b[a-z][a-z0-9+.-]*:/{1,2}[^\s)\]>]*|\bwww\.[^\s)\]>]+", re.IGNORECASE), _LINK_LEFT_OUT),
    (re.compile(r"\b(mailto|tel|javascript|data):[^\s)\]>]+", re.IGNORECASE), _LINK_LEFT_OUT),
    (re.compile(r"\b[\w.+-]+@[\w-]+(\.[\w-]+)+", re.IGNORECASE), "‹address left out›"),
)
#: A word with one of these, or that ends in a letter, may be the beginning of something active. What ends
#: otherwise is whole; scripts without spaces would else wait for ever.
_MAY_GROW = re.compile(r"[<@!\[\]:/.]|[a-z0-9+-]$", re.IGNORECASE)
#: Bare domains, which Slack may make links of, too. Names such as pyannote.audio are none.
_DOMAIN = re.compile(
    r"\b((?:[a-z0-9-]+\.)+)(?=(?:com|org|net|io|co|ai|dev|app|info|biz|me|ly|gg|xyz|site|online|link|top|ru|cn|de|uk|eu)\b)",
    re.IGNORECASE,
)
#: Where a person who is not well finds a person: ours, in every reply that needs it.
_OUR_DOMAINS = ("findahelpline.",)


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
    """Return a model's Markdown in which no mention can fire and nothing is a link.

    >>> tame("Ask <@U1> or <!here>, or <#C1>")
    'Ask &lt;@U1> or &lt;!here>, or &lt;#C1>'
    >>> tame("[read](javascript:alert) [this](https://evil.example/x) or https://evil.example")
    '[read] (‹link left out›) [this] (‹link left out›) or ‹link left out›'
    """
    for pattern, harmless in _ACTIVE:
        markdown = pattern.sub(harmless, markdown)
    return _DOMAIN.sub(_apart, markdown)


def _apart(match: re.Match[str]) -> str:
    """Keep a domain readable and take it apart by a sign that is not seen."""
    name = match.group(1)
    return name if name.lower() in _OUR_DOMAINS else f"{name}\u2060"


class Tamer:
    """Tames text that comes in pieces: a word waits for its end, as it may become something active."""

    def __init__(self) -> None:
        self._held = ""

    def add(self, piece: str) -> str:
        """Return what can be shown by now, tamed."""
        text = self._held + piece
        end = max(text.rfind(" "), text.rfind("\n")) + 1
        if not _MAY_GROW.search(text[end:]):
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


def moment(at: datetime) -> str:
    """Return a moment that Slack shows in the reader's own time."""
    return f"<!date^{int(at.timestamp())}^{{date_long}}, {{time}}|{moment_words(at)}>"


def moment_words(at: datetime) -> str:
    """Return the same where Slack does not look, as in a notification.

    >>> moment_words(datetime(2026, 11, 23, 9, 5))
    '23 November, 09:05 UTC'
    """
    return f"{at.day} {at:%B}, {at:%H:%M} UTC"


def count(number: int, noun: str) -> str:
    """Return a number with its noun.

    >>> count(1, "speaker"), count(3, "speaker")
    ('1 speaker', '3 speakers')
    """
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
