"""The shape of what Slack sends, as far as we read it. What has another is turned away before a listener sees it.

Slack adds fields, leaves fields out, and gives null for any: only what we cannot do without is asked for.
"""

from operator import attrgetter
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from slack_bolt import BoltRequest

from bot.errors import UnusableError

#: What a database can store.
_Str = Annotated[str, Field(pattern=r"^[^\x00]*$")]
_Text = _Str | None
_Part = dict[str, Any] | None


class _Shape(BaseModel):
    model_config = ConfigDict(strict=True)


class _Account(_Shape):
    id: _Str
    profile: _Part = None


class _Message(_Shape):
    user: _Str | _Account | None = None
    ts: _Text = None
    thread_ts: _Text = None
    text: _Text = None
    files: list[dict[str, Any]] | None = None


class _Event(_Message):
    type: _Str
    subtype: _Text = None
    channel: _Str | dict[str, Any] | None = None
    message: _Message | None = None
    previous_message: _Message | None = None
    tokens: _Part = None


class _Action(_Shape):
    action_id: _Text = None
    block_id: _Text = None
    selected_option: _Part = None


class _State(_Shape):
    values: dict[str, dict[str, dict[str, Any]]] | None = None


class _View(_Shape):
    type: _Text = None
    callback_id: _Text = None
    private_metadata: _Text = None
    state: _State | None = None


class _Payload(_Shape):
    type: _Text = None
    team_id: _Text = None
    user_id: _Text = None
    command: _Text = None
    ssl_check: _Text = None
    challenge: _Text = None
    text: _Text = None
    event_id: _Text = None
    event: _Event | None = None
    authorizations: list[dict[str, Any]] | None = None
    user: _Str | _Account | None = None
    team: _Part = None
    channel: _Part = None
    container: _Part = None
    message: _Message | None = None
    actions: list[_Action] | None = None
    view: _View | None = None
    state: _State | None = None
    response_url: _Text = None
    trigger_id: _Text = None


#: What must be there and not be empty, by the type of a payload.
_NEEDED: dict[str | None, tuple[str, ...]] = {
    "app_rate_limited": (),
    "block_actions": ("user.id", "actions"),
    "event_callback": ("team_id", "event_id", "event.type"),
    "message_action": ("user.id", "channel", "message.ts", "trigger_id"),
    "shortcut": ("user.id",),
    "url_verification": ("challenge",),
    "view_closed": ("user.id", "view.type", "view.callback_id"),
    "view_submission": ("user.id", "view.type", "view.callback_id"),
}
_NEEDED_OF_COMMAND = ("user_id", "team_id")
_NEEDED_OF_EVENT = {
    "app_home_opened": ("event.user",),
    "app_mention": ("event.channel", "event.ts"),
    "member_joined_channel": ("event.user", "event.channel"),
    "member_left_channel": ("event.user", "event.channel"),
    "message": ("event.channel", "event.ts"),
    "user_change": ("event.user.id",),
}


def read_request(body: str | dict[str, Any], **how: Any) -> BoltRequest:
    """Return what Slack sent as Bolt takes it.

    Args:
        body: The body of a request over HTTP, or the payload that came over a socket.
        **how: What else Bolt is told of a request.

    Raises:
        UnusableError: It is nothing that Slack sends. Says where, and never what is there.
    """
    try:
        request = BoltRequest(body=body, **how)
        _check(_Payload.model_validate(request.body))
    except ValidationError as error:
        # Deeper down, names come from the payload.
        place = ".".join(str(part) for part in error.errors()[0]["loc"][:2])
        raise UnusableError(f"{place or 'all of it'} is not as Slack sends it") from None
    except UnusableError:
        raise
    except Exception as error:  # noqa: BLE001  Bolt takes a payload apart as it comes, and trips in many ways
        raise UnusableError(f"it cannot be read ({type(error).__name__})") from None
    return request


def _check(payload: _Payload) -> None:
    for place in _needed_of(payload):
        try:
            found = attrgetter(place)(payload)
        except AttributeError:
            found = None
        if not found:
            raise UnusableError(f"{place} is missing")


def _needed_of(payload: _Payload) -> tuple[str, ...]:
    if payload.ssl_check:
        return ()
    if payload.command:
        return _NEEDED_OF_COMMAND
    if payload.type not in _NEEDED:
        raise UnusableError("its type is none that we know")
    of_event = _NEEDED_OF_EVENT.get(payload.event.type, ()) if payload.event else ()
    return _NEEDED[payload.type] + of_event
