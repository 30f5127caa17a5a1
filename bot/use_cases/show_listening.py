"""The typing status of a lab, from the moment that the learner has spoken."""

from bot.deps import Deps
from bot.people import Person
from bot.use_cases.lab_conversation import reply_id_of

LISTENING = "is thinking …"


def show_listening(deps: Deps, person: Person, channel_id: str, thread_ts: str, key: str) -> None:
    """Show that the persona of the thread has heard a turn.

    Args:
        deps: Collaborators.
        person: Who spoke.
        channel_id: Where.
        thread_ts: The lab's thread.
        key: What the turn's id ends with: its message's ts.
    """
    messenger = deps.messenger_for(person.team_id)
    messenger.set_status(channel_id, thread_ts, LISTENING)
    if not _is_waiting(deps, person, channel_id, thread_ts, key):
        # Answered in the same moment, or no turn at all: nobody else clears it.
        messenger.set_status(channel_id, thread_ts, "")


def _is_waiting(deps: Deps, person: Person, channel_id: str, thread_ts: str, key: str) -> bool:
    with deps.database.read() as tx:
        session = tx.labs.by_thread(person.team_id, channel_id, thread_ts)
        turn = tx.labs.turn(person.team_id, f"{session.session_id}.{key}") if session else None
        reply = tx.labs.turn(person.team_id, reply_id_of(turn.turn_id)) if turn else None
    return turn is not None and turn.state == "stored" and (reply is None or reply.state != "done")
