import io
import re

import numpy as np
from PIL import Image

from annotation.model import Annotation, Turn
from annotation.timeline import PALETTE, WIDTH_PX, describe, draw

MEETING = Annotation.of(
    "clip",
    [
        Turn(0, 10, "SPEAKER_00"),
        Turn(8, 15, "SPEAKER_01"),
        Turn(15, 20, "SPEAKER_00"),
        Turn(30, 40, "SPEAKER_02"),
    ],
)


def pixels(png: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB")).astype(int)


def width_of(image: np.ndarray, colour: str) -> int:
    """Return how many columns have the colour."""
    wanted = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)])
    return int((np.abs(image - wanted).sum(axis=2) < 12).any(axis=0).sum())


def test_bars_are_as_long_as_the_talk_time():
    image = pixels(draw(MEETING, 40).png)
    assert image.shape[1] == WIDTH_PX
    per_second = 0.93 * WIDTH_PX / 40
    for colour, seconds in zip(PALETTE, (15, 7, 10), strict=False):
        assert abs(width_of(image, colour) - seconds * per_second) < 0.06 * seconds * per_second + 4


def test_overlap_is_hatched_and_has_a_lane_of_its_own():
    with_overlap = draw(MEETING, 40)
    apart = Annotation.of(
        "clip", [Turn(0, 8, "SPEAKER_00"), Turn(10, 15, "SPEAKER_01"), Turn(30, 40, "SPEAKER_02")]
    )
    without = draw(apart, 40)
    assert pixels(with_overlap.png).shape[0] > pixels(without.png).shape[0]
    image = pixels(with_overlap.png)
    left = int(WIDTH_PX * (0.035 + 0.93 * 8.2 / 40))
    right = int(WIDTH_PX * (0.035 + 0.93 * 9.8 / 40))
    lane = image[100:118, left:right]
    assert (lane.min(axis=2) > 200).any()  # white strokes
    assert (np.abs(lane - [0x00, 0x72, 0xB2]).sum(axis=2) < 30).any()


def test_the_alt_text_says_who_how_long_and_where_they_talk_at_once():
    text = draw(MEETING, 40, {"SPEAKER_01": "Ben"}).alt_text
    assert "3 speakers" in text
    assert "Ben: 7.0 s (22%), 1 turn from 0:08." in text
    assert re.search(r"talk at once for 2 s \(5% of the recording\), at 0:08", text)


def test_alt_text_of_ten_speakers_fits_what_slack_takes():
    many = Annotation.of("clip", [Turn(i, i + 1.5, f"S{i % 10}") for i in range(300)])
    assert len(describe(many, 301, {f"S{i}": "A person with quite a long name" for i in range(10)})) < 2000


def test_nobody_and_one_short_word_can_be_drawn():
    assert draw(Annotation.of("clip", []), 5).alt_text == "Timeline of 0:05 in which nobody speaks."
    image = pixels(draw(Annotation.of("clip", [Turn(3600, 3600.1, "A")]), 7200).png)
    assert width_of(image, PALETTE[0]) >= 1


def test_names_are_never_formulas():
    assert draw(MEETING, 40, {"SPEAKER_00": "$\\frac{$", "SPEAKER_01": "x" * 500}).png.startswith(b"\x89PNG")
