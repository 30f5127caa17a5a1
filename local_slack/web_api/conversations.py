"""conversations.*: channels, their members and their messages."""

from local_slack import channels, messages, people
from local_slack.errors import Json, SlackError
from local_slack.web_api.call import Call, Method

_READ = ("channels:read", "groups:read", "im:read", "mpim:read")
_HISTORY = ("channels:history", "groups:history", "im:history", "mpim:history")


def kind_of(channel: Json) -> str:
    """The word that the channel's scopes begin with."""
    if channel["is_im"]:
        return "im"
    return "groups" if channel["is_private"] else "channels"


def _open(call: Call) -> Json:
    if call.get("channel"):
        channel = call.visible_channel()
    else:
        user_ids = str(call.required("users")).split(",")
        if len(user_ids) > 1:
            raise SlackError("method_not_supported_for_channel_type")
        if user_ids[0] not in call.ws.state.users or user_ids[0] == people.BOT_USER_ID:
            raise SlackError("user_not_found")
        channel = call.ws.state.open_dm(user_ids[0])
    shown = channels.present(call.ws, channel) if call.flag("return_im") else {"id": channel["id"]}
    return {"channel": shown}


def _info(call: Call) -> Json:
    channel = call.visible_channel()
    call.ws.require_scope(f"{kind_of(channel)}:read")
    shown = channels.present(call.ws, channel)
    if call.flag("include_num_members"):
        shown["num_members"] = len(channel["members"])
    return {"channel": shown}


def _members(call: Call) -> Json:
    channel = call.visible_channel()
    call.ws.require_scope(f"{kind_of(channel)}:read")
    return call.page("members", list(channel["members"]), default=100)


def list_visible(call: Call, *, joined_by: str | None = None) -> Json:
    """Pages through the conversations that the bot can see."""
    names = {"public_channel": "channels", "private_channel": "groups", "im": "im", "mpim": "mpim"}
    kinds = {names.get(kind.strip(), "") for kind in str(call.get("types", "public_channel")).split(",")}
    if "" in kinds:
        raise SlackError("invalid_types")
    for kind in sorted(kinds - {"mpim"}):
        call.ws.require_scope(f"{kind}:read")
    found = [
        channels.present(call.ws, channel)
        | ({} if channel["is_im"] else {"num_members": len(channel["members"])})
        for channel in call.ws.state.channels.values()
        if kind_of(channel) in kinds
        and (not channel["is_private"] or call.ws.bot_is_in(channel))
        and (joined_by is None or joined_by in channel["members"])
    ]
    return call.page("channels", found, default=100)


def _join(call: Call) -> Json:
    channel = call.visible_channel()
    if channel["is_private"]:
        raise SlackError("method_not_supported_for_channel_type")
    channels.join(call.ws, channel, people.BOT_USER_ID)
    return {"channel": channels.present(call.ws, channel)}


def _history(call: Call) -> Json:
    channel = call.joined_channel()
    call.ws.require_scope(f"{kind_of(channel)}:history")
    rows = call.ws.state.in_order(channel["id"])
    top = [m for m in rows if m.get("thread_ts") in (None, m["ts"]) or m.get("subtype") == "thread_broadcast"]
    return _messages(call, channel, list(reversed(_between(call, top)))) | {"pin_count": 0}


def _replies(call: Call) -> Json:
    channel = call.joined_channel()
    call.ws.require_scope(f"{kind_of(channel)}:history")
    ts = str(call.required("ts"))
    message = call.ws.state.message(channel["id"], ts)
    if message is None:
        raise SlackError("thread_not_found")
    rows = call.ws.state.thread(channel["id"], message.get("thread_ts") or ts)
    return _messages(call, channel, _between(call, rows))


#: What Slack gives at once to apps that are sold outside its Marketplace.
_SHORT_HISTORY = 15


def _between(call: Call, rows: list[Json]) -> list[Json]:
    oldest, latest = float(call.get("oldest", 0)), float(call.get("latest", 1e12))
    if call.flag("inclusive"):
        return [m for m in rows if oldest <= float(m["ts"]) <= latest]
    return [m for m in rows if oldest < float(m["ts"]) < latest]


def _messages(call: Call, channel: Json, rows: list[Json]) -> Json:
    shown = [messages.present(call.ws, channel, message) for message in rows]
    is_short = call.ws.settings.short_history
    answer = call.page("messages", shown, default=100, maximum=_SHORT_HISTORY if is_short else 1000)
    return answer | {"has_more": bool(answer["response_metadata"]["next_cursor"])}


METHODS = {
    "conversations.history": Method(_history, _HISTORY),
    "conversations.info": Method(_info, _READ),
    "conversations.join": Method(_join, ("channels:join",)),
    "conversations.list": Method(list_visible, _READ),
    "conversations.members": Method(_members, _READ),
    "conversations.open": Method(_open, ("im:write",)),
    "conversations.replies": Method(_replies, _HISTORY),
}
