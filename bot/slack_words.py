"""What somebody wrote in Slack, as they saw it themselves: Slack's escapes and references undone."""

import re

_REFERENCE = re.compile(r"<([^<>]*)>")


def spoken(text: str) -> str:
    """Return the text with its signs as typed, and neutral words for people, channels and addresses.

    >>> spoken("score &lt; 0.5 &amp; ask <@U123>")
    'score < 0.5 & ask somebody'
    >>> spoken("see <https://example.org/x|our plan> or <https://example.org>")
    'see our plan or (a link)'
    >>> spoken("write to <mailto:ada@example.org|ada@example.org>")
    'write to (an e-mail address)'
    """
    said = _REFERENCE.sub(_neutral, text)
    # & last, or "&amp;lt;", which somebody typed as "&lt;", would lose its form.
    return said.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _neutral(match: re.Match[str]) -> str:
    target, _, label = match.group(1).partition("|")
    if target.startswith("@"):
        return "somebody"
    if target.startswith("#"):
        return "a channel"
    if target.startswith("!"):
        return _of_command(target, label)
    if target.startswith("mailto:"):
        return "(an e-mail address)"
    if target.startswith("tel:"):
        return "(a telephone number)"
    return label if label and "://" not in label and label not in target else "(a link)"


def _of_command(target: str, label: str) -> str:
    if target.startswith(("!subteam", "!team")):
        return "a group"
    # A date says itself in its label; !here, !channel and !everyone have none worth reading.
    return label if target.startswith("!date") and label else "everybody"
