"""Everything one comparison says, for one recording or for several."""

from collections.abc import Sequence
from dataclasses import dataclass

from annotation.model import Annotation, Segment, union
from annotation.scoring.der import CellErrors, Score, score_setting
from annotation.scoring.grid import Comparison, Mask
from annotation.scoring.jer import JaccardError, jaccard_error
from annotation.scoring.mapping import best_pairs
from annotation.scoring.settings import FOUR_SETTINGS, STRICT
from annotation.scoring.stretches import Stretch, worst_stretches


@dataclass(frozen=True, slots=True)
class SpeakerScore:
    """How one reference speaker fared, with no collar and overlap scored."""

    speaker: str
    #: The hypothesis label that stands for the speaker; None when none does.
    mapped_to: str | None
    reference_s: float
    #: Reference time that the mapped label covers.
    found_s: float
    #: Time the mapped label claims while the speaker is silent.
    extra_s: float

    @property
    def not_found_s(self) -> float:
        """Reference time the mapped label does not cover: missed, or given to somebody else."""
        return max(0.0, self.reference_s - self.found_s)

    @property
    def jaccard_percent(self) -> float:
        """Share of the time either claims that only one claims."""
        either_s = self.reference_s + self.extra_s
        return 100.0 * (self.not_found_s + self.extra_s) / either_s if either_s > 0 else 0.0


@dataclass(frozen=True, slots=True)
class Scorecard:
    """The score of one recording in four settings, and what lies behind it."""

    uri: str
    #: By setting key, always all four.
    settings: dict[str, Score]
    #: Reference speaker to hypothesis label, found once over the whole evaluated region as md-eval does.
    mapping: dict[str, str]
    speakers: tuple[SpeakerScore, ...]
    jer: JaccardError
    num_reference_speakers: int
    num_hypothesis_speakers: int
    worst: tuple[Stretch, ...]
    #: The evaluated time.
    uem: tuple[Segment, ...]
    #: False when no UEM was given and the reference's own extent was taken.
    is_uem_given: bool

    @property
    def strict(self) -> Score:
        """No collar, overlap scored: the setting that throws nothing away."""
        return self.settings[STRICT.key]

    @property
    def count_error(self) -> int:
        """Speakers found minus speakers there: below 0 when too few were found."""
        return self.num_hypothesis_speakers - self.num_reference_speakers


@dataclass(frozen=True, slots=True)
class FilesScore:
    """Several recordings and their sum."""

    recordings: tuple[Scorecard, ...]
    #: Recordings of the hypothesis that the reference does not know; they are not scored.
    without_reference: tuple[str, ...] = ()

    @property
    def settings(self) -> dict[str, Score]:
        """The sum of all recordings by setting key."""
        return {s.key: Score.total(card.settings[s.key] for card in self.recordings) for s in FOUR_SETTINGS}

    @property
    def jer(self) -> JaccardError:
        """The sum of all recordings."""
        return sum((card.jer for card in self.recordings), JaccardError())


def evaluated_region(
    reference: Annotation, hypothesis: Annotation, uem: Sequence[Segment] | None
) -> tuple[Segment, ...]:
    """Return the time that is evaluated, disjoint and in order. This is the one place that decides it.

    Without a UEM, md-eval-22 takes the reference from its first start to its last end, so a false alarm before or
    after costs nothing; so do we. Where the reference is empty, the hypothesis' own extent stands in, so that its
    false alarms can be counted.
    """
    if uem is not None:
        return tuple(s for s in union(uem) if s.duration_s > 0)
    turns = reference.turns or hypothesis.turns
    if not turns:
        return ()
    return (Segment(min(turn.start_s for turn in turns), max(turn.end_s for turn in turns)),)


def score(reference: Annotation, hypothesis: Annotation, uem: Sequence[Segment] | None = None) -> Scorecard:
    """Compare two accounts of one recording.

    Args:
        reference: the turns taken as true.
        hypothesis: the turns to be scored.
        uem: the evaluated time; None for the extent of the reference.

    Raises:
        ScoringError: there are too many different speakers to compare.

    >>> from annotation.model import Turn
    >>> truth = Annotation.of("clip", [Turn(0, 6, "Ada"), Turn(6, 10, "Ben")])
    >>> card = score(truth, Annotation.of("clip", [Turn(0, 7, "x"), Turn(7, 9, "y")]))
    >>> card.strict.missed_s, card.strict.confusion_s, card.strict.der_percent, card.mapping
    (1.0, 1.0, 20.0, {'Ada': 'x', 'Ben': 'y'})
    """
    region = evaluated_region(reference, hypothesis, uem)
    comparison = Comparison(reference, hypothesis, region, [s.collar_each_side_s for s in FOUR_SETTINGS])
    pairs = best_pairs(comparison.shared_s)
    errors = CellErrors.of(comparison, pairs)
    ref, hyp = comparison.reference.speakers, comparison.hypothesis.speakers
    return Scorecard(
        uri=reference.uri or hypothesis.uri,
        settings={s.key: score_setting(comparison, errors, s) for s in FOUR_SETTINGS},
        mapping={ref[row]: hyp[column] for row, column in pairs},
        speakers=_speaker_scores(comparison, dict(pairs)),
        jer=jaccard_error(comparison),
        num_reference_speakers=_num_heard(comparison, comparison.ref_active),
        num_hypothesis_speakers=_num_heard(comparison, comparison.hyp_active),
        worst=worst_stretches(reference, comparison, errors),
        uem=region,
        is_uem_given=uem is not None,
    )


def _num_heard(comparison: Comparison, active: Mask) -> int:
    return int((comparison.weights_s @ active > 0).sum())


def _speaker_scores(comparison: Comparison, partners: dict[int, int]) -> tuple[SpeakerScore, ...]:
    ref_s = comparison.weights_s @ comparison.ref_active
    hyp_s = comparison.weights_s @ comparison.hyp_active
    scores: list[SpeakerScore] = []
    for row, speaker in enumerate(comparison.reference.speakers):
        column = partners.get(row)
        found_s = float(comparison.shared_s[row, column]) if column is not None else 0.0
        extra_s = float(hyp_s[column]) - found_s if column is not None else 0.0
        mapped_to = comparison.hypothesis.speakers[column] if column is not None else None
        scores.append(SpeakerScore(speaker, mapped_to, float(ref_s[row]), found_s, max(0.0, extra_s)))
    return tuple(scores)
