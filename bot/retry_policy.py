"""Which failures of the bot's jobs are worth another try: what Slack or the network may get over, and no other.

Passing: Slack is busy, the network or the database away, a token being replaced. Permanent: what we or Slack refused.
Ours: a mistake in our code, which `storage.jobs` knows by itself.
"""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from slack_sdk.errors import SlackApiError

from bot.errors import BotError
from clip_rules.slack_faults import PASSING, is_passing_status
from storage import jobs

#: What Slack says of a token that does not work; whoever runs the app can give it another one.
TOKEN_REFUSALS = frozenset(
    {
        "account_inactive",
        "invalid_auth",
        "missing_scope",
        "not_allowed_token_type",
        "not_authed",
        "token_expired",
        "token_revoked",
    }
)

_P = ParamSpec("_P")
_R = TypeVar("_R")


def cannot_pass(error: BaseException) -> bool:
    """Return whether the same call would fail again however often it is made."""
    if isinstance(error, SlackApiError):
        is_passing = error.response.get("error") in PASSING | TOKEN_REFUSALS
        status = getattr(error.response, "status_code", 200)
        return not is_passing and not is_passing_status(status)
    return isinstance(error, BotError) or jobs.is_ours(error)


def step(
    name: str, max_attempts: int = 4, interval_s: float = 1.0
) -> Callable[[Callable[_P, _R]], Callable[_P, _R]]:
    """Declare a step that is tried again only where that can help; see `storage.jobs.step`."""
    return jobs.step(name, max_attempts, interval_s, is_permanent=cannot_pass)
