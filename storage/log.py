"""What a process of ours writes to its log: what happened and where, never what people wrote or what is secret."""

import logging
import re
import traceback
from types import TracebackType
from typing import TextIO

_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_MOST_CAUSES = 8
#: Tokens; names and passwords in addresses; addresses at which Slack takes answers or opens a socket for whoever
#: knows them; and answers of Slack's that its library quotes because they broke off.
_SECRET = re.compile(
    r"\bx(?:ox[a-z]|app)[.-][\w.-]+"
    r"|(?<=://)[^/\s@]+(?=@)"
    r"|(?<=hooks\.slack\.com/)[^\s'\")]+"
    r"|(?<=wss://)[^\s'\")]+"
    r"|(?<=in a non-JSON format: ).*"
)

_ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class WithoutWords(logging.Formatter):
    """Says of an error its kind and where it came from. Its message may quote what somebody said, and is left out."""

    def format(self, record: logging.LogRecord) -> str:
        """See `logging.Formatter`."""
        record.exc_text = None  # as another handler wrote it
        return _SECRET.sub("…", super().format(record))

    def formatException(self, ei: _ExcInfo) -> str:  # noqa: N802  logging's name
        """See `logging.Formatter`."""
        told: list[str] = []
        error = ei[1]
        while error is not None and len(told) < _MOST_CAUSES:
            kind = f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")
            places = "".join(traceback.format_tb(error.__traceback__))
            told.insert(0, f"Traceback (most recent call last):\n{places}{kind}")
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "\n".join(told)


def start_log(stream: TextIO | None = None) -> None:
    """Log from INFO on, to standard error unless told otherwise."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(WithoutWords(_FORMAT))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
