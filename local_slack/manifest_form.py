"""The form of an app's manifest: its keys, limits and choices, as Slack's published schema states them."""

from collections.abc import Collection
from difflib import get_close_matches
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from local_slack.errors import Json
from local_slack.manifest_names import BOT_SCOPES, EVENT_SCOPES, USER_SCOPES

#: The value of a key that is left out. Null is something else, and refused.
_LEFT_OUT: Any = None

_URL = "^https?://"
_HTTPS = "^https://"
_COLOR = "^#([0-9a-fA-F]{3}){1,2}$"
_COMMAND = r"^/\S*$"
_DOMAIN = "^[a-z0-9][-a-z0-9.]*[a-z0-9]$"
_LABEL = "[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
_EMAIL = rf"^[a-zA-Z0-9.!#$%&'*+/=?^_`{{|}}~-]+@{_LABEL}(\.{_LABEL})*$"
_OCTET = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_IP_RANGE = rf"^({_OCTET}\.){{3}}{_OCTET}(/(3[0-2]|[12]?[0-9]))?$"

_FORMS = {
    _URL: "has to begin with https:// or http://.",
    _HTTPS: "has to begin with https://.",
    _COLOR: 'has to be a color such as "#1f3a4d" or "#000", in quotes.',
    _COMMAND: "has to be a slash and one word, such as /learn: take out spaces.",
    _DOMAIN: "has to be a domain such as example.com, in small letters and without https://.",
    _EMAIL: "has to be an email address.",
    _IP_RANGE: "has to be an IPv4 address, or a range such as 192.0.2.0/24.",
}

_FAULTS = {
    "bool_type": "has to be true or false.",
    "extra_forbidden": "Slack knows no such key here. Take it out, or correct its name.",
    "greater_than_equal": "has to be {ge} or more.",
    "int_type": "has to be a whole number.",
    "invalid_key": "has to be text, as every key is.",
    "less_than_equal": "has to be {le} or less.",
    "list_type": "has to be a list.",
    "literal_error": "has to be {expected}.",
    "missing": "is missing, and Slack demands it. Add it.",
    "model_type": "has to be a mapping of keys. Fill it, or take it out.",
    "string_too_long": "is {length} characters long; Slack takes at most {max_length}. Shorten it.",
    "string_too_short": "is {length} characters long; Slack wants at least {min_length}. Write more, or take it out.",
    "string_type": "has to be text. Put it in quotes.",
    "too_long": "has {actual_length} entries; Slack takes at most {max_length}. Take some out.",
    "too_short": "has {actual_length} entries; Slack wants at least {min_length}. Add one, or take the key out.",
}


def faults_of_form(document: Json) -> list[tuple[str, str]]:
    """The places in a manifest where Slack's schema refuses it, each with what to do."""
    try:
        _Document.model_validate(document)
    except ValidationError as error:
        return [(_place(one["loc"]), _words(one)) for one in error.errors(include_url=False)]
    return []


def _place(location: tuple[int | str, ...]) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location).lstrip(".")


def _words(error: ErrorDetails) -> str:
    details = error.get("ctx", {})
    if error["type"] == "value_error":
        return str(details["error"])
    if error["type"] == "string_pattern_mismatch":
        return _FORMS[details["pattern"]]
    if error["type"] not in _FAULTS:
        return f"{error['msg']}."
    length = len(error["input"]) if isinstance(error["input"], str) else None
    return _FAULTS[error["type"]].format(length=length, **details)


def _known(names: Collection[str], what: str) -> AfterValidator:
    def check(name: str) -> str:
        if name in names:
            return name
        near = get_close_matches(name, names, 1)
        advice = f"Did you mean {near[0]}?" if near else "Take it out, or correct its name."
        raise ValueError(f"{name!r} is no {what} that Slack's pages name. {advice}")

    return AfterValidator(check)


