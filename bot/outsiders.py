"""People of other companies, met in channels that two companies share: they are told, and nothing else happens."""

from collections.abc import Callable
from typing import Any

from slack_bolt import BoltContext, BoltResponse

from bot.deps import Deps
from bot.people import Person
from bot.tell import tell
from bot.views.help import build_outsider_message


def refuse_outsiders(
    body: dict[str, Any],
    context: BoltContext,
    next: Callable[[], BoltResponse],  # noqa: A002  Bolt's name
    *,
    deps: Deps,
) -> BoltResponse:
    """Let nobody of another company press or send anything; what they post is refused where it is handled."""
    own_team_id = _own_team(body, context)
    user = body.get("user")
    if not isinstance(user, dict) or str(user.get("team_id") or own_team_id) == own_team_id:
        return next()
    container = body.get("container") or {}
    tell(
        deps,
        Person(own_team_id, str(user["id"])),
        build_outsider_message(),
        response_url=body.get("response_url"),
        channel_id=container.get("channel_id") or (body.get("channel") or {}).get("id"),
        thread_ts=(body.get("message") or {}).get("thread_ts"),
    )
    return BoltResponse(status=200)


def _own_team(body: dict[str, Any], context: BoltContext) -> str:
    """Return the workspace that the app is installed in; payloads may name the one that the person is of."""
    installed = context.authorize_result
    team_id = installed.team_id if installed else None
    return str(team_id or (body.get("team") or {}).get("id") or "")
