"""Turns what can go wrong between us and the model into a kind and a sentence for the learner."""

from typing import Any, Literal

import anthropic
import httpx

from bot.tutor.protocol import TutorUnavailableError

Kind = Literal["refusal", "overloaded", "rate_limit", "no_credit", "timeout", "auth", "other"]

#: Everything the SDK and its transport raise while a reply is opened or read. A broken event is a
#: ValueError there, events in a wrong order are a RuntimeError.
FAULTS = (anthropic.AnthropicError, httpx.HTTPError, httpx.StreamError, ValueError, RuntimeError)

_SENTENCES: dict[Kind, str] = {
    "refusal": "The AI model preferred not to answer this one.",
    "overloaded": "The AI model is very busy at the moment.",
    "rate_limit": "Many people are talking with the AI model at the moment, so it needs a short break.",
    "no_credit": "The AI model is not available to this workspace at the moment.",
    "timeout": "The AI model took too long to answer.",
    "auth": "The AI model is not available to this workspace at the moment.",
    "other": "The AI model could not answer this time.",
}
#: The API's own names for errors, which also arrive in the middle of a stream, under status 200.
_KINDS_BY_TYPE: dict[str, Kind] = {
    "overloaded_error": "overloaded",
    "rate_limit_error": "rate_limit",
    "billing_error": "no_credit",
    "authentication_error": "auth",
    "permission_error": "auth",
    "timeout_error": "timeout",
}
_KINDS_BY_STATUS: dict[int, Kind] = {
    401: "auth",
    402: "no_credit",
    403: "auth",
    408: "timeout",
    429: "rate_limit",
    503: "overloaded",
    504: "timeout",
    529: "overloaded",
}
_NO_CREDIT = ("credit balance", "billing", "spend limit", "usage limits")


def unavailable(kind: Kind) -> TutorUnavailableError:
    """Return the error of that kind, with its sentence."""
    return TutorUnavailableError(kind, _SENTENCES[kind])


def kind_of(fault: Exception) -> Kind:
    """Return why the model cannot answer."""
    if isinstance(fault, anthropic.APITimeoutError | httpx.TimeoutException):
        return "timeout"
    if isinstance(fault, anthropic.APIStatusError):
        return _kind_of_status(fault)
    if isinstance(fault, anthropic.APIError):
        return _kind_of_body(fault.body)
    return "other"


def retry_after_s(fault: Exception) -> float | None:
    """Return the wait the API asks for, or None."""
    if not isinstance(fault, anthropic.APIStatusError):
        return None
    try:
        return float(fault.response.headers.get("retry-after", ""))
    except ValueError:
        return None


def _kind_of_status(fault: anthropic.APIStatusError) -> Kind:
    if any(sign in str(fault.message).lower() for sign in _NO_CREDIT):
        return "no_credit"
    by_body = _kind_of_body(fault.body)
    return by_body if by_body != "other" else _KINDS_BY_STATUS.get(fault.status_code, "other")


def _kind_of_body(body: object) -> Kind:
    error: Any = body.get("error") if isinstance(body, dict) else None
    return _KINDS_BY_TYPE.get(str(error.get("type")), "other") if isinstance(error, dict) else "other"
