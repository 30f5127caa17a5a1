"""The files a labelled recording is handed out as."""

from collections.abc import Callable, Mapping, Sequence

from annotation.formats import rttm, srt, txt, vtt, whospoke_json
from annotation.model import Annotation, Word

Names = Mapping[str, str] | None
Writer = Callable[[Annotation, Sequence[Word], Names], str]


def _rttm(annotation: Annotation, words: Sequence[Word], names: Names) -> str:
    """RTTM knows turns alone, and labels without spaces; it keeps the machine's labels."""
    del words, names
    return rttm.serialize(annotation)


WRITERS: dict[str, Writer] = {
    "rttm": _rttm,
    "txt": txt.serialize,
    "vtt": vtt.serialize,
    "srt": srt.serialize,
    "json": whospoke_json.serialize,
}


_LONGEST_NAME_BYTES = 255


def file_name(stem: str, ending: str) -> str:
    """Return a name that a file system takes: as much of the stem as fits before the ending.

    >>> file_name("weekly planning", "rttm"), len(file_name("é" * 127, "rttm").encode())
    ('weekly planning.rttm', 255)
    """
    room = _LONGEST_NAME_BYTES - len(f".{ending}".encode())
    return f"{stem.encode()[:room].decode(errors='ignore')}.{ending}"


def render(
    annotation: Annotation,
    words: Sequence[Word] = (),
    formats: Sequence[str] = tuple(WRITERS),
    names: Names = None,
) -> dict[str, str]:
    """Return the text of each file by its ending.

    Args:
        annotation: The turns.
        words: Words with their speakers, or nothing.
        formats: Endings, each one of WRITERS.
        names: What people call the labels.
    """
    return {ending: WRITERS[ending](annotation, words, names) for ending in dict.fromkeys(formats)}
