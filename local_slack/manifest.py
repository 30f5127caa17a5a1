"""What the app's manifest allows it: scopes, events, commands and shortcuts."""

from dataclasses import dataclass
from pathlib import Path

import yaml

from local_slack.errors import Json, ManifestError
from local_slack.manifest_form import faults_of_form
from local_slack.manifest_rules import faults_between_parts, part, rows, scopes_of


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
        ManifestError: It cannot be read, or Slack would refuse it; the message names every fault with its place.
    """
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ManifestError(
            f"The manifest {path} cannot be read ({error.strerror}). Give its path with --manifest."
        ) from error
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        raise ManifestError(f"The manifest {path} is not valid YAML: {error}") from error
    if not isinstance(document, dict):
        raise ManifestError(
            f"The manifest {path} has to be a mapping with display_information, features and settings."
        )
    if faults := [*faults_of_form(document), *faults_between_parts(document)]:
        lines = [f"{place}: {words}" for place, words in faults]
        raise ManifestError("\n".join([f"Slack would refuse the manifest {path}:", *lines]))
    return _parse(document)


def _parse(document: Json) -> Manifest:
    features, settings = part(document, "features"), part(document, "settings")
    name = document["display_information"]["name"]
    home, shortcuts = part(features, "app_home"), rows(features, "shortcuts")
    return Manifest(
        name=name,
        bot_name=part(features, "bot_user").get("display_name", name),
        scopes=tuple(scopes_of(document, "bot")),
        bot_events=frozenset(rows(settings, "event_subscriptions", "bot_events")),
        commands={command["command"]: command for command in rows(features, "slash_commands")},
        shortcuts={shortcut["callback_id"]: shortcut for shortcut in shortcuts},
        shortcut_rows=tuple(shortcuts),
        is_interactive=part(settings, "interactivity").get("is_enabled", False),
        has_home_tab=home.get("home_tab_enabled", False),
        has_messages_tab=home.get("messages_tab_enabled", True)
        and not home.get("messages_tab_read_only_enabled"),
    )
