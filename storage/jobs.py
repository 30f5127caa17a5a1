"""For processes that run jobs: declare workflows and their steps, then start a `JobRunner`.

A workflow is a plain function whose steps are remembered. After a crash it begins anew, but each step
that ended is skipped and its stored result is used again; so a workflow does nothing itself but call
steps and look at what they return. A step may run twice (killed between its effect and the note that
it ended): its effect has to be harmless when repeated. Results of steps are stored: return ids, never
words that somebody said.

A step that failed for good raises `StepFailedError` in the workflow, on the first run and on every
later one alike; the original error is its `__cause__` only on the first.
"""

import functools
import logging
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, TypeVar

from dbos import DBOS
from dbos._serialization import PortableWorkflowError

from storage.errors import StepFailedError
from storage.job_client import DECLARED
from storage.job_runner import JobRunner, QueueSpec, ScheduleSpec
from storage.later_tries import first_id

__all__ = [
    "JobRunner",
    "QueueSpec",
    "ScheduleSpec",
    "StepFailedError",
    "current_job_id",
    "fault_of",
    "is_ours",
    "step",
    "workflow",
]

_P = ParamSpec("_P")
_R = TypeVar("_R")
_logger = logging.getLogger(__name__)


#: What Python raises where code is mistaken, or was given what it cannot work with: the next try fails alike.
_MISTAKES = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    ImportError,
    LookupError,
    NameError,
    NotImplementedError,
    TypeError,
    ValueError,
)


def is_ours(error: BaseException) -> bool:
    """Whether an error is a mistake in our code rather than the world's.

    >>> is_ours(KeyError("team_id")), is_ours(ConnectionResetError())
    (True, False)
    """
    return isinstance(error, _MISTAKES) and not isinstance(error, OSError)


def current_job_id() -> str | None:
    """The id of the job that this thread runs, or None outside of one.

    A job that failed and begins again later has the id that it was enqueued with at first.
    """
    return first_id(DBOS.workflow_id) if DBOS.workflow_id else None


def workflow(name: str, max_attempts: int = 3) -> Callable[[Callable[_P, _R]], Callable[_P, _R]]:
    """Declare a function as the workflow `name`. Do it before `JobRunner.start`, at import for one.

    Args:
        name: What `Jobs.enqueue` calls it.
        max_attempts: How often it may begin before it is given up, when its process dies each time.
    """

    def declare(function: Callable[_P, _R]) -> Callable[_P, _R]:
        @functools.wraps(function)
        def run(*args: _P.args, **kwargs: _P.kwargs) -> _R:
            try:
                return function(*args, **kwargs)
            except StepFailedError as error:
                _logger.warning("Job %s (%s) failed: %s", current_job_id(), name, error)
                raise
            except Exception as error:
                _logger.warning("Job %s (%s) failed: %s", current_job_id(), name, fault_of(error))
                # The engine stores what is raised, and the message of any error may quote anything.
                raise StepFailedError(type(error).__name__, is_permanent=is_ours(error)) from error

        DECLARED.add(name)
        return DBOS.workflow(name=name, max_recovery_attempts=max_attempts - 1)(run)

    return declare


def step(
    name: str,
    max_attempts: int = 4,
    interval_s: float = 1.0,
    backoff: float = 2.0,
    is_permanent: Callable[[BaseException], bool] | None = None,
) -> Callable[[Callable[_P, _R]], Callable[_P, _R]]:
    """Declare a function as a step. Called outside of a workflow it is the plain function.

    Args:
        name: What it is stored under; keep it while jobs are in flight.
        max_attempts: How often to try before the step has failed.
        interval_s: The pause before the second attempt, in seconds.
        backoff: What each further pause is multiplied by.
        is_permanent: Says of an error that trying again is no use; one whose own `permanent` is true, and a
            mistake of ours (`is_ours`), are so anyway.
    """

    def declare(function: Callable[_P, _R]) -> Callable[_P, _R]:
        @functools.wraps(function)
        def attempt(*args: _P.args, **kwargs: _P.kwargs) -> _R:
            try:
                return function(*args, **kwargs)
            except Exception as error:
                raise _failure(name, error, is_permanent) from error

        remembered = DBOS.step(
            name=name,
            retries_allowed=max_attempts > 1,
            max_attempts=max_attempts,
            interval_seconds=interval_s,
            backoff_rate=backoff,
            should_retry=_is_worth_another,
        )(attempt)

        @functools.wraps(function)
        def run(*args: _P.args, **kwargs: _P.kwargs) -> _R:
            if current_job_id() is None:
                return function(*args, **kwargs)
            try:
                return remembered(*args, **kwargs)
            except PortableWorkflowError as stored:
                # This is how a failure comes back that an earlier run has noted.
                raise StepFailedError.parse(str(stored)) from None

        return run

    return declare


def _failure(
    name: str, error: Exception, is_permanent: Callable[[BaseException], bool] | None
) -> StepFailedError:
    permanent = (
        bool(getattr(error, "permanent", False))
        or is_ours(error)
        or (is_permanent is not None and is_permanent(error))
    )
    status = DBOS.step_status
    number, of = (status.current_attempt or 0, status.max_attempts or 1) if status else (0, 1)
    _logger.warning(
        "Step %s of job %s: %s (attempt %d of %d%s)",
        name,
        current_job_id(),
        fault_of(error),
        number + 1,
        of,
        ", not to be tried again" if permanent else "",
    )
    # Only our own errors are written to be read; any other may quote what somebody said.
    message = str(error) if hasattr(error, "permanent") else ""
    return StepFailedError(type(error).__name__, message, is_permanent=permanent, is_last=number + 1 >= of)


def _is_worth_another(error: BaseException) -> bool:
    return isinstance(error, StepFailedError) and not (error.is_permanent or error.is_last)


def fault_of(error: BaseException) -> str:
    """The kind of an error and where it was raised, for a log: its message may quote what somebody said."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "an unknown place"
    return f"{type(error).__name__} at {place}"
