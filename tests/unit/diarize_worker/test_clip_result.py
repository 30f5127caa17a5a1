"""An offline draft stays out of the message's body, but for our own examples, which it can read."""

import pytest

from diarize_worker.clip_result import result_document

SPOKEN = {
    "version": 1,
    "engine": "pocketsphinx",
    "language": "en",
    "is_draft": True,
    "notes": [],
    "words": [{"start_s": 0.0, "end_s": 0.4, "text": "hello"}],
}


@pytest.mark.parametrize(("more", "is_draft"), [({}, True), ({"is_example": True}, False)])
def test_whose_words_are_a_draft(more, is_draft):
    assert result_document({}, SPOKEN | more, {})["words_are_draft"] is is_draft
