"""Which manifests the workspace starts with: those that Slack takes, and no other."""

import copy
from pathlib import Path

import pytest
import yaml

from local_slack.errors import ManifestError
from local_slack.manifest import read_manifest
from local_slack.manifest_rules import faults_between_parts

ROOT = Path(__file__).parents[3]
RIGHT = yaml.safe_load("""
display_information: {name: whospoke, description: Who spoke when}
features:
  bot_user: {display_name: whospoke}
  shortcuts: [{name: Label, type: message, callback_id: label, description: Who spoke when}]
  slash_commands: [{command: /whospoke, description: The course}]
oauth_config:
  scopes:
    bot: [chat:write, commands, im:history]
settings:
  event_subscriptions:
    bot_events: [app_home_opened, message.im]
  interactivity: {is_enabled: true}
  socket_mode_enabled: true
""")


@pytest.fixture(name="refusal")
def _refusal(tmp_path):
    """What the workspace says of a manifest, line by line; nothing where it takes it."""

    def run(document):
        path = tmp_path / "manifest.yaml"
        path.write_text(yaml.safe_dump(document))
        try:
            read_manifest(path)
        except ManifestError as error:
            first, *lines = str(error).splitlines()
            assert first == f"Slack would refuse the manifest {path}:"
            return lines
        return []

    return run


def changed(place, value):
    """A right manifest with another value at a place; an added entry where the place ends with a plus."""
    document = copy.deepcopy(RIGHT)
    *way, last = place.rstrip("+").split(".")
    holder = document
    for key in way:
        holder = holder[int(key) if key.isdigit() else key]
    if place.endswith("+"):
        holder[last] = [*holder[last], value]
    elif value is None:
        del holder[last]
    else:
        holder[last] = value
    return document


@pytest.mark.parametrize(
    "path",
    ["slack_manifest.yaml", "tests/e2e/slack_manifest.yaml", "tests/unit/local_slack/slack_manifest.yaml"],
)
def test_our_own_manifests_are_taken(path):
    assert read_manifest(ROOT / path).commands["/whospoke"]


@pytest.mark.parametrize(
    ("place", "value", "line"),
    [
        (
            "display_information.name",
            "w" * 60,
            "display_information.name: is 60 characters long; Slack takes at most 35. Shorten it.",
        ),
        (
            "display_information.description",
            "w" * 300,
            "display_information.description: is 300 characters long; Slack takes at most 140. Shorten it.",
        ),
        (
            "features.bot",
            {},
            "features.bot: Slack knows no such key here. Take it out, or correct its name.",
        ),
        (
            "features.shortcuts.0.name",
            "w" * 60,
            "features.shortcuts[0].name: is 60 characters long; Slack takes at most 24. Shorten it.",
        ),
        (
            "oauth_config.scopes.bot+",
            "assistant:write",
            (
                "oauth_config.scopes.bot[3]: assistant:write goes only with features.agent_view. "
                "Add that, or take the scope out."
            ),
        ),
        (
            "features.assistant_view",
            {"assistant_description": "Helps"},
            (
                "features.assistant_view: needs the event assistant_thread_started. "
                "Add it to settings.event_subscriptions.bot_events."
            ),
        ),
        (
            "oauth_config.scopes.bot+",
            "chat:wriet",
            (
                "oauth_config.scopes.bot[3]: 'chat:wriet' is no bot scope that Slack's pages name. "
                "Did you mean chat:write?"
            ),
        ),
        (
            "settings.event_subscriptions.bot_events+",
            "user_changed",
            (
                "settings.event_subscriptions.bot_events[2]: 'user_changed' is no event that Slack's pages name. "
                "Did you mean user_change?"
            ),
        ),
        (
            "features.slash_commands.0.command",
            "/who spoke",
            "features.slash_commands[0].command: has to be a slash and one word, such as /learn: take out spaces.",
        ),
        (
            "features.bot_user",
            None,
            "features.bot_user: is missing, though the app asks for bot scopes. Add it with a display_name.",
        ),
    ],
)
def test_what_slack_refuses_is_refused_with_its_place_and_what_to_do(refusal, place, value, line):
    assert refusal(changed(place, value)) == [line]


