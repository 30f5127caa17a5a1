"""Posting a message once, also when the process dies between Slack's answer and our note of it."""

from datetime import timedelta

from bot.deps import Deps
from bot.errors import NotPostedError
from bot.messenger import Message

#: How far our clock and Slack's may differ when we look for a message that may have been posted.
CLOCK_SLACK = timedelta(seconds=60)


def say_once(
    deps: Deps, team_id: str, key: str, channel_id: str, message: Message, *, thread_ts: str | None = None
) -> str:
    """Post the message unless one with this key was posted before; either way return its ts.

    The key is claimed before Slack is called. A claim without a ts means that a process died in
    between, so the conversation is searched for the message before it is posted again. Where Slack did
    not let us post, the claim is given back: the next call begins anew.

    Raises:
        NotPostedError: We may not post there.
    """
    with deps.database.begin() as tx:
        post, is_new = tx.posts.claim(team_id, key, channel_id, thread_ts, deps.now())
    if post.ts:
        return post.ts
    messenger = deps.messenger_for(team_id)
    ts = None
    if not is_new:
        after_ts = f"{(post.claimed_at - CLOCK_SLACK).timestamp():.6f}"
        ts = messenger.find(channel_id, thread_ts, key, after_ts=after_ts)
    try:
        ts = ts or messenger.post(channel_id, message, thread_ts=thread_ts, key=key)
    except NotPostedError:
        with deps.database.begin() as tx:
            tx.posts.release(team_id, key)
        raise
    with deps.database.begin() as tx:
        tx.posts.sent(team_id, key, ts)
    return ts