def _once(entries: list[Any]) -> list[Any]:
    twice = next((one for index, one in enumerate(entries) if one in entries[:index]), None)
    if twice is not None:
        raise ValueError(f"{twice} stands there twice. Take one out.")
    return entries


_Unique = AfterValidator(_once)
_BotScopes = Annotated[list[Annotated[str, _known(BOT_SCOPES, "bot scope")]], Field(max_length=255)]
_UserScopes = Annotated[list[Annotated[str, _known(USER_SCOPES, "user scope")]], Field(max_length=255)]
_Events = Annotated[list[Annotated[str, _known(EVENT_SCOPES, "event")]], Field(max_length=100), _Unique]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Metadata(_Part):
    major_version: int = Field(_LEFT_OUT, ge=1, le=2)
    minor_version: int = _LEFT_OUT
    schema_version: int = _LEFT_OUT
    min_version: int = _LEFT_OUT


class _DisplayInformation(_Part):
    name: str = Field(min_length=1, max_length=35)
    description: str = Field(_LEFT_OUT, min_length=1, max_length=140)
    long_description: str = Field(_LEFT_OUT, min_length=175, max_length=4000)
    background_color: str = Field(_LEFT_OUT, pattern=_COLOR)


class _AppDirectory(_Part):
    app_directory_categories: list[Annotated[str, Field(min_length=1, max_length=255)]] = Field(
        _LEFT_OUT, max_length=3
    )
    use_direct_install: bool = _LEFT_OUT
    direct_install_url: str = Field(_LEFT_OUT, pattern=_URL, max_length=255)
    installation_landing_page: str = Field(pattern=_URL, max_length=255)
    privacy_policy_url: str = Field(pattern=_URL, max_length=500)
    support_url: str = Field(pattern=_URL, max_length=350)
    support_email: str = Field(pattern=_EMAIL, max_length=100)
    supported_languages: list[Annotated[str, Field(max_length=50)]] = Field(min_length=1, max_length=50)
    pricing: str = Field(min_length=1, max_length=30)


class _AppHome(_Part):
    home_tab_enabled: bool = _LEFT_OUT
    messages_tab_enabled: bool = _LEFT_OUT
    messages_tab_read_only_enabled: bool = _LEFT_OUT


class _BotUser(_Part):
    display_name: str = Field(min_length=1, max_length=80)
    always_online: bool = _LEFT_OUT


class _Shortcut(_Part):
    name: str = Field(min_length=1, max_length=24)
    type: Literal["message", "global"]
    callback_id: str = Field(min_length=1, max_length=255)
    description: str = Field(min_length=1, max_length=150)


class _SlashCommand(_Part):
    command: str = Field(min_length=2, max_length=32, pattern=_COMMAND)
    url: str = Field(_LEFT_OUT, pattern=_URL, max_length=3000)
    description: str = Field(min_length=1, max_length=2000)
    usage_hint: str = Field(_LEFT_OUT, min_length=1, max_length=1000)
    should_escape: bool = _LEFT_OUT


class _WorkflowStep(_Part):
    name: str = Field(min_length=1, max_length=50)
    callback_id: str = Field(min_length=1, max_length=50)


class _SuggestedPrompt(_Part):
    title: str
    message: str


class _AssistantView(_Part):
    assistant_description: str
    suggested_prompts: list[_SuggestedPrompt] = _LEFT_OUT


class _AgentAction(_Part):
    name: str
    description: str


class _AgentView(_Part):
    agent_description: str = Field(_LEFT_OUT, max_length=300)
    suggested_prompts: list[_SuggestedPrompt] = Field(_LEFT_OUT, max_length=4)
    actions: list[_AgentAction] = _LEFT_OUT


