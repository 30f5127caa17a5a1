"""Names that Slack knows: scopes, and events with the scopes of which one is needed."""

from pathlib import Path

import yaml

_names = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))
_both = _names["scopes"]["of bots and of people"]

BOT_SCOPES = frozenset(_both + _names["scopes"]["of bots alone"])
USER_SCOPES = frozenset(_both + _names["scopes"]["of people alone"])

#: Every event, with the scopes of which one is needed to subscribe to it.
EVENT_SCOPES: dict[str, tuple[str, ...]] = {
    event: () if scopes == "none" else tuple(scopes.split(" or "))
    for scopes, events in _names["events"].items()
    for event in events
}
