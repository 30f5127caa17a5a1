"""Keys, limits and choices of a manifest, as Slack's published schema (versions 1 and 2) states them."""

import copy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from local_slack.manifest_form import faults_of_form
from local_slack.manifest_names import EVENT_SCOPES

URL = "https://example.com/"

#: A manifest with every key that may stand in one; lists have one entry.
FULL = {
    "$schema": URL,
    "_metadata": {"major_version": 2, "minor_version": 1, "schema_version": 1, "min_version": 1},
    "display_information": {
        "name": "whospoke",
        "description": "Who spoke when",
        "long_description": "Who spoke when. " * 11,
        "background_color": "#1f3a4d",
    },
    "app_directory": {
        "app_directory_categories": ["education"],
        "use_direct_install": True,
        "direct_install_url": URL,
        "installation_landing_page": URL,
        "privacy_policy_url": URL,
        "support_url": URL,
        "support_email": "help@example.com",
        "supported_languages": ["English"],
        "pricing": "free",
    },
    "features": {
        "app_home": {
            "home_tab_enabled": True,
            "messages_tab_enabled": True,
            "messages_tab_read_only_enabled": False,
        },
        "bot_user": {"display_name": "whospoke", "always_online": True},
        "shortcuts": [{"name": "Label", "type": "message", "callback_id": "label", "description": "Label"}],
        "slash_commands": [
            {
                "command": "/learn",
                "url": URL,
                "description": "Learn",
                "usage_hint": "help",
                "should_escape": True,
            }
        ],
        "workflow_steps": [{"name": "Label", "callback_id": "label"}],
        "unfurl_domains": ["example.com"],
        "assistant_view": {
            "assistant_description": "Helps",
            "suggested_prompts": [{"title": "Help", "message": "Help me"}],
        },
        "agent_view": {
            "agent_description": "Helps",
            "suggested_prompts": [{"title": "Help", "message": "Help me"}],
            "actions": [{"name": "Help", "description": "Helps"}],
        },
    },
    "oauth_config": {
        "redirect_urls": [URL],
        "scopes": {
            "bot": ["chat:write"],
            "bot_optional": ["files:read"],
            "user": ["search:read"],
            "user_optional": ["email"],
        },
        "token_management_enabled": False,
        "pkce_enabled": False,
    },
    "settings": {
        "allowed_ip_address_ranges": ["192.0.2.0/24"],
        "event_subscriptions": {
            "request_url": URL,
            "bot_events": ["app_home_opened"],
            "user_events": ["tokens_revoked"],
            "metadata_subscriptions": [{"app_id": "A1", "event_type": "label"}],
        },
        "incoming_webhooks": {"incoming_webhooks_enabled": False},
        "interactivity": {"is_enabled": True, "request_url": URL, "message_menu_options_url": URL},
        "org_deploy_enabled": False,
        "socket_mode_enabled": True,
        "token_rotation_enabled": False,
        "is_hosted": False,
        "is_mcp_enabled": False,
        "siws_links": {"initiate_uri": URL},
        "hermes_app_type": "remote",
        "function_runtime": "remote",
    },
}

#: The fewest and the most characters of a text.
CHARACTERS = {
    "display_information.name": (1, 35),
    "display_information.description": (1, 140),
    "display_information.long_description": (175, 4000),
    "app_directory.app_directory_categories[0]": (1, 255),
    "app_directory.direct_install_url": (0, 255),
    "app_directory.installation_landing_page": (0, 255),
    "app_directory.privacy_policy_url": (0, 500),
    "app_directory.support_url": (0, 350),
    "app_directory.supported_languages[0]": (0, 50),
    "app_directory.pricing": (1, 30),
    "features.bot_user.display_name": (1, 80),
    "features.shortcuts[0].name": (1, 24),
    "features.shortcuts[0].callback_id": (1, 255),
    "features.shortcuts[0].description": (1, 150),
    "features.slash_commands[0].command": (2, 32),
    "features.slash_commands[0].url": (0, 3000),
    "features.slash_commands[0].description": (1, 2000),
    "features.slash_commands[0].usage_hint": (1, 1000),
    "features.workflow_steps[0].name": (1, 50),
    "features.workflow_steps[0].callback_id": (1, 50),
    "features.unfurl_domains[0]": (2, 255),
    "features.agent_view.agent_description": (0, 300),
    "oauth_config.redirect_urls[0]": (0, 2500),
    "settings.event_subscriptions.request_url": (0, 3500),
    "settings.event_subscriptions.metadata_subscriptions[0].event_type": (0, 50),
    "settings.interactivity.request_url": (0, 3500),
    "settings.interactivity.message_menu_options_url": (0, 3500),
    "settings.siws_links.initiate_uri": (0, 3500),
}

