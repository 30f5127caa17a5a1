"""What `doctor` says of one part."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the screen."""

    part: str
    is_ready: bool
    state: str
    #: How to enable it; empty when there is nothing to do.
    remedy: str = ""
