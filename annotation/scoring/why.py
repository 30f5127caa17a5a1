"""Why the four settings differ on one recording, in a sentence."""

from collections.abc import Mapping

from annotation.scoring.der import Score
from annotation.scoring.settings import FOUR_SETTINGS, STRICT

_COLLAR, _NO_OVERLAP, _BOTH = FOUR_SETTINGS[1:]


def why_they_differ(settings: Mapping[str, Score]) -> str:
    """Return what each setting leaves out of this recording, and what that does to the rate.

    >>> strict = Score(100, 5, 5, 10, 100)
    >>> print(why_they_differ({s.key: strict for s in FOUR_SETTINGS}))
    All four agree, as neither collar nor overlap leaves anything out of this clip.
    """
    strict, both = settings[STRICT.key], settings[_BOTH.key]
    if strict.der_percent is None:
        return "Nobody speaks in the reference, so no rate can be given; speech that was found there is false alarm."
    collar, overlap = (settings[s.key].left_out_percent or 0.0 for s in (_COLLAR, _NO_OVERLAP))
    together = both.left_out_percent or 0.0
    lost = 1.0 - both.error_s / strict.error_s if strict.error_s else 0.0
    if max(collar, overlap, together, lost) <= 0:
        return "All four agree, as neither collar nor overlap leaves anything out of this clip."
    shares = (
        f"The collar leaves out {_share(collar)} of the speech in the reference, leaving out overlap {_share(overlap)}. "
        f"Both together leave out {_share(together)} of the speech"
    )
    if both.der_percent is None:
        return f"{shares}, so nothing is left to be scored."
    if strict.error_s == 0:
        return f"{shares}; without errors that changes nothing here, but would hide any that fell there."
    before, after = f"{strict.der_percent:.1f} %", f"{both.der_percent:.1f} %"
    change = f"goes from {before} to {after}" if before != after else f"stays at {before}"
    return f"{shares} and {_share(100.0 * lost)} of the errors, so DER {change}."


def _share(percent: float) -> str:
    if percent <= 0:
        return "none"
    return f"{percent:.1f} %" if percent < 10 else f"{percent:.0f} %"  # noqa: PLR2004