#: The fewest and the most entries of a list.
ENTRIES = {
    "app_directory.app_directory_categories": (0, 3),
    "app_directory.supported_languages": (1, 50),
    "features.shortcuts": (1, 10),
    "features.slash_commands": (1, 50),
    "features.workflow_steps": (1, 10),
    "features.unfurl_domains": (1, 5),
    "features.agent_view.suggested_prompts": (0, 4),
    "oauth_config.redirect_urls": (0, 1000),
    "oauth_config.scopes.bot": (0, 255),
    "oauth_config.scopes.bot_optional": (0, 255),
    "oauth_config.scopes.user": (0, 255),
    "oauth_config.scopes.user_optional": (0, 255),
    "settings.allowed_ip_address_ranges": (1, 50),
    "settings.event_subscriptions.bot_events": (0, 100),
    "settings.event_subscriptions.user_events": (0, 100),
    "settings.event_subscriptions.metadata_subscriptions": (1, 20),
}

REQUIRED = {
    "display_information",
    "display_information.name",
    "app_directory.installation_landing_page",
    "app_directory.privacy_policy_url",
    "app_directory.support_url",
    "app_directory.support_email",
    "app_directory.supported_languages",
    "app_directory.pricing",
    "features.bot_user.display_name",
    "features.shortcuts[0].name",
    "features.shortcuts[0].type",
    "features.shortcuts[0].callback_id",
    "features.shortcuts[0].description",
    "features.slash_commands[0].command",
    "features.slash_commands[0].description",
    "features.workflow_steps[0].name",
    "features.workflow_steps[0].callback_id",
    "features.assistant_view.assistant_description",
    "features.assistant_view.suggested_prompts[0].title",
    "features.assistant_view.suggested_prompts[0].message",
    "features.agent_view.suggested_prompts[0].title",
    "features.agent_view.suggested_prompts[0].message",
    "features.agent_view.actions[0].name",
    "features.agent_view.actions[0].description",
    "settings.event_subscriptions.metadata_subscriptions[0].app_id",
    "settings.event_subscriptions.metadata_subscriptions[0].event_type",
    "settings.interactivity.is_enabled",
}


def parts_of(value, place=""):
    """Every part of a manifest with its place, the whole first."""
    yield place, value
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from parts_of(inner, f"{place}.{key}".removeprefix("."))
    if isinstance(value, list):
        for index, inner in enumerate(value):
            yield from parts_of(inner, f"{place}[{index}]")


PARTS = dict(parts_of(FULL))
MAPPINGS = [place for place, value in PARTS.items() if isinstance(value, dict)]


def changed(place, change):
    """The full manifest with the holder of one place changed by `change(holder, key)`."""
    document = copy.deepcopy(FULL)
    holder, key = document, None
    for step in place.replace("[", ".").replace("]", "").split("."):
        holder = holder if key is None else holder[key]
        key = int(step) if isinstance(holder, list) else step
    change(holder, key)
    return document


def put(value):
    def change(holder, key):
        holder[key] = value

    return change


def faults_with(place, value):
    return faults_of_form(changed(place, put(value)))


def test_a_manifest_with_every_key_is_taken():
    assert faults_of_form(FULL) == []


@pytest.mark.parametrize("version", [1, 2])
def test_both_versions_are_taken_and_no_third(version):
    assert faults_with("_metadata.major_version", version) == []
    assert faults_with("_metadata.major_version", 3) == [("_metadata.major_version", "has to be 2 or less.")]


@pytest.mark.parametrize("place", MAPPINGS)
def test_an_unknown_key_is_refused_wherever_it_stands(place):
    document = changed(f"{place}.display_nam".removeprefix("."), put("x"))
    words = "Slack knows no such key here. Take it out, or correct its name."
    assert faults_of_form(document) == [(f"{place}.display_nam".removeprefix("."), words)]


@pytest.mark.parametrize("place", sorted(REQUIRED))
def test_a_required_key_that_is_left_out_is_named(place):
    document = changed(place, lambda holder, key: holder.pop(key))
    assert faults_of_form(document) == [(place, "is missing, and Slack demands it. Add it.")]


@pytest.mark.parametrize("place", sorted({place for place in PARTS if place and place[-1] != "]"} - REQUIRED))
def test_every_other_key_may_be_left_out(place):
    assert faults_of_form(changed(place, lambda holder, key: holder.pop(key))) == []


@pytest.mark.parametrize("place", [place for place in PARTS if place])
@pytest.mark.parametrize("value", [None, 1.5, {"a": 1}, [[]]])
def test_what_is_of_another_kind_is_refused_at_its_place(place, value):
    faults = faults_with(place, value)
    assert faults
    assert all(found.startswith(place) for found, _ in faults)