def test_all_faults_are_told_at_once(refusal):
    document = changed("display_information.name", "w" * 36)
    document["oauth_config"]["scopes"]["bot"].remove("im:history")
    document["features"]["slash_commands"][0] = "whospoke"
    assert [line.split(":")[0] for line in refusal(document)] == [
        "display_information.name",
        "features.slash_commands[0]",
        "settings.event_subscriptions.bot_events[1]",
    ]


@pytest.mark.parametrize(
    ("place", "value", "line"),
    [
        (
            "oauth_config.scopes.bot",
            ["chat:write", "im:history"],
            "oauth_config.scopes.bot: lacks commands, which slash commands and shortcuts need. Add it.",
        ),
        (
            "settings.event_subscriptions.bot_events+",
            "reaction_added",
            (
                "settings.event_subscriptions.bot_events[2]: reaction_added needs the bot scope reactions:read. "
                "Add it to oauth_config.scopes.bot."
            ),
        ),
        (
            "settings.event_subscriptions.user_events",
            ["message"],
            (
                "settings.event_subscriptions.user_events[0]: message needs the user scope channels:history or "
                "groups:history or im:history or mpim:history. Add it to oauth_config.scopes.user."
            ),
        ),
        (
            "features.slash_commands.0.command",
            "/status",
            "features.slash_commands[0].command: is Slack's own. Choose another name.",
        ),
    ],
)
def test_parts_that_need_each_other_are_asked_for(refusal, place, value, line):
    assert refusal(changed(place, value)) == [line]


def test_without_socket_mode_every_address_is_asked_for(refusal):
    words = (
        "is missing, and Socket Mode is off. Add the address, or set settings.socket_mode_enabled to true."
    )
    assert refusal(changed("settings.socket_mode_enabled", False)) == [
        f"settings.event_subscriptions.request_url: {words}",
        f"settings.interactivity.request_url: {words}",
        f"features.slash_commands[0].url: {words}",
    ]
    document = changed("settings.socket_mode_enabled", False)
    for part in (document["settings"]["event_subscriptions"], document["settings"]["interactivity"]):
        part["request_url"] = "https://example.com/slack"
    document["features"]["slash_commands"][0]["url"] = "https://example.com/slack"
    assert refusal(document) == []


@pytest.mark.parametrize("feature", ["agent_view", "assistant_view"])
def test_the_scope_of_assistants_goes_with_their_feature(refusal, feature):
    document = changed("oauth_config.scopes.bot+", "assistant:write")
    document["features"][feature] = {"assistant_description": "Helps"} if feature == "assistant_view" else {}
    document["settings"]["event_subscriptions"]["bot_events"].append("assistant_thread_started")
    assert refusal(document) == []


def test_scopes_that_people_may_decline_count_too(refusal, tmp_path):
    document = changed("oauth_config.scopes.bot_optional", ["reactions:read"])
    document["settings"]["event_subscriptions"]["bot_events"].append("reaction_added")
    assert refusal(document) == []
    assert "reactions:read" in read_manifest(tmp_path / "manifest.yaml").scopes


@pytest.mark.parametrize("key", ["features", "oauth_config", "settings"])
@pytest.mark.parametrize("value", [None, [], "text", {"scopes": [], "bot_events": 1, "slash_commands": {}}])
def test_rules_between_parts_bear_with_parts_that_are_faulty(key, value):
    assert all(words for _, words in faults_between_parts(RIGHT | {key: value}))


def test_a_manifest_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ManifestError, match=r"cannot be read .* --manifest"):
        read_manifest(tmp_path / "none.yaml")


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"a: [", "is not valid YAML"), (b"\xff\xfe\x00", "is not valid YAML"), (b"- a", "has to be a mapping")],
)
def test_a_file_that_is_no_manifest_is_told_apart(tmp_path, content, words):
    path = tmp_path / "manifest.yaml"
    path.write_bytes(content)
    with pytest.raises(ManifestError, match=words):
        read_manifest(path)
