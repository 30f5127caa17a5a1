"""reactions.*: emoji on messages."""

from local_slack import people
from local_slack.errors import Json, SlackError
from local_slack.web_api.call import Call, Method


def _target(call: Call) -> tuple[Json, Json, str]:
    channel = call.joined_channel()
    message = call.ws.state.message(channel["id"], str(call.required("timestamp")))
    if message is None:
        raise SlackError("message_not_found")
    name = str(call.required("name")).strip(":")
    if not name.replace("_", "").replace("-", "").replace("+", "").replace(":", "").isalnum():
        raise SlackError("invalid_name")
    return channel, message, name


def _add(call: Call) -> Json:
    channel, message, name = _target(call)
    reactions = message.setdefault("reactions", [])
    reaction = next((r for r in reactions if r["name"] == name), None)
    if reaction is None:
        reaction = {"name": name, "users": [], "count": 0}
        reactions.append(reaction)
    if people.BOT_USER_ID in reaction["users"]:
        raise SlackError("already_reacted")
    reaction["users"].append(people.BOT_USER_ID)
    reaction["count"] += 1
    call.ws.state.save_message(channel["id"], message)
    return {}


def _remove(call: Call) -> Json:
    channel, message, name = _target(call)
    reactions = message.get("reactions", [])
    reaction = next((r for r in reactions if r["name"] == name and people.BOT_USER_ID in r["users"]), None)
    if reaction is None:
        raise SlackError("no_reaction")
    reaction["users"].remove(people.BOT_USER_ID)
    reaction["count"] -= 1
    message["reactions"] = [r for r in reactions if r["count"]]
    call.ws.state.save_message(channel["id"], message)
    return {}


METHODS = {
    "reactions.add": Method(_add, ("reactions:write",)),
    "reactions.remove": Method(_remove, ("reactions:write",)),
}
