"""Why the four settings differ on one recording, in a sentence."""

from collections.abc import Mapping

from annotation.scoring.der import Score
from annotation.scoring.settings import FOUR_SETTINGS, STRICT

#: Differences below this many points are not worth a sentence.
NOTABLE_POINTS = 0.5
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
    dropped = {s.key: settings[s.key].left_out_percent or 0.0 for s in FOUR_SETTINGS[1:]}
    if max(dropped.values()) == 0:
        return "All four agree, as neither collar nor overlap leaves anything out of this clip."
    shares = (
        f"The collar leaves out {_share(dropped[_COLLAR.key])} of the speech in the reference, "
        f"leaving out overlap {_share(dropped[_NO_OVERLAP.key])}, both together {_share(dropped[_BOTH.key])}"
    )
    if both.der_percent is None:
        return f"{shares}, so nothing is left to be scored."
    if strict.error_s == 0:
        return f"{shares}; without errors that changes nothing here, but would hide any that fell there."
    return f"{shares}; {_effect(strict, both)}"


def _effect(strict: Score, both: Score) -> str:
    before, after = strict.der_percent or 0.0, both.der_percent or 0.0
    lost = 100.0 * (1.0 - both.error_s / strict.error_s)
    change = f"DER goes from {before:.1f} % to {after:.1f} %"
    if after < before - NOTABLE_POINTS:
        return f"{_share(lost)} of the errors fall into what is left out, so {change}."
    if after > before + NOTABLE_POINTS:
        return f"most errors lie outside what is left out, so {change}."
    return "errors are spread evenly over what is left out and what stays, so the rate hardly moves."


def _share(percent: float) -> str:
    if percent <= 0:
        return "nothing"
    return f"{percent:.1f} %" if percent < 10 else f"{percent:.0f} %"  # noqa: PLR2004