class _Features(_Part):
    app_home: _AppHome = _LEFT_OUT
    bot_user: _BotUser = _LEFT_OUT
    shortcuts: list[_Shortcut] = Field(_LEFT_OUT, min_length=1, max_length=10)
    slash_commands: list[_SlashCommand] = Field(_LEFT_OUT, min_length=1, max_length=50)
    workflow_steps: list[_WorkflowStep] = Field(_LEFT_OUT, min_length=1, max_length=10)
    unfurl_domains: Annotated[
        list[Annotated[str, Field(pattern=_DOMAIN, max_length=255)]],
        Field(min_length=1, max_length=5),
        _Unique,
    ] = _LEFT_OUT
    assistant_view: _AssistantView = _LEFT_OUT
    agent_view: _AgentView = _LEFT_OUT
    functions: Any = _LEFT_OUT


class _Scopes(_Part):
    bot: _BotScopes = _LEFT_OUT
    bot_optional: _BotScopes = _LEFT_OUT
    user: _UserScopes = _LEFT_OUT
    user_optional: _UserScopes = _LEFT_OUT


class _OauthConfig(_Part):
    redirect_urls: Annotated[
        list[Annotated[str, Field(max_length=2500)]], Field(max_length=1000), _Unique
    ] = _LEFT_OUT
    scopes: _Scopes = _LEFT_OUT
    token_management_enabled: bool = _LEFT_OUT
    pkce_enabled: bool = _LEFT_OUT


class _MetadataSubscription(_Part):
    app_id: str
    event_type: str = Field(max_length=50)


class _EventSubscriptions(_Part):
    request_url: str = Field(_LEFT_OUT, pattern=_URL, max_length=3500)
    bot_events: _Events = _LEFT_OUT
    user_events: _Events = _LEFT_OUT
    metadata_subscriptions: Annotated[
        list[_MetadataSubscription], Field(min_length=1, max_length=20), _Unique
    ] = _LEFT_OUT


class _IncomingWebhooks(_Part):
    incoming_webhooks_enabled: bool = _LEFT_OUT


class _Interactivity(_Part):
    is_enabled: bool
    request_url: str = Field(_LEFT_OUT, pattern=_URL, max_length=3500)
    message_menu_options_url: str = Field(_LEFT_OUT, pattern=_URL, max_length=3500)


class _SiwsLinks(_Part):
    initiate_uri: str = Field(_LEFT_OUT, pattern=_HTTPS, max_length=3500)


class _Settings(_Part):
    allowed_ip_address_ranges: Annotated[
        list[Annotated[str, Field(pattern=_IP_RANGE)]], Field(min_length=1, max_length=50), _Unique
    ] = _LEFT_OUT
    event_subscriptions: _EventSubscriptions = _LEFT_OUT
    incoming_webhooks: _IncomingWebhooks = _LEFT_OUT
    interactivity: _Interactivity = _LEFT_OUT
    org_deploy_enabled: bool = _LEFT_OUT
    socket_mode_enabled: bool = _LEFT_OUT
    token_rotation_enabled: bool = _LEFT_OUT
    is_hosted: bool = _LEFT_OUT
    is_mcp_enabled: bool = _LEFT_OUT
    siws_links: _SiwsLinks = _LEFT_OUT
    hermes_app_type: str = _LEFT_OUT
    function_runtime: str = _LEFT_OUT


class _Document(_Part):
    schema_address: str = Field(_LEFT_OUT, alias="$schema")
    metadata: _Metadata = Field(_LEFT_OUT, alias="_metadata")
    display_information: _DisplayInformation
    app_directory: _AppDirectory = _LEFT_OUT
    features: _Features = _LEFT_OUT
    oauth_config: _OauthConfig = _LEFT_OUT
    settings: _Settings = _LEFT_OUT
    # Parts of apps that Slack itself hosts, and of MCP: no workspace here runs them, so they are not looked into.
    datastores: Any = _LEFT_OUT
    external_auth_providers: Any = _LEFT_OUT
    functions: Any = _LEFT_OUT
    mcp_servers: Any = _LEFT_OUT
    outgoing_domains: Any = _LEFT_OUT
    types: Any = _LEFT_OUT
    workflows: Any = _LEFT_OUT