@pytest.mark.parametrize("place", CHARACTERS)
def test_a_text_is_as_long_as_slack_takes_it(place):
    least, most = CHARACTERS[place]
    longest = str(PARTS[place]).ljust(most, "x")
    assert faults_with(place, longest[:most]) == []
    assert faults_with(place, longest + "x") == [
        (place, f"is {most + 1} characters long; Slack takes at most {most}. Shorten it.")
    ]
    assert [found for found, _ in faults_with(place, longest[: least - 1])] == [place] if least else True


@pytest.mark.parametrize("place", ENTRIES)
def test_a_list_is_as_long_as_slack_takes_it(place):
    least, most = ENTRIES[place]
    assert faults_with(place, entries(place, most)) == []
    assert faults_with(place, entries(place, most + 1)) == [
        (place, f"has {most + 1} entries; Slack takes at most {most}. Take some out.")
    ]
    none = faults_with(place, [])
    assert none == (
        [(place, "has 0 entries; Slack wants at least 1. Add one, or take the key out.")] if least else []
    )


def entries(place, number):
    """So many entries, all different where Slack wants that."""
    several = {
        "events": list(EVENT_SCOPES),
        "domains": [f"{index}.example.com" for index in range(number)],
        "ranges": [f"192.0.2.{index}" for index in range(number)],
        "urls": [f"{URL}{index}" for index in range(number)],
        "subscriptions": [{"app_id": f"A{index}", "event_type": "label"} for index in range(number)],
    }
    return several.get(place.rsplit("_", 1)[-1], PARTS[place] * number)[:number]


@pytest.mark.parametrize(
    "place", [place for place in ENTRIES if place.endswith(("_events", "domains", "ranges", "urls"))]
)
def test_what_stands_twice_is_refused_where_slack_wants_it_once(place):
    (entry,) = PARTS[place]
    assert faults_with(place, [entry, entry]) == [(place, f"{entry} stands there twice. Take one out.")]


@pytest.mark.parametrize(
    ("place", "right", "wrong", "words"),
    [
        ("display_information.background_color", "#abc", "#abcd", "has to be a color"),
        ("features.shortcuts[0].type", "global", "channel", "has to be 'message' or 'global'."),
        (
            "features.slash_commands[0].command",
            "/who-spoke_2",
            "/who spoke",
            "has to be a slash and one word",
        ),
        ("features.slash_commands[0].command", "/who", "who", "has to be a slash and one word"),
        ("features.slash_commands[0].url", "http://a", "ftp://a", "has to begin with https:// or http://."),
        ("features.unfurl_domains[0]", "a.example.com", ".example.com", "has to be a domain"),
        ("features.unfurl_domains[0]", "my-site.com", "https://example.com", "has to be a domain"),
        ("settings.allowed_ip_address_ranges[0]", "255.0.0.1", "256.0.0.1", "has to be an IPv4 address"),
        ("settings.allowed_ip_address_ranges[0]", "10.0.0.0/8", "10.0.0.0/33", "has to be an IPv4 address"),
        ("settings.siws_links.initiate_uri", "https://a", "http://a", "has to begin with https://."),
        ("app_directory.support_email", "a.b+c@d-e.org", "a@-b", "has to be an email address."),
        ("oauth_config.scopes.bot[0]", "files:read", "file:read", "Did you mean files:read?"),
        ("oauth_config.scopes.bot[0]", "app_mentions:read", "search:read", "is no bot scope"),
        ("oauth_config.scopes.user[0]", "stars:read", "app_mentions:read", "is no user scope"),
        ("settings.event_subscriptions.bot_events[0]", "message.im", "mesage.im", "Did you mean message.im?"),
        ("settings.event_subscriptions.user_events[0]", "star_added", "zzz", "correct its name."),
        ("_metadata.major_version", 1, True, "has to be a whole number."),
        ("settings.socket_mode_enabled", False, "no", "has to be true or false."),
        ("display_information.name", "1", 1, "has to be text. Put it in quotes."),
    ],
)
def test_what_is_not_of_the_form_that_slack_takes_is_told_how_it_should_be(place, right, wrong, words):
    assert faults_with(place, right) == []
    ((found, said),) = faults_with(place, wrong)
    assert found == place
    assert words in said


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text() | st.integers() | st.none(), inner, max_size=3)
    ),
    max_leaves=6,
)


@settings(deadline=None)
@given(st.sampled_from([place for place in PARTS if place]), ANYTHING)
def test_whatever_stands_in_it_the_refusal_is_plain_lines(place, value):
    for found, words in faults_with(place, value):
        assert found
        assert words.endswith((".", "?"))
