"""What Slack refuses in a manifest whose parts are right one by one: what lacks something that stands elsewhere."""

from collections.abc import Iterator
from typing import Any

from local_slack.errors import Json
from local_slack.manifest_names import EVENT_SCOPES

_EVENTS = "settings.event_subscriptions"
_NO_ADDRESS = (
    "is missing, and Socket Mode is off. Add the address, or set settings.socket_mode_enabled to true."
)


def part(document: Json, *keys: str) -> Json:
    """A mapping inside a manifest that may be faulty; empty where there is none."""
    for key in keys:
        found = document.get(key)
        document = found if isinstance(found, dict) else {}
    return document


def rows(document: Json, *keys: str) -> list[Any]:
    """A list inside a manifest that may be faulty; empty where there is none."""
    found = part(document, *keys[:-1]).get(keys[-1])
    return found if isinstance(found, list) else []


def scopes_of(document: Json, kind: str) -> list[Any]:
    """The scopes that an app asks for, those included that people may decline."""
    return [
        *rows(document, "oauth_config", "scopes", kind),
        *rows(document, "oauth_config", "scopes", f"{kind}_optional"),
    ]


def faults_between_parts(document: Json) -> Iterator[tuple[str, str]]:
    """The places in a manifest that lack something elsewhere, each with what to do."""
    yield from _about_features(document)
    for kind in ("bot", "user"):
        yield from _about_events(document, kind)
    if part(document, "settings").get("socket_mode_enabled") is not True:
        yield from ((place, _NO_ADDRESS) for place in _without_address(document))


def _about_features(document: Json) -> Iterator[tuple[str, str]]:
    features, scopes = part(document, "features"), scopes_of(document, "bot")
    commands = rows(features, "slash_commands")
    if (commands or rows(features, "shortcuts")) and "commands" not in scopes:
        yield "oauth_config.scopes.bot", "lacks commands, which slash commands and shortcuts need. Add it."
    for index, command in enumerate(commands):
        if part({"row": command}, "row").get("command") == "/status":
            yield f"features.slash_commands[{index}].command", "is Slack's own. Choose another name."
    if scopes and "bot_user" not in features:
        yield (
            "features.bot_user",
            "is missing, though the app asks for bot scopes. Add it with a display_name.",
        )
    if not {"agent_view", "assistant_view"} & set(features):
        words = "assistant:write goes only with features.agent_view. Add that, or take the scope out."
        for kind in ("bot", "bot_optional"):
            for index, scope in enumerate(rows(document, "oauth_config", "scopes", kind)):
                if scope == "assistant:write":
                    yield f"oauth_config.scopes.{kind}[{index}]", words
    if "assistant_view" in features and "assistant_thread_started" not in rows(
        document, "settings", "event_subscriptions", "bot_events"
    ):
        yield (
            "features.assistant_view",
            f"needs the event assistant_thread_started. Add it to {_EVENTS}.bot_events.",
        )


def _about_events(document: Json, kind: str) -> Iterator[tuple[str, str]]:
    scopes = scopes_of(document, kind)
    for index, event in enumerate(rows(document, "settings", "event_subscriptions", f"{kind}_events")):
        needed = EVENT_SCOPES.get(event, ()) if isinstance(event, str) else ()
        if needed and not any(scope in scopes for scope in needed):
            yield (
                f"{_EVENTS}.{kind}_events[{index}]",
                f"{event} needs the {kind} scope {' or '.join(needed)}. Add it to oauth_config.scopes.{kind}.",
            )


def _without_address(document: Json) -> Iterator[str]:
    """The addresses that are missing where Slack has to send to the app."""
    events, interactivity = (
        part(document, "settings", "event_subscriptions"),
        part(document, "settings", "interactivity"),
    )
    if (events.get("bot_events") or events.get("user_events")) and "request_url" not in events:
        yield f"{_EVENTS}.request_url"
    if interactivity.get("is_enabled") is True and "request_url" not in interactivity:
        yield "settings.interactivity.request_url"
    for index, command in enumerate(rows(document, "features", "slash_commands")):
        if isinstance(command, dict) and "url" not in command:
            yield f"features.slash_commands[{index}].url"
