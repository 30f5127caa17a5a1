"""Events are committed here, before Bolt acks them.

Bolt acks an event before its listener runs, so a listener that dies loses it. This global
middleware writes each event we act on and the job that handles it in one transaction. If that
fails it raises, Bolt answers 500, and Slack delivers the event again.
"""

from collections.abc import Callable
from typing import Any

from slack_bolt import BoltResponse

from bot.deps import Deps
from bot.people import Person
from bot.use_cases.handle_event import keep_event

HEARD_IN_LAB = "heard_in_lab"
KEPT = frozenset(
    {
        "message",
        "app_mention",
        "app_uninstalled",
        "file_deleted",
        "member_joined_channel",
        "member_left_channel",
        "tokens_revoked",
        "user_change",
    }
)


def keep_events(
    body: dict[str, Any],
    next: Callable[[], BoltResponse],  # noqa: A002  Bolt's name
    context: dict[str, Any] | None = None,
    *,
    deps: Deps,
) -> BoltResponse:
    """Commit an event that must not be lost, then go on; the context tells whether a lab has heard it."""
    event = body.get("event") or {}
    if (
        body.get("type") == "event_callback"
        and event.get("type") in KEPT
        and _concerns_us(event)
        and not _is_our_own(event, body)
    ):
        person = Person(str(body["team_id"]), _user_of(event))
        with deps.database.begin() as tx:
            is_new = keep_event(tx, person, str(body["event_id"]), str(event["type"]), event, deps.now())
            kept = tx.inbox.get(str(body["event_id"])) if is_new else None
        if context is not None:
            context[HEARD_IN_LAB] = kept is not None and kept.handled_at is not None
    return next()


def _concerns_us(event: dict[str, Any]) -> bool:
    """Of accounts that change, only those that are switched off concern us; of tokens, only our own."""
    if event["type"] == "tokens_revoked":
        return bool((event.get("tokens") or {}).get("bot"))
    return event["type"] != "user_change" or bool(event["user"].get("deleted"))


def _user_of(event: dict[str, Any]) -> str:
    nested = event.get("message") or event.get("previous_message") or {}
    if isinstance(event.get("user"), dict):
        return str(event["user"].get("id") or "")
    return str(event.get("user") or event.get("user_id") or nested.get("user") or "")


def _is_our_own(event: dict[str, Any], body: dict[str, Any]) -> bool:
    nested = event.get("message") or event.get("previous_message") or {}
    own = {str(one.get("user_id")) for one in body.get("authorizations") or []}
    return bool(event.get("bot_id") or nested.get("bot_id")) or _user_of(event) in own
