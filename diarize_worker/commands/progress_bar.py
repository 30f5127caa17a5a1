"""Progress on a terminal; one line that is drawn over, or nothing where nobody watches."""

import sys
from typing import TextIO

STAGES = {
    "decode": "Reading",
    "speech": "Finding speech",
    "segment": "Finding voices",
    "embed": "Comparing voices",
    "cluster": "Sorting voices",
    "rebuild": "Setting turns",
    "fetch words": "Fetching the words model",
    "words": "Writing down words",
}
BAR_CELLS = 24


class ProgressBar:
    """Shows the stage and its share while it changes."""

    def __init__(self, stream: TextIO = sys.stderr) -> None:
        self._stream = stream
        self._is_shown = stream.isatty()
        self._last = ""

    def __call__(self, stage: str, share: float) -> None:
        """Draw the stage; see `Progress`."""
        if not self._is_shown:
            return
        share = min(1.0, max(0.0, share))
        full = round(share * BAR_CELLS)
        line = f"{STAGES.get(stage, stage):<26.26} [{'#' * full}{'.' * (BAR_CELLS - full)}] {share:4.0%}"
        if line != self._last:
            self._last = line
            self._stream.write(f"\r\033[K{line}")
            self._stream.flush()

    def clear(self) -> None:
        """Take the line away."""
        if self._last:
            self._stream.write("\r\033[K")
            self._stream.flush()
            self._last = ""


class ProgressLines:
    """Says every tenth in a line of its own, where a long wait goes to a file or a log."""

    def __init__(self, stream: TextIO = sys.stderr) -> None:
        self._stream = stream
        self._said: tuple[str, int] | None = None

    def __call__(self, stage: str, share: float) -> None:
        """Write a line when a stage begins or has come a tenth further; see `Progress`."""
        tenth = int(10 * min(1.0, max(0.0, share)))
        if (stage, tenth) != self._said:
            self._said = stage, tenth
            self._stream.write(f"{STAGES.get(stage, stage)}: {10 * tenth} %\n")
            self._stream.flush()

    def clear(self) -> None:
        """Leave the lines where they are."""


def progress_on(stream: TextIO = sys.stderr) -> ProgressBar | ProgressLines:
    """Return a bar for a terminal, lines for anything else."""
    return ProgressBar(stream) if stream.isatty() else ProgressLines(stream)
