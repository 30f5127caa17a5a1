"""Everything one comparison says, for one recording or for several."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from annotation.marks import Marks
from annotation.model import Annotation, Segment, union
from annotation.scoring.der import CellErrors, Score, score_stretches
from annotation.scoring.grid import Comparison, Mask
from annotation.scoring.jer import JaccardError, jaccard_error
from annotation.scoring.mapping import mapped_pairs
from annotation.scoring.regions import evaluated_region, scored_stretches
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
    #: Speaker seconds missed where several people speak by the reference, with no collar and overlap scored.
    missed_in_overlap_s: float
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
    #: What was taken for granted, in sentences.
    notes: tuple[str, ...] = ()

    @property
    def settings(self) -> dict[str, Score]:
        """The sum of all recordings by setting key."""
        return {s.key: Score.total(card.settings[s.key] for card in self.recordings) for s in FOUR_SETTINGS}

    @property
    def jer(self) -> JaccardError:
        """The sum of all recordings."""
        return sum((card.jer for card in self.recordings), JaccardError())


def score(
    reference: Annotation,
    hypothesis: Annotation,
    uem: Sequence[Segment] | None = None,
    marks: Marks | None = None,
    mapping: Mapping[str, str] | None = None,
) -> Scorecard:
    """Compare two accounts of one recording.

    Args:
        reference: the turns taken as true.
        hypothesis: the turns to be scored.
        uem: the evaluated time; None for the extent of the reference.
        marks: what the reference says beside its turns.
        mapping: reference speakers and the labels that stand for them, where that is known from elsewhere; None to
            find the mapping over the evaluated time, as the rule has it.

    Raises:
        ScoringError: there are too many different speakers to compare.

    >>> from annotation.model import Turn
    >>> truth = Annotation.of("clip", [Turn(0, 6, "Ada"), Turn(6, 10, "Ben")])
    >>> card = score(truth, Annotation.of("clip", [Turn(0, 7, "x"), Turn(7, 9, "y")]))
    >>> card.strict.missed_s, card.strict.confusion_s, card.strict.der_percent, card.mapping
    (1.0, 1.0, 20.0, {'Ada': 'x', 'Ben': 'y'})
    """
    marks = marks or Marks()
    region = evaluated_region(reference, hypothesis, uem, marks)
    scored = {s.key: scored_stretches(reference, region, marks, s) for s in FOUR_SETTINGS}
    comparison = Comparison(reference, hypothesis, scored[STRICT.key], [region, *scored.values()])
    if mapping is None:
        # On a grid of its own: cuts for collars would change the sums by a hair, and so the choice among equals.
        pairs = mapped_pairs(Comparison(reference, hypothesis, region))
    else:
        pairs = _known_pairs(comparison, mapping)
    errors = CellErrors.of(comparison, pairs)
    ref, hyp = comparison.reference.speakers, comparison.hypothesis.speakers
    whole_s = float(comparison.weights_of(region) @ comparison.num_ref)
    return Scorecard(
        uri=reference.uri or hypothesis.uri,
        settings={key: score_stretches(comparison, errors, left, whole_s) for key, left in scored.items()},
        mapping={ref[row]: hyp[column] for row, column in pairs},
        speakers=_speaker_scores(comparison, dict(pairs)),
        jer=jaccard_error(comparison),
        num_reference_speakers=_num_heard(comparison, comparison.ref_active),
        num_hypothesis_speakers=_num_heard(comparison, comparison.hyp_active),
        worst=worst_stretches(reference, comparison, errors),
        missed_in_overlap_s=float(comparison.weights_s @ (errors.missed * (comparison.num_ref > 1))),
        uem=union(region),
        is_uem_given=uem is not None,
    )


def _known_pairs(comparison: Comparison, mapping: Mapping[str, str]) -> list[tuple[int, int]]:
    rows = {speaker: row for row, speaker in enumerate(comparison.reference.speakers)}
    columns = {label: column for column, label in enumerate(comparison.hypothesis.speakers)}
    return [
        (rows[speaker], columns[label])
        for speaker, label in mapping.items()
        if speaker in rows and label in columns
    ]


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
