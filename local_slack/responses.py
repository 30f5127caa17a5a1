"""Answers that an app posts to a response_url."""

from local_slack import files, messages, people
from local_slack.errors import Json, SlackError
from local_slack.interactivity import answer_in
from local_slack.payloads import faults_in_message
from local_slack.web_api.call import raise_message_faults
from local_slack.workspace import Workspace


def respond(ws: Workspace, key: str, body: Json) -> None:
    """Replaces or deletes the message that was acted on, or adds one."""
    row = ws.response_urls.redeem(key)
    channel = ws.channel(row["channel"])
    ts = row["message_ts"]
    if body.get("delete_original"):
        _delete(ws, channel, ts)
        return
    raise_message_faults(faults_in_message(body))
    files.note_images(ws, body.get("blocks") or [], channel_id=channel["id"])
    if body.get("replace_original") and ts is not None:
        _replace(ws, channel, ts, body)
        return
    answer_in(ws, channel, row["user"], body)


def _delete(ws: Workspace, channel: Json, ts: str | None) -> None:
    if ts in ws.state.ephemerals.get(channel["id"], {}):
        ws.state.drop_ephemeral(channel["id"], str(ts))
        return
    messages.delete(ws, channel, _original(ws, channel, ts))


def _replace(ws: Workspace, channel: Json, ts: str, body: Json) -> None:
    blocks = messages.with_ids(body.get("blocks") or []) or None
    hidden = ws.state.ephemerals.get(channel["id"], {}).get(ts)
    if hidden is not None:
        hidden |= {"text": body.get("text") or "", "blocks": blocks or []}
        hidden.pop("state_values", None)
        ws.state.save_ephemeral(channel["id"], hidden)
        return
    changes = {"text": body.get("text") or "", "blocks": blocks, "state_values": None}
    messages.edit(ws, channel, _original(ws, channel, ts), changes)


def _original(ws: Workspace, channel: Json, ts: str | None) -> Json:
    message = ws.state.message(channel["id"], ts or "")
    if message is None or message.get("bot_id") != people.BOT_ID:
        raise SlackError("message_not_found", status=404)
    return message
