"""Which of Slack's refusals pass by themselves. Pure."""

#: Slack is busy or in trouble (docs.slack.dev, the errors that every method shares); any other answer stays the same
#: however often one asks.
PASSING = frozenset(
    {
        "accesslimited",
        "fatal_error",
        "internal_error",
        "ratelimited",
        "rate_limited",
        "request_timeout",
        "service_unavailable",
        "team_added_to_org",
    }
)
_REQUEST_TIMEOUT, _TOO_MANY_REQUESTS, _SERVER_ERROR = 408, 429, 500


def is_passing_status(status: int) -> bool:
    """Return whether an HTTP status says that the same request may work later.

    >>> is_passing_status(503), is_passing_status(429), is_passing_status(403)
    (True, True, False)
    """
    return status in {_REQUEST_TIMEOUT, _TOO_MANY_REQUESTS} or status >= _SERVER_ERROR
