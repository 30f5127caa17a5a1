"""Saying something to one person alone, wherever they can be reached."""

import logging
from collections.abc import Callable

from bot.deps import Deps
from bot.messenger import Message
from bot.people import Person

logger = logging.getLogger(__name__)


def tell(
    deps: Deps,
    person: Person,
    message: Message,
    *,
    response_url: str | None = None,
    channel_id: str | None = None,
    thread_ts: str | None = None,
) -> bool:
    """Say it where the person is, else in their direct messages; a failure is logged and never raised.

    An answer to what was pressed or typed also arrives in channels that we are no member of, so it goes first.

    Returns:
        Whether any way worked.
    """
    messenger = deps.messenger_for(person.team_id)

    def answer() -> bool:
        return messenger.answer(response_url, message, thread_ts=thread_ts)

    def whisper() -> bool:
        if channel_id is None:
            return False
        messenger.whisper(channel_id, person.user_id, message, thread_ts=thread_ts)
        return True

    def write() -> bool:
        messenger.post(messenger.open_dm(person.user_id), message)
        return True

    return any(_works(way) for way in (answer, whisper, write))


def _works(way: Callable[[], bool]) -> bool:
    try:
        return way()
    except Exception as error:  # noqa: BLE001 - whoever tells of a fault must not make another of it
        logger.warning("one way to tell somebody did not work (%s): %s", way.__name__, type(error).__name__)
        return False
