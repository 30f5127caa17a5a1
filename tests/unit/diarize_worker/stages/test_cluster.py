"""How many speakers, who is who, and what a hint changes."""

from dataclasses import replace

import numpy as np
import pytest

from diarize_worker.engines.protocol import SpeakerHint
from diarize_worker.stages.cluster import ClusterConfig, Clusterer
from diarize_worker.stages.embed import Embeddings

ANY = SpeakerHint()


def embeddings(
    speakers: list[tuple[int, ...]], spread: float = 0.02, clean_s: float = 2.0, seed: int = 0
) -> Embeddings:
    """Vectors for windows in which these speakers have something to say, each near its own direction."""
    random = np.random.default_rng(seed)
    centres = np.linalg.qr(random.normal(size=(256, 40)))[0].T
    items = [(window, local, s) for window, all_ in enumerate(speakers) for local, s in enumerate(all_)]
    vectors = np.array([centres[s] for _, _, s in items]).reshape(-1, 256)
    vectors = vectors + random.normal(0, spread, vectors.shape)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return Embeddings(
        vectors.astype(np.float32),
        np.array([window for window, _, _ in items], np.int64),
        np.array([local for _, local, _ in items], np.int64),
        np.full(len(items), clean_s, np.float32),
    )


def in_turn(num_speakers: int, num_windows: int) -> list[tuple[int, ...]]:
    return [(window // 10 % num_speakers,) for window in range(num_windows)]


@pytest.mark.parametrize(
    "num_windows", [40, 160, 800, 4800, pytest.param(14_400, marks=pytest.mark.thorough)]
)
@pytest.mark.parametrize("num_speakers", [1, 2, 4])
def test_the_count_holds_from_20_seconds_to_2_hours(num_speakers: int, num_windows: int) -> None:
    """The threshold grows with the recording, so that nobody drifts apart from himself."""
    found = Clusterer()(embeddings(in_turn(num_speakers, num_windows)), num_windows, 0.5, ANY)
    assert found.num_speakers == num_speakers
    assert (found.speaker_of[:, 0] >= 0).all()


@pytest.mark.parametrize("num_windows", [1200, 3600, 14_400])
def test_the_ways_of_one_voice_do_not_drift_apart(num_windows: int) -> None:
    """Somebody asks, tells and shouts all through a meeting: the longer it is, the heavier each of these clusters."""
    random = np.random.default_rng(1)
    said = embeddings(in_turn(3, num_windows))
    ways = random.normal(0, 0.02, (12, 256))
    vectors = said.vectors + ways[said.window // 5 % 12]
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    found = Clusterer()(replace(said, vectors=vectors), num_windows, 0.5, ANY)
    assert found.num_speakers == 3


def test_three_minutes_of_two_hours_are_enough_to_be_somebody() -> None:
    windows = [(2,) if window % 40 == 0 else who for window, who in enumerate(in_turn(2, 14_400))]
    assert Clusterer()(embeddings(windows), len(windows), 0.5, ANY).num_speakers == 3


@pytest.mark.parametrize("num_speakers", [10, 20])
def test_a_crowd_is_found(num_speakers: int) -> None:
    windows = in_turn(num_speakers, 2400)
    assert Clusterer()(embeddings(windows), 2400, 0.5, ANY).num_speakers == num_speakers


def test_who_is_more_than_we_label_is_counted_all_the_same() -> None:
    found = Clusterer()(embeddings(in_turn(34, 3400)), 3400, 0.5, ANY)
    assert (found.num_speakers, found.num_found) == (20, 34)
    told = Clusterer()(embeddings(in_turn(34, 3400)), 3400, 0.5, SpeakerHint(1, 40))
    assert (told.num_speakers, told.num_found) == (34, 34)


def test_the_step_does_not_matter() -> None:
    """Half as many windows, each counting double, give the same threshold for the same tree."""
    windows = in_turn(3, 240)
    fine = Clusterer()(embeddings(windows, spread=0), 240, 0.5, ANY)
    coarse = Clusterer()(embeddings(windows[::2], spread=0), 120, 1.0, ANY)
    assert fine.threshold == pytest.approx(coarse.threshold)
    assert fine.tree is not None
    assert coarse.tree is not None
    np.testing.assert_allclose(fine.tree.heights[-2:], coarse.tree.heights[-2:], rtol=1e-4)


def test_two_of_one_window_are_never_the_same_person() -> None:
    """Even when both sound like the same speaker, the second goes to the next best."""
    windows: list[tuple[int, ...]] = [(0,), (1,)] * 30 + [(0, 0)] * 3
    found = Clusterer()(embeddings(windows), len(windows), 0.5, SpeakerHint.exactly(2))
    for window in range(60, 63):
        assert set(found.speaker_of[window, :2].tolist()) == {0, 1}


def test_who_is_left_over_when_speakers_run_out_stays_out() -> None:
    windows: list[tuple[int, ...]] = [(0,), (1,)] * 30 + [(0, 1, 2)]
    found = Clusterer()(embeddings(windows), len(windows), 0.5, SpeakerHint.exactly(2))
    assert sorted(found.speaker_of[-1].tolist()) == [-1, 0, 1]
    assert np.isnan(found.margin[-1][found.speaker_of[-1] == -1]).all()


def test_a_clear_voice_has_a_large_margin_and_a_middling_one_a_small() -> None:
    made = embeddings(in_turn(2, 60))
    centres = made.vectors[0], made.vectors[10]
    made.vectors[5] = (centres[0] + centres[1]) / np.linalg.norm(centres[0] + centres[1])
    found = Clusterer()(made, 60, 0.5, SpeakerHint.exactly(2))
    assert found.margin[5, 0] < 0.2 < found.margin[4, 0]


class TestHint:
    WINDOWS = tuple(in_turn(4, 200))

    @pytest.mark.parametrize("num", range(1, 11))
    def test_an_exact_number_is_obeyed(self, num: int) -> None:
        found = Clusterer()(embeddings(list(self.WINDOWS)), 200, 0.5, SpeakerHint.exactly(num))
        assert found.num_speakers == num
        assert found.num_found == 4

    @pytest.mark.parametrize(
        ("hint", "num"), [((1, 3), 3), ((5, 8), 5), ((2, 6), 4), ((1, 4), 4), ((4, 10), 4)]
    )
    def test_bounds_are_obeyed_and_otherwise_change_nothing(self, hint: tuple[int, int], num: int) -> None:
        assert Clusterer()(embeddings(list(self.WINDOWS)), 200, 0.5, SpeakerHint(*hint)).num_speakers == num

    @pytest.mark.parametrize("num_windows", [1, 2, 3, 5])
    def test_fewer_voices_than_asked_for_give_fewer_speakers(self, num_windows: int) -> None:
        made = embeddings(in_turn(2, num_windows))
        found = Clusterer()(made, num_windows, 0.5, SpeakerHint.exactly(9))
        assert found.num_speakers == num_windows

    def test_a_stray_voice_is_folded_in_unless_the_hint_needs_it(self) -> None:
        """One short cough is nobody; told that there is one more person, it is the best guess left."""
        windows = [*in_turn(2, 80), (7,)]
        made = embeddings(windows)
        made.clean_s[-1] = 0.6
        assert Clusterer()(made, 81, 0.5, ANY).num_speakers == 2
        assert Clusterer()(made, 81, 0.5, SpeakerHint.exactly(3)).num_speakers == 3


def test_nobody_spoke() -> None:
    found = Clusterer()(embeddings([]), 4, 0.5, ANY)
    assert found.num_speakers == 0
    assert (found.speaker_of == -1).all()


@pytest.mark.parametrize("clean_s", [0.0, 0.3, 0.45])
def test_without_clean_speech_all_voices_decide(clean_s: float) -> None:
    found = Clusterer(ClusterConfig(smallest_s=0.0))(
        embeddings(in_turn(2, 80), clean_s=clean_s), 80, 0.5, SpeakerHint.exactly(2)
    )
    assert found.num_speakers == 2


def test_a_close_call_shows_in_the_range() -> None:
    """With the threshold a hair above a merge, a little less would have found one speaker more."""
    made = embeddings(in_turn(3, 120))
    tree = Clusterer()(made, 120, 0.5, ANY).tree
    assert tree is not None
    just_above = ClusterConfig(threshold=float(tree.heights[-2]) * 1.02, at_num_vectors=120)
    found = Clusterer(just_above)(made, 120, 0.5, ANY)
    assert found.num_speakers < 3
    assert found.count_range[1] == 3
