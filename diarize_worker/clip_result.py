"""The result of a clip in the shape that the bot shows: made anew whenever one of its halves is there."""

from typing import Any

from annotation.formats.whospoke_json import annotation_to_dict, words_to_list
from diarize_worker import pipeline
from diarize_worker.documents import labels_from_dict, transcript_from_dict

#: How a recording was made, and what that means for its labels.
MICROPHONE_ADVICE = {
    "room": "One microphone for the whole room hears echo and quiet voices badly. Next time put it on the table, "
    "within arm's length of whoever speaks.",
    "phone": "Telephone sound lacks the high tones that tell voices apart. A recording made on the computer "
    "usually labels better.",
    "table": "With a microphone on the table, people who sit further away are the first to be confused.",
}


def result_document(
    labelled: dict[str, Any], spoken: dict[str, Any], recording: dict[str, Any]
) -> dict[str, Any]:
    """Return what the bot shows, of the documents stored so far.

    Args:
        labelled: Document "labels", or empty.
        spoken: Document "words", or empty.
        recording: Document "recording", or empty.
    """
    labels = labels_from_dict(labelled) if "annotation" in labelled else None
    transcript = transcript_from_dict(spoken) if "words" in spoken else None
    if labels and transcript:
        transcript = pipeline.assign_words(transcript, labels)
    how = str(recording.get("how") or "")
    notes = [
        *labelled.get("decode_notes", ()),
        *labelled.get("distrust", ()),
        *(transcript.notes if transcript else ()),
        *([MICROPHONE_ADVICE[how]] if how in MICROPHONE_ADVICE else ()),
    ]
    failed = {"labels": labelled.get("failure"), "words": spoken.get("failure")}
    return {
        "duration_s": labelled.get("duration_s", 0.0),
        "annotation": annotation_to_dict(labels.annotation) if labels else None,
        "words": words_to_list(transcript.words) if transcript else [],
        "words_are_draft": bool(transcript and transcript.is_draft and not spoken.get("is_example")),
        "engine": labels.engine if labels else None,
        "words_engine": transcript.engine if transcript else None,
        "recorded": how or None,
        "notes": notes,
        "failures": [reason for reason in failed.values() if reason],
        "failed_parts": [part for part, reason in failed.items() if reason],
    }
