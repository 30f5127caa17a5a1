"""Our own JSON: turns, and words when there are any. Times are seconds, rounded to milliseconds."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from annotation.formats.errors import FormatError
from annotation.formats.reading import MAX_TEXT_CHARS, MAX_TIME_S, MAX_TURNS, shown
from annotation.formats.writing import milliseconds
from annotation.model import Annotation, Turn, Word

FORMAT = "whospoke"
VERSION = 1


def annotation_to_dict(annotation: Annotation) -> dict[str, Any]:
    """Return the turns as JSON values.

    >>> annotation_to_dict(Annotation.of("clip", [Turn(0.0, 1.23456, "A")]))["turns"]
    [{'start_s': 0.0, 'end_s': 1.235, 'speaker': 'A'}]
    """
    return {
        "format": FORMAT,
        "version": VERSION,
        "uri": annotation.uri,
        "turns": [
            {"start_s": _ms(turn.start_s), "end_s": _ms(turn.end_s), "speaker": turn.speaker}
            for turn in annotation.turns
        ],
    }


def annotation_from_dict(document: Any) -> Annotation:
    """Return the turns of a document made by annotation_to_dict.

    Raises:
        FormatError: it is not such a document, or one of a later version.
    """
    fields = _document(document)
    uri = _text(fields.get("uri", ""), "uri")
    return Annotation.of(uri, [_turn(item, f"turns[{i}]") for i, item in enumerate(_list(fields, "turns"))])


def words_to_list(words: Sequence[Word]) -> list[dict[str, Any]]:
    """Return the words as JSON values; what a word does not say is left out."""
    items: list[dict[str, Any]] = []
    for word in words:
        item: dict[str, Any] = {"start_s": _ms(word.start_s), "end_s": _ms(word.end_s), "text": word.text}
        if word.confidence is not None:
            item["confidence"] = round(word.confidence, 4)
        if word.speaker is not None:
            item["speaker"] = word.speaker
        if word.is_overlapped:
            item["is_overlapped"] = True
        items.append(item)
    return items


def words_from_list(items: Any) -> tuple[Word, ...]:
    """Return the words of a list made by words_to_list.

    Raises:
        FormatError: it is not such a list.
    """
    return tuple(_word(item, f"words[{i}]") for i, item in enumerate(_list({"words": items}, "words")))


def parse(text: str, uri: str | None = None) -> Annotation:
    """Return the turns in the file.

    Raises:
        FormatError: the text is not our JSON.
    """
    annotation = annotation_from_dict(_loaded(text))
    return annotation if uri is None else Annotation(uri, annotation.turns)


def parse_words(text: str) -> tuple[Word, ...]:
    """Return the words in the file, which may be none.

    Raises:
        FormatError: the text is not our JSON.
    """
    return words_from_list(_document(_loaded(text)).get("words", []))


def parse_names(text: str) -> dict[str, str]:
    """Return what people call the labels in the file, which may be nothing.

    Raises:
        FormatError: the text is not our JSON, or a name is not text.
    """
    names = _document(_loaded(text)).get("names") or {}
    if not isinstance(names, Mapping):
        raise FormatError("names is not an object", advice='Write "names": {"SPEAKER_00": "Ada"}.')
    found = {label: _text(name, f"names.{shown(label)}").strip() for label, name in names.items()}
    return {label: name for label, name in found.items() if name}


def serialize(
    annotation: Annotation, words: Sequence[Word] = (), names: Mapping[str, str] | None = None
) -> str:
    """Return the file; names stay beside the labels they were given to."""
    document = annotation_to_dict(annotation)
    if words:
        document["words"] = words_to_list(words)
    if names:
        document["names"] = dict(names)
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _loaded(text: str) -> Any:
    if len(text) > MAX_TEXT_CHARS:
        raise FormatError("the file is too long", advice="Send the labels of one recording.")
    try:
        return json.loads(text.removeprefix("\ufeff"))
    except json.JSONDecodeError as error:
        raise FormatError(
            f"this is not JSON ({error.msg})", line=error.lineno, advice="Send it as saved."
        ) from None
    except (RecursionError, ValueError):
        raise FormatError("this JSON is nested too deeply or has an absurd number") from None


def _document(document: Any) -> Mapping[str, Any]:
    if not isinstance(document, Mapping) or document.get("format") != FORMAT:
        raise FormatError(
            "this JSON is not a label file of ours",
            advice='It begins with {"format": "whospoke", "version": 1, ...}.',
        )
    if document.get("version") != VERSION:
        raise FormatError(
            f"this file has version {shown(str(document.get('version')))}, we read version {VERSION}"
        )
    return document


def _list(fields: Mapping[str, Any], key: str) -> Sequence[Any]:
    value = fields.get(key)
    if not isinstance(value, list):
        raise FormatError(f"{key} is not a list", advice=f'Write "{key}": [...].')
    if key == "turns" and len(value) > MAX_TURNS:
        raise FormatError(f"there are more than {MAX_TURNS:,} turns", advice="Send one recording.")
    return value


def _turn(item: Any, where: str) -> Turn:
    if not isinstance(item, Mapping):
        raise FormatError(f"{where} is not an object")
    start_s, end_s = _span(item, where)
    speaker = _text(item.get("speaker"), f"{where}.speaker")
    if not speaker.strip():
        raise FormatError(f"{where}.speaker is empty", advice="Give every turn a speaker.")
    return Turn(start_s, end_s, speaker)


def _word(item: Any, where: str) -> Word:
    if not isinstance(item, Mapping):
        raise FormatError(f"{where} is not an object")
    start_s, end_s = _span(item, where)
    confidence = item.get("confidence")
    speaker = item.get("speaker")
    return Word(
        start_s,
        end_s,
        _text(item.get("text"), f"{where}.text"),
        None if confidence is None else _number(confidence, f"{where}.confidence"),
        None if speaker is None else _text(speaker, f"{where}.speaker"),
        item.get("is_overlapped") is True,
    )


def _span(item: Mapping[str, Any], where: str) -> tuple[float, float]:
    start_s = _number(item.get("start_s"), f"{where}.start_s")
    end_s = _number(item.get("end_s"), f"{where}.end_s")
    if end_s < start_s:
        raise FormatError(f"{where} ends before it starts", advice="Write the start first.")
    return start_s, end_s


def _number(value: Any, where: str) -> float:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not 0 <= value <= MAX_TIME_S:  # false for NaN, too
        raise FormatError(f"{where} is {shown(str(value)[:60])}, not a number of seconds from 0 up")
    return float(value)


def _text(value: Any, where: str) -> str:
    if not isinstance(value, str):
        raise FormatError(f"{where} is not text")
    if any("\ud800" <= char <= "\udfff" for char in value):
        raise FormatError(f"{where} holds half a character, which no file can be written with")
    return value


def _ms(time_s: float) -> float:
    return milliseconds(time_s) / 1000
