"""assistant.threads.*: what the bot is doing, what one could ask it, and a thread's title."""

import asyncio

from local_slack.errors import Json, SlackError
from local_slack.web_api.call import Call, Method, invalid_arguments

_LOADING_MESSAGES_MAX = 10
_PROMPTS_MAX = 4


def _set_status(call: Call) -> Json:
    state = call.ws.state
    channel = call.joined_channel("channel_id")
    thread_ts = str(call.required("thread_ts"))
    if state.message(channel["id"], thread_ts) is None:
        raise SlackError("invalid_thread_ts")
    loading = call.get("loading_messages", [])
    if len(loading) > _LOADING_MESSAGES_MAX:
        raise invalid_arguments(["no more than 10 items allowed [json-pointer:/loading_messages]"])
    status = call.args.get("status")
    if status is None:
        raise invalid_arguments(["missing required field: status"])
    if not status:
        state.set_status(channel["id"], thread_ts, None)
        return {}
    lifetime_s = call.ws.settings.status_lifetime_s
    row = {"status": status, "loading_messages": loading, "until": state.now() + lifetime_s}
    state.set_status(channel["id"], thread_ts, row)

    def expire() -> None:
        if state.statuses.get(channel["id"], {}).get(thread_ts) is row:
            state.set_status(channel["id"], thread_ts, None)

    asyncio.get_running_loop().call_later(lifetime_s, expire)
    return {}


def _set_prompts(call: Call) -> Json:
    channel = call.joined_channel("channel_id")
    prompts = call.required("prompts")
    if not isinstance(prompts, list) or len(prompts) > _PROMPTS_MAX:
        raise invalid_arguments(["no more than 4 items allowed [json-pointer:/prompts]"])
    row = {"title": call.get("title", ""), "prompts": prompts, "thread_ts": call.get("thread_ts")}
    call.ws.state.prompts[channel["id"]] = row
    call.ws.state.changed()
    return {}


def _set_title(call: Call) -> Json:
    channel = call.joined_channel("channel_id")
    message = call.ws.state.message(channel["id"], str(call.required("thread_ts")))
    if message is None:
        raise SlackError("invalid_thread_ts")
    message["title"] = call.required("title")
    call.ws.state.save_message(channel["id"], message)
    return {}


METHODS = {
    "assistant.threads.setStatus": Method(_set_status, ("chat:write",)),
    "assistant.threads.setSuggestedPrompts": Method(_set_prompts, ("assistant:write",)),
    "assistant.threads.setTitle": Method(_set_title, ("assistant:write",)),
}
