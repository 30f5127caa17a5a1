"""Scoring of RTTM files, which may hold many recordings."""

from annotation.formats import rttm, uem
from annotation.model import Annotation, Segment
from annotation.scoring.errors import ScoringError
from annotation.scoring.scorecard import FilesScore, score


def score_files(ref_text: str, hyp_text: str, uem_text: str | None = None) -> FilesScore:
    """Score every recording of the reference, in order of name.

    A recording that the hypothesis lacks is missed speech from end to end. One that only the hypothesis has is
    named but not scored, as in md-eval. Where both files hold a single recording, its name does not have to agree.
    A recording that the UEM does not list is evaluated over the extent of its reference.

    Raises:
        FormatError: one of the files cannot be read.
        ScoringError: the reference has no turns.
    """
    references, hypotheses = rttm.parse_all(ref_text), rttm.parse_all(hyp_text)
    if not references:
        raise ScoringError("The reference has no SPEAKER lines, so there is nothing to score against.")
    regions: dict[str, tuple[Segment, ...]] = uem.parse_all(uem_text) if uem_text is not None else {}
    if len(references) == len(hypotheses) == 1:
        (name,), (hypothesis,) = references, hypotheses.values()
        hypotheses = {name: hypothesis}
    if len(references) == len(regions) == 1:
        (name,), (region,) = references, regions.values()
        regions = {name: region}
    cards = [
        score(references[name], hypotheses.get(name, Annotation(name, ())), regions.get(name))
        for name in sorted(references)
    ]
    return FilesScore(tuple(cards), tuple(sorted(set(hypotheses) - set(references))))
