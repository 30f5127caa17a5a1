"""users.*, bots.* and usergroups.*: who is there."""

from local_slack import people
from local_slack.errors import Json, SlackError
from local_slack.web_api.call import Call, Method
from local_slack.web_api.conversations import list_visible


def _user_info(call: Call) -> Json:
    user = call.ws.user(call.required("user"))
    return {"user": people.present(user, call.ws.base_url)}


def _user_list(call: Call) -> Json:
    members = [people.present(user, call.ws.base_url) for user in call.ws.state.users.values()]
    return call.page("members", members, default=len(members)) | {"cache_ts": int(call.ws.state.now())}


def _user_conversations(call: Call) -> Json:
    return list_visible(call, joined_by=call.get("user", people.BOT_USER_ID))


def _bot_info(call: Call) -> Json:
    if call.get("bot", people.BOT_ID) != people.BOT_ID:
        raise SlackError("bot_not_found")
    bot = {
        "id": people.BOT_ID,
        "deleted": False,
        "name": call.ws.manifest.bot_name,
        "updated": 0,
        "icons": {},
    }
    return {"bot": bot | {"app_id": people.APP_ID, "user_id": people.BOT_USER_ID}}


def _usergroup_users(call: Call) -> Json:
    call.required("usergroup")
    raise SlackError("no_such_subteam")  # The workspace has no user groups.


METHODS = {
    "bots.info": Method(_bot_info, ("users:read",)),
    "usergroups.users.list": Method(_usergroup_users, ("usergroups:read",)),
    "users.conversations": Method(
        _user_conversations, ("channels:read", "groups:read", "im:read", "mpim:read")
    ),
    "users.info": Method(_user_info, ("users:read",)),
    "users.list": Method(_user_list, ("users:read",)),
}
