"""The four ways of scoring that are always shown side by side."""

from dataclasses import dataclass

#: NIST's customary no-score zone, on each side of every reference boundary.
NIST_COLLAR_EACH_SIDE_S = 0.25


@dataclass(frozen=True, slots=True)
class Setting:
    """What is left out of a score.

    >>> Setting(0.25, is_overlap_scored=False).key
    'collar_0.25_overlap_skipped'
    """

    #: Seconds before *and* after every start and end of a reference turn; pyannote.metrics calls twice this `collar`.
    collar_each_side_s: float
    #: False leaves out every moment at which two reference turns run at once.
    is_overlap_scored: bool

    @property
    def key(self) -> str:
        """The name of the setting in JSON."""
        overlap = "scored" if self.is_overlap_scored else "skipped"
        return f"collar_{self.collar_each_side_s:g}_overlap_{overlap}"

    @property
    def title(self) -> str:
        """The name of the setting for people."""
        collar = f"collar {self.collar_each_side_s:g} s each side" if self.collar_each_side_s else "no collar"
        return f"{collar}, overlap {'scored' if self.is_overlap_scored else 'left out'}"


STRICT = Setting(0.0, is_overlap_scored=True)
FOUR_SETTINGS = (
    STRICT,
    Setting(NIST_COLLAR_EACH_SIDE_S, is_overlap_scored=True),
    Setting(0.0, is_overlap_scored=False),
    Setting(NIST_COLLAR_EACH_SIDE_S, is_overlap_scored=False),
)
