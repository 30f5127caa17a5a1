"""Our figures are the ones NIST md-eval-22 prints."""

import json
from pathlib import Path

import pytest

from annotation.scoring import FOUR_SETTINGS, score_files
from tests.unit.annotation.scoring.pairs.cases import CASES

PAIRS = Path(__file__).parent / "pairs"
#: More pairs, with public labels that are not ours to ship; used where they lie beside the checkout.
MORE_PAIRS = Path(__file__).parents[4].parent / "shared" / "score"
FIGURES = [
    (folder, name, figures)
    for folder in (PAIRS, MORE_PAIRS)
    if (folder / "md_eval.json").exists()
    for name, figures in json.loads((folder / "md_eval.json").read_text()).items()
]


def texts_of(folder, name):
    """Return reference, hypothesis and UEM of a pair: files of the folder, or a case by hand."""
    reference, hypothesis, uem = (folder / f"{name}.{ending}" for ending in ("ref.rttm", "hyp.rttm", "uem"))
    if not reference.exists():
        return next(case for case in CASES if case.name == name).texts()
    return reference.read_text(), hypothesis.read_text(), uem.read_text() if uem.exists() else None


@pytest.mark.parametrize(
    ("folder", "name", "figures"), FIGURES, ids=[f"{f.name}-{name}" for f, name, _ in FIGURES]
)
def test_four_settings_agree_with_md_eval_to_its_last_digit(folder, name, figures):
    result = score_files(*texts_of(folder, name))
    assert set(figures) == set(result.settings) == {setting.key for setting in FOUR_SETTINGS}
    for key, figure in figures.items():
        ours = result.settings[key]
        for what, value in figure.items():
            # md-eval prints two decimals.
            assert getattr(ours, what) == pytest.approx(value, abs=0.0051), (key, what)


def test_the_stored_pairs_are_there():
    assert len([name for folder, name, _ in FIGURES if folder == PAIRS]) == 10 + len(CASES)
