"""What a worker holds of the clip it works on, in memory only."""

from dataclasses import dataclass

from annotation.model import Segment
from diarize_worker.stages.decode import Decoded


@dataclass(slots=True)
class InHand:
    """One clip at most."""

    #: Team, clip and run; None between clips.
    key: tuple[str, str, str] | None = None
    began_s: float = 0.0
    #: How long its sound lasts; 0 until that is known.
    duration_s: float = 0.0
    #: Kept so that words need not fetch the clip again.
    sound: tuple[Decoded, tuple[Segment, ...]] | None = None

    #: One of our own examples, whose offline draft is fit to be read.
    is_example: bool = False

    def clear(self) -> None:
        """Let go of everything."""
        self.key, self.sound, self.is_example, self.duration_s = None, None, False, 0.0
