import json

import pytest

from annotation.formats import rttm, vtt, whospoke_json
from annotation.model import Annotation, Turn, Word
from diarize_worker.documents import (
    DocumentError,
    labels_from_dict,
    labels_to_dict,
    transcript_from_dict,
    transcript_to_dict,
)
from diarize_worker.engines.protocol import Labels
from diarize_worker.outputs import WRITERS, render
from diarize_worker.words.protocol import Transcript

ANNOTATION = Annotation.of("clip", [Turn(0.5, 2.25, "SPEAKER_00"), Turn(2.0, 4.0, "SPEAKER_01")])
WORDS = (
    Word(0.5, 0.9, "Hello", 0.9, "SPEAKER_00"),
    Word(2.5, 2.9, "there", 0.5, "SPEAKER_01", is_overlapped=True),
)


def test_every_format_is_written_and_reads_back():
    texts = render(ANNOTATION, WORDS)
    assert set(texts) == set(WRITERS)
    assert rttm.parse(texts["rttm"]) == ANNOTATION
    assert whospoke_json.parse(texts["json"]) == ANNOTATION
    assert whospoke_json.parse_words(texts["json"]) == WORDS
    assert vtt.parse(texts["vtt"]).speakers == ANNOTATION.speakers
    assert "SPEAKER_01: [there]" in texts["txt"], "said in overlap"


def test_only_the_formats_asked_for_with_names():
    texts = render(ANNOTATION, WORDS, ["txt", "txt"], {"SPEAKER_00": "Ada"})
    assert list(texts) == ["txt"]
    assert "Ada: Hello" in texts["txt"]


def test_stored_labels_read_back_through_json():
    labels = Labels(ANNOTATION, ANNOTATION, "embedded", 4.5, ("A note.",), {"heights": [0.1]})
    assert labels_from_dict(json.loads(json.dumps(labels_to_dict(labels)))) == labels


def test_stored_words_read_back_through_json():
    transcript = Transcript(WORDS, "en", "pocketsphinx", is_draft=True, notes=("Rough.",))
    assert transcript_from_dict(json.loads(json.dumps(transcript_to_dict(transcript)))) == transcript


def test_a_later_version_is_refused():
    with pytest.raises(DocumentError, match="version 99"):
        labels_from_dict({"version": 99})
