"""Who the caller is."""

from local_slack import people
from local_slack.errors import Json, SlackError
from local_slack.web_api.call import Call, Method


def _auth_test(call: Call) -> Json:
    call.headers["x-oauth-scopes"] = ",".join(call.ws.manifest.scopes)
    call.headers["x-accepted-oauth-scopes"] = ""
    bot = call.ws.state.users[people.BOT_USER_ID]
    return {
        "url": f"{call.ws.base_url}/",
        "team": people.TEAM_NAME,
        "user": bot["name"],
        "team_id": people.TEAM_ID,
        "user_id": people.BOT_USER_ID,
        "bot_id": people.BOT_ID,
        "is_enterprise_install": False,
    }


def _team_info(call: Call) -> Json:
    if call.get("team", people.TEAM_ID) != people.TEAM_ID:
        raise SlackError("team_not_found")
    team = {"id": people.TEAM_ID, "name": people.TEAM_NAME, "domain": people.TEAM_DOMAIN, "email_domain": ""}
    return {"team": team | {"url": f"{call.ws.base_url}/", "icon": {"image_default": True}}}


def _api_test(call: Call) -> Json:
    return {"args": call.args}


METHODS = {
    "api.test": Method(_api_test),
    "auth.test": Method(_auth_test),
    "team.info": Method(_team_info, ("team:read",)),
}
