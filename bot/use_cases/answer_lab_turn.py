"""The persona's answer, in three durable steps: open its message, write it, make the message equal to it."""

from datetime import timedelta

from bot.deps import Deps
from bot.people import Person
from bot.tutor.protocol import Author
from bot.use_cases.lab_conversation import OPENER_KEY, conversation_of, reply_id_of
from bot.use_cases.lab_exchanges import finish_reply, footer_of, judge_again
from bot.use_cases.lab_voice import reply_pieces
from bot.use_cases.say_once import say_once
from bot.use_cases.show_listening import LISTENING
from bot.use_cases.show_writing import Manner, Writing, choose_manner
from bot.use_cases.talk_in_lab import debrief_lab
from bot.views.debrief import build_debrief_message
from bot.views.lab import build_reply_message, build_said_message, build_waiting_message
from storage.labs import LabSession, StoredTurn
from storage.posts import Post
from storage.transaction import Transaction

#: How far our clock and Slack's may differ when we look for a message that may be there already.
_CLOCK_SLACK = timedelta(seconds=60)
_LET_PASS_S = 3.0


def open_reply(deps: Deps, team_id: str, session_id: str, turn_id: str) -> Manner | None:
    """Open the reply's message and store its ts; None when there is nothing to answer any more.

    Returns:
        How the reply is shown while it is written. A "whole" one has no message yet.
    """
    # Where many speak at once, that each was heard is shown before the first is answered.
    deps.courtesies.crowd.let_pass(_LET_PASS_S)
    reply_id, messenger = reply_id_of(turn_id), deps.messenger_for(team_id)
    with deps.database.begin() as tx:
        asked = tx.labs.turn(team_id, turn_id)
        found = conversation_of(deps, tx, team_id, session_id, turn_id)
        begun = _begin(deps, tx, found[0], reply_id) if found else None
    if found is None or begun is None or asked is None:
        _clear_status(deps, team_id, session_id)
        return None
    session, conversation = found
    is_first, opened, manner = begun
    _show_opener(deps, session, asked)
    if not is_first:  # the typing status that was shown when the turn was heard may be gone by now
        messenger.set_status(session.channel_id, session.thread_ts, LISTENING)
    if opened:  # a process died here: the message may be open in the thread already
        ts = opened.ts or _find_opened(deps, session, reply_id)
        if ts:
            messenger.stop_stream(session.channel_id, ts)
            _note(deps, session, reply_id, ts)
            return "edits"
        manner = choose_manner(deps, team_id)
    if manner == "whole":
        return manner
    ts = None
    if manner == "stream":
        ts = messenger.start_stream(session.channel_id, session.thread_ts, session.user_id)
    if ts is None:
        manner = choose_manner(deps, team_id, can_stream=False) if manner == "stream" else manner
        if manner == "whole":
            return manner
        waiting = build_waiting_message(conversation.lab.persona.name)
        ts = messenger.post(session.channel_id, waiting, thread_ts=session.thread_ts, key=reply_id)
    _note(deps, session, reply_id, ts)
    return manner


def _begin(
    deps: Deps, tx: Transaction, session: LabSession, reply_id: str
) -> tuple[bool, Post | None, Manner | None]:
    """Store the reply's turn and claim its message: whether that is new, the message there is, and the manner."""
    is_first = tx.labs.add_turn(
        session.team_id, session.session_id, reply_id, "persona", "", None, deps.now()
    )
    opened = tx.posts.find(session.team_id, reply_id)
    manner = choose_manner(deps, session.team_id) if opened is None else None
    if manner not in {None, "whole"}:
        tx.posts.claim(session.team_id, reply_id, session.channel_id, session.thread_ts, deps.now())
    return is_first, opened, manner


def _clear_status(deps: Deps, team_id: str, session_id: str) -> None:
    """Take back "is thinking": the words it was shown for were deleted before anybody answered."""
    with deps.database.read() as tx:
        session = tx.labs.get(team_id, session_id)
    if session:
        deps.messenger_for(team_id).set_status(session.channel_id, session.thread_ts, "")


def _show_opener(deps: Deps, session: LabSession, turn: StoredTurn) -> None:
    """Show a pressed opener in the thread, once and before the reply; what was typed stands there already."""
    if (turn.slack_ts or "").startswith(OPENER_KEY):
        message = build_said_message(session.user_id, turn.text)
        key = f"{turn.turn_id}.said"
        say_once(deps, session.team_id, key, session.channel_id, message, thread_ts=session.thread_ts)


