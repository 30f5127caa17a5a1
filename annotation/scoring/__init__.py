"""How far two accounts of a recording agree, by NIST's rule (docs/scoring.md)."""

from annotation.scoring.der import Score
from annotation.scoring.errors import ScoringError
from annotation.scoring.files import score_files, score_recordings
from annotation.scoring.jer import JaccardError
from annotation.scoring.regions import evaluated_region
from annotation.scoring.scorecard import FilesScore, Scorecard, SpeakerScore, score
from annotation.scoring.settings import FOUR_SETTINGS, STRICT, Setting
from annotation.scoring.stretches import Stretch
from annotation.scoring.words import WordErrors, WordScores, score_words

__all__ = [
    "FOUR_SETTINGS",
    "STRICT",
    "FilesScore",
    "JaccardError",
    "Score",
    "Scorecard",
    "ScoringError",
    "Setting",
    "SpeakerScore",
    "Stretch",
    "WordErrors",
    "WordScores",
    "evaluated_region",
    "score",
    "score_files",
    "score_recordings",
    "score_words",
]
