"""The manifest asks for what the code uses, and for nothing else."""

import ast
import re
from pathlib import Path

import pytest
import yaml

from bot import ids

ROOT = Path(__file__).parents[3]
MANIFEST = yaml.safe_load((ROOT / "slack_manifest.yaml").read_text())
SCOPES = set(MANIFEST["oauth_config"]["scopes"]["bot"])

#: Which scopes Slack documents for a bot token on each method we call, one for each kind of conversation that we
#: call it for; None where any token will do.
SCOPE_OF_METHOD = {
    "assistant.threads.setStatus": "chat:write",
    "auth.test": None,
    "chat.appendStream": "chat:write",
    "chat.delete": "chat:write",
    "chat.getPermalink": None,
    "chat.postEphemeral": "chat:write",
    "chat.postMessage": "chat:write",
    "chat.startStream": "chat:write",
    "chat.stopStream": "chat:write",
    "chat.update": "chat:write",
    "conversations.history": "im:history",
    "conversations.info": ("channels:read", "groups:read"),
    "conversations.members": ("channels:read", "groups:read"),
    "conversations.open": "im:write",
    "conversations.replies": "im:history",
    "files.completeUploadExternal": "files:write",
    "files.delete": "files:write",
    "files.getUploadURLExternal": "files:write",
    "files.info": "files:read",
    "usergroups.list": "usergroups:read",
    "usergroups.users.list": "usergroups:read",
    "users.info": "users:read",
    "users.list": "users:read",
    "views.open": None,
    "views.publish": None,
    "views.push": None,
    "views.update": None,
}
#: Which scope each subscribed event and each feature needs.
SCOPE_OF_EVENT = {
    "app_home_opened": None,
    "app_mention": "app_mentions:read",
    "app_uninstalled": None,
    "file_deleted": "files:read",
    "member_joined_channel": ("channels:read", "groups:read"),
    "member_left_channel": ("channels:read", "groups:read"),
    "message.im": "im:history",
    "tokens_revoked": None,
    "user_change": "users:read",
}
_FAMILIES = [
    "apps",
    "assistant",
    "auth",
    "chat",
    "conversations",
    "files",
    "reactions",
    "team",
    "usergroups",
    "users",
    "views",
]
_RAW_METHOD = re.compile(rf"\b((?:{'|'.join(_FAMILIES)})\.[a-z]\w+)(?:$|[?/\"'])")


def _sdk_calls(path):
    """Methods of Slack's client that a file calls, such as `client.chat_postMessage(...)`."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            name = node.func.attr
            holder = ast.unparse(node.func.value)
            if holder.endswith("client") and name.split("_")[0] in _FAMILIES:
                yield _dotted(name)


def _dotted(name):
    return next((m for m in SCOPE_OF_METHOD if m.replace(".", "_") == name), name.replace("_", ".", 1))


def _raw_calls(path):
    """Methods that a file names in an address, such as `{api_url}files.info`."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.JoinedStr):
            for part in node.values:
                if isinstance(part, ast.Constant):
                    yield from _RAW_METHOD.findall(str(part.value))


def _python_files(package):
    return (ROOT / package).rglob("*.py")


def _called():
    sdk = {call for path in _python_files("bot") for call in _sdk_calls(path)}
    raw = {call for path in _python_files("diarize_worker") for call in _raw_calls(path)}
    return sdk | raw


class TestScopes:
    def test_calls_are_found_at_all(self):
        assert {"chat.postMessage", "files.getUploadURLExternal", "files.info", "auth.test"} <= _called()

    def test_each_method_is_known_here_with_its_scope(self):
        assert _called() <= set(SCOPE_OF_METHOD), "add the method with the scope that Slack documents"

    def test_no_scope_is_missing_and_none_is_asked_for_in_vain(self):
        features = {"commands"} if MANIFEST["features"].get("slash_commands") else set()
        needed = [SCOPE_OF_METHOD[method] for method in _called()]
        needed += [
            SCOPE_OF_EVENT[event] for event in MANIFEST["settings"]["event_subscriptions"]["bot_events"]
        ]
        scopes = {scope for one in needed for scope in ([one] if isinstance(one, str) else one or ())}
        assert features | scopes == SCOPES

    def test_no_user_token_is_asked_for(self):
        assert set(MANIFEST["oauth_config"]["scopes"]) == {"bot"}


class TestRegistrations:
    @pytest.fixture
    def registered(self):
        """What the listeners bind: (family, what), read from an app that only notes it."""
        from bot.listeners import register

        class Noting:
            def __init__(self):
                self.bound = []

            def __getattr__(self, family):
                def bind(what, *_more):
                    self.bound.append((family, what))
                    return lambda listener: listener

                return bind

        app = Noting()
        register(app, deps=None)
        return app.bound

    def test_subscribed_events_have_a_listener_and_listeners_a_subscription(self, registered):
        subscribed = {
            event.split(".")[0] for event in MANIFEST["settings"]["event_subscriptions"]["bot_events"]
        }
        assert {what for family, what in registered if family == "event"} == subscribed

    def test_events_that_must_not_be_lost_are_kept(self, registered):
        from bot.inbox import KEPT

        assert {what for family, what in registered if family == "event"} - {"app_home_opened"} == KEPT

    def test_commands(self, registered):
        declared = {command["command"] for command in MANIFEST["features"]["slash_commands"]}
        assert {what for family, what in registered if family == "command"} == declared == {ids.COMMAND}

    def test_shortcuts(self, registered):
        declared = {shortcut["callback_id"] for shortcut in MANIFEST["features"].get("shortcuts", [])}
        assert {what for family, what in registered if "shortcut" in family} == declared

    def test_interactivity_is_on_and_the_tabs_are_there(self):
        assert MANIFEST["settings"]["interactivity"]["is_enabled"] is True
        assert MANIFEST["features"]["app_home"]["home_tab_enabled"] is True
        assert MANIFEST["features"]["app_home"]["messages_tab_enabled"] is True
        assert MANIFEST["features"]["app_home"]["messages_tab_read_only_enabled"] is False

    def test_each_button_of_a_view_has_a_listener(self, registered):
        patterns = [what for family, what in registered if family == "action"]
        buttons = {getattr(ids, name) for path in _python_files("bot/views") for name in _button_ids(path)}
        assert ids.QUIZ_NEXT in buttons
        unheard = {value for value in buttons if not any(_matches(p, value.rstrip(".")) for p in patterns)}
        assert unheard == set()


def _matches(pattern, action_id):
    return pattern.match(action_id) if isinstance(pattern, re.Pattern) else pattern == action_id


def _button_ids(path):
    """Names of bot.ids that a file gives to buttons; elements of forms need no listener."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("button", "asking_blocks")):
            for part in (inner for argument in node.args for inner in ast.walk(argument)):
                if isinstance(part, ast.Attribute) and ast.unparse(part.value) == "ids":
                    yield part.attr