def _find_opened(deps: Deps, session: LabSession, reply_id: str) -> str | None:
    """Look in the thread for a message that was opened without our noting where."""
    with deps.database.read() as tx:
        opened = tx.posts.find(session.team_id, reply_id)
        known = tx.posts.known_ts(session.team_id, session.channel_id)
    if opened is None:
        return None
    messenger = deps.messenger_for(session.team_id)
    after_ts = f"{(opened.claimed_at - _CLOCK_SLACK).timestamp():.6f}"
    return messenger.find_reply(
        session.channel_id, session.thread_ts, reply_id, known=known, after_ts=after_ts
    )


def _note(deps: Deps, session: LabSession, reply_id: str, ts: str) -> None:
    with deps.database.begin() as tx:
        tx.posts.sent(session.team_id, reply_id, ts)
        reply = tx.labs.turn(session.team_id, reply_id)
        if reply and reply.state == "stored":
            tx.labs.update_turn(session.team_id, reply_id, slack_ts=ts, state="replying")
        elif reply:
            tx.labs.update_turn(session.team_id, reply_id, slack_ts=ts)


def write_reply(deps: Deps, team_id: str, session_id: str, turn_id: str, manner: Manner) -> None:
    """Let the persona speak into the open message, and store the finished text."""
    reply_id = reply_id_of(turn_id)
    with deps.database.read() as tx:
        stored = tx.labs.turn(team_id, reply_id)
        found = conversation_of(deps, tx, team_id, session_id, turn_id)
    if found is None or stored is None or stored.state in {"done", "deleted"}:
        return
    session, conversation = found
    if stored.state == "writing":  # a process died here: what it streamed stands there, so nothing is added
        manner = "whole"
    if manner != "whole":
        with deps.database.begin() as tx:
            tx.labs.update_turn(team_id, reply_id, state="writing")
    writing = Writing(deps, team_id, session.channel_id, stored.slack_ts or "", manner)
    authors: list[Author] = []
    text = writing.show(reply_pieces(deps, session, conversation, authors.append))
    finish_reply(deps, team_id, session_id, turn_id, text, authors[-1] if authors else None)


def show_reply(deps: Deps, team_id: str, session_id: str, turn_id: str, manner: Manner) -> None:
    """Close the stream and make the message equal to the stored text; safe to repeat."""
    reply_id, messenger = reply_id_of(turn_id), deps.messenger_for(team_id)
    with deps.database.read() as tx:
        session = tx.labs.get(team_id, session_id)
        reply = tx.labs.turn(team_id, reply_id)
        post = tx.posts.find(team_id, reply_id)
        footer = footer_of(deps, tx, team_id, session_id, turn_id)
    if session is None or reply is None or reply.state != "done":
        # Taken back, or the whole lab forgotten, while we were answering.
        if post and post.ts:
            messenger.stop_stream(post.channel_id, post.ts)
            messenger.delete(post.channel_id, post.ts)
        if session:
            messenger.set_status(session.channel_id, session.thread_ts, "")
        return
    message = build_reply_message(
        reply.text,
        footer=footer.text,
        done_session_id=footer.done_session_id,
        author=footer.author,
        cards=footer.cards,
    )
    if reply.slack_ts:
        if manner == "stream":
            messenger.stop_stream(session.channel_id, reply.slack_ts)
        messenger.update(session.channel_id, reply.slack_ts, message)
    else:
        ts = say_once(deps, team_id, reply_id, session.channel_id, message, thread_ts=session.thread_ts)
        with deps.database.begin() as tx:
            tx.labs.update_turn(team_id, reply_id, slack_ts=ts)
    messenger.set_status(session.channel_id, session.thread_ts, "")


def unsay_reply(deps: Deps, team_id: str, session_id: str, turn_id: str) -> None:
    """Remove the reply to words that were taken back."""
    show_reply(deps, team_id, session_id, turn_id, "whole")


def show_judged(deps: Deps, team_id: str, session_id: str, turn_id: str) -> None:
    """Count a message anew that was changed after its reply, and show under the reply what that makes of the lab."""
    judge_again(deps, team_id, session_id, turn_id)
    with deps.database.read() as tx:
        reply = tx.labs.turn(team_id, reply_id_of(turn_id))
    if reply and reply.state == "done":
        show_reply(deps, team_id, session_id, turn_id, "whole")


def show_debrief(deps: Deps, team_id: str, session_id: str, user_id: str, job_id: str) -> None:
    """Answer a typed wish for the debrief."""
    session, debrief, module = debrief_lab(deps, Person(team_id, user_id), session_id)
    message = build_debrief_message(debrief, module)
    say_once(deps, team_id, job_id, session.channel_id, message, thread_ts=session.thread_ts)
