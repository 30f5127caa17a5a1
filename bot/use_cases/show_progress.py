"""How far a clip has come, in its message: a courtesy, which never takes Slack's room from what matters."""

from bot.deps import Deps
from bot.use_cases.show_clip import message_of_work


def show_progress(deps: Deps, team_id: str, clip_id: str) -> None:
    """Bring the message of a clip at work up to date if there is room; the next time comes soon.

    The message is opened elsewhere, and so is everything said that the learner has to see.
    """
    with deps.database.read() as tx:
        clip = tx.clips.get(team_id, clip_id)
    if clip is None or clip.state not in {"queued", "running"} or clip.placeholder_ts is None:
        return
    room = deps.courtesies.places if clip.state == "queued" else deps.courtesies.progress
    if room.take(team_id):
        messenger = deps.messenger_for(team_id)
        messenger.update_soon(clip.channel_id, clip.placeholder_ts, message_of_work(deps, clip))
