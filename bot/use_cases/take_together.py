"""Inviting a channel to take the course together."""

from bot.deps import Deps
from bot.people import Person
from bot.views.help import build_together_message


def invite_channel(
    deps: Deps, person: Person, channel_id: str, offer_ts: str, response_url: str | None
) -> bool:
    """Post the card on which others begin for themselves, once for each offer; False when it was posted before.

    The card answers the press, as we are not a member of every channel in which the command is typed.

    Raises:
        NotPostedError: The time for an answer is over, and we may not post there ourselves.
    """
    key = f"together:{channel_id}:{offer_ts}"
    with deps.database.begin() as tx:
        _, is_new = tx.posts.claim(person.team_id, key, channel_id, None, deps.now())
    if not is_new:
        return False
    messenger = deps.messenger_for(person.team_id)
    message = build_together_message(person.user_id, deps.current_module().title)
    try:
        if not messenger.answer(response_url, message, is_for_all=True):
            messenger.post(channel_id, message)
    except Exception:
        with deps.database.begin() as tx:
            tx.posts.release(person.team_id, key)
        raise
    return True
