from annotation.model import Annotation, Turn
from diarize_worker.distrust import notes_on
from diarize_worker.engines.protocol import Labels

A, B = "SPEAKER_00", "SPEAKER_01"


def labels(*turns, notes=(), evidence=None) -> Labels:
    annotation = Annotation.of("clip", turns)
    return Labels(annotation, annotation, "engine", 3600.0, notes, evidence)


def test_sound_labels_get_no_warning():
    assert notes_on(labels(Turn(0, 60, A), Turn(60, 120, B))) == []


def test_engines_own_notes_come_first_and_overlap_is_said_once():
    said = "40% of the speech is people talking at once. Labels are least reliable there."
    assert notes_on(labels(Turn(0, 60, A), Turn(30, 90, B), notes=(said,))) == [said]
    assert "People talk at once for 30 s" in notes_on(labels(Turn(0, 60, A), Turn(30, 90, B)))[0]


def test_short_turns():
    assert any("shorter than 1 s" in note for note in notes_on(labels(Turn(0, 60, A), Turn(61, 61.5, B))))


def test_turns_whose_voice_is_close_to_another_are_named_by_their_time():
    turns = [[0, 60, A, 0.3], [60, 70, B, 0.01], [70, 70.5, A, 0.0], [80, 90, B, None]]
    found = notes_on(labels(Turn(0, 60, A), Turn(60, 90, B), evidence={"turns": turns}))
    assert found == ["One turn's voice is about as close to another speaker: low confidence. Listen to 1:00."]


def test_only_the_least_sure_are_listed_in_order_of_time():
    turns = [[60.0 * n, 60.0 * n + 9, A, 0.04 - n / 1000] for n in range(5)]
    found = notes_on(labels(Turn(0, 300, A), evidence={"turns": turns}))
    assert "5 turns" in found[0]
    assert "Listen to 2:00, 3:00, 4:00." in found[0]


def test_return_after_a_long_gap_is_a_question():
    found = notes_on(labels(Turn(0, 60, A), Turn(60, 900, B), Turn(900, 960, A)))
    assert found == [
        "SPEAKER_00 returns at 15:00 after 14 minutes of silence. Is it the same person? Only you can tell."
    ]


def test_no_speech_is_said_once():
    assert notes_on(labels(notes=("We found no speech in this recording.",))) == [
        "We found no speech in this recording."
    ]
    assert notes_on(labels()) == ["No speech was found, so there is nothing to label."]
