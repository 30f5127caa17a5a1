"""What the app's manifest allows it: scopes, events, commands and shortcuts."""

from dataclasses import dataclass
from pathlib import Path

import yaml

from local_slack.errors import Json, ManifestError

#: The scopes of which one is needed to subscribe to an event.
EVENT_SCOPES: dict[str, tuple[str, ...]] = {
    "app_mention": ("app_mentions:read",),
    "file_change": ("files:read",),
    "file_created": ("files:read",),
    "file_deleted": ("files:read",),
    "file_shared": ("files:read",),
    "member_joined_channel": ("channels:read", "groups:read"),
    "member_left_channel": ("channels:read", "groups:read"),
    "message.channels": ("channels:history",),
    "message.groups": ("groups:history",),
    "message.im": ("im:history",),
    "message.mpim": ("mpim:history",),
    "reaction_added": ("reactions:read",),
    "reaction_removed": ("reactions:read",),
    "team_join": ("users:read",),
    "user_change": ("users:read",),
}


@dataclass(frozen=True)
class Manifest:
    """The parts of an app manifest that decide what an app may do."""

    name: str
    bot_name: str
    scopes: tuple[str, ...]
    bot_events: frozenset[str]
    commands: dict[str, Json]
    shortcuts: dict[str, Json]
    shortcut_rows: tuple[Json, ...]
    is_interactive: bool
    has_home_tab: bool
    has_messages_tab: bool


def read_manifest(path: Path) -> Manifest:
    """Reads and checks a manifest (YAML or JSON).

    Raises:
        ManifestError: It cannot be read, or Slack would refuse it.
    """
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ManifestError(
            f"The manifest {path} cannot be read ({error.strerror}). Give its path with --manifest."
        ) from error
    except yaml.YAMLError as error:
        raise ManifestError(f"The manifest {path} is not valid YAML: {error}") from error
    if not isinstance(document, dict):
        raise ManifestError(
            f"The manifest {path} has to be a mapping with display_information, features and settings."
        )
    manifest = _parse(document)
    _check(manifest)
    return manifest


def _parse(document: Json) -> Manifest:
    features = document.get("features") or {}
    settings = document.get("settings") or {}
    name = (document.get("display_information") or {}).get("name") or ""
    home = features.get("app_home") or {}
    bot_user = features.get("bot_user") or {}
    return Manifest(
        name=name,
        bot_name=bot_user.get("display_name") or name,
        scopes=tuple(((document.get("oauth_config") or {}).get("scopes") or {}).get("bot") or ()),
        bot_events=frozenset((settings.get("event_subscriptions") or {}).get("bot_events") or ()),
        commands={command["command"]: command for command in features.get("slash_commands") or ()},
        shortcuts={shortcut["callback_id"]: shortcut for shortcut in features.get("shortcuts") or ()},
        shortcut_rows=tuple(features.get("shortcuts") or ()),
        is_interactive=bool((settings.get("interactivity") or {}).get("is_enabled")),
        has_home_tab=bool(home.get("home_tab_enabled")),
        has_messages_tab=bool(home.get("messages_tab_enabled", True))
        and not home.get("messages_tab_read_only_enabled"),
    )


def _check(manifest: Manifest) -> None:
    if not manifest.name:
        raise ManifestError("The manifest needs display_information.name.")
    if (manifest.commands or manifest.shortcuts) and "commands" not in manifest.scopes:
        raise ManifestError("The manifest declares commands or shortcuts; add the bot scope commands.")
    for command in manifest.commands:
        if not command.startswith("/"):
            raise ManifestError(f"slash_commands: {command} has to begin with a slash.")
    for callback_id, shortcut in manifest.shortcuts.items():
        kind = shortcut.get("type")
        if kind not in {"message", "global"}:
            raise ManifestError(
                f"shortcuts: {callback_id} is of type {kind}; Slack knows message and global."
            )
    for event in sorted(manifest.bot_events):
        needed = EVENT_SCOPES.get(event, ())
        if needed and not set(needed) & set(manifest.scopes):
            raise ManifestError(f"bot_events names {event}, which needs the bot scope {' or '.join(needed)}.")
