"""Words from faster-whisper: batched, with word times, on whatever hardware there is."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from annotation.model import Segment, Word
from diarize_worker.engines.protocol import SAMPLE_RATE_HZ, Waveform, no_progress
from diarize_worker.words.chunks import split_speech
from diarize_worker.words.placement import FAULTS, Loader, Placement, load_model
from diarize_worker.words.protocol import Transcript, WordsRequest

CHUNK_S = 28.0
#: A segment that Whisper itself takes for silence and is unsure of was invented.
NO_SPEECH, UNSURE = 0.6, -1.0
#: Text that compresses better than this is one phrase in a loop.
LOOPING = 2.4
#: Words outside the speech regions by more than this were invented.
SLACK_S = 0.2
SURE_LANGUAGE = 0.5

#: The language, and a note when it was a guess.
_Language = tuple[str, str | None]


class WhisperWords:
    """Writes down words with a Whisper model that is on this machine."""

    is_draft = False

    def __init__(self, path: Path, model: str, *, on_gpu: bool, load: Loader = load_model) -> None:
        self.name = f"faster-whisper {Path(model).name}"
        self._placement = Placement(path, on_gpu=on_gpu, load=load)

    def transcribe(
        self,
        waveform: Waveform,
        speech: Sequence[Segment],
        request: WordsRequest,
        progress: Callable[[str, float], None] = no_progress,
    ) -> Transcript:
        """Write down the words said in the speech regions; see `WordsEngine`."""
        self._placement.begin()
        chunks = split_speech(waveform, speech, CHUNK_S)
        language: _Language | None = None
        words: list[Word] = []
        done = 0
        while done < len(chunks):
            tick = partial(progress, "words", done / len(chunks))
            tick()
            group = chunks[done : done + self._placement.batch]
            try:
                language = language or self._language(waveform, chunks, request.language, tick)
                found = self._words_of(waveform, group, language[0], request.hot_words, tick)
            except FAULTS as fault:
                self._placement.step_down(fault)
                continue
            words += found
            done += len(group)
        progress("words", 1.0)
        kept = tuple(sorted(within(words, speech)))
        notes = [*self._placement.notes, *([language[1]] if language and language[1] else [])]
        if len(kept) < len(words):
            notes.append(
                f"{len(words) - len(kept)} words that fell into silence were left out as probably invented."
            )
        return Transcript(kept, language[0] if language else None, self.name, notes=tuple(notes))

    def _language(
        self, waveform: Waveform, chunks: Sequence[Segment], given: str | None, tick: Callable[[], None]
    ) -> _Language:
        model = self._placement.model(tick)
        if not model.model.is_multilingual:
            return "en", None
        if given:
            return given, None
        heard = [waveform[_samples(chunk)] for chunk in chunks[:2]]
        found, probability, _ = model.detect_language(audio=np.concatenate(heard)[: 30 * SAMPLE_RATE_HZ])
        is_sure = probability >= SURE_LANGUAGE
        note = f"The language was a guess ({found}); say which one it is for better words."
        return str(found), None if is_sure else note

    def _words_of(
        self,
        waveform: Waveform,
        chunks: Sequence[Segment],
        language: str,
        hot_words: tuple[str, ...],
        tick: Callable[[], None],
    ) -> list[Word]:
        from faster_whisper import BatchedInferencePipeline  # noqa: PLC0415

        model = self._placement.model(tick)
        hot = ", ".join(hot_words) or None
        segments, _ = BatchedInferencePipeline(model).transcribe(
            waveform,
            language=language,
            word_timestamps=True,
            hotwords=hot,
            batch_size=len(chunks),
            clip_timestamps=[{"start": chunk.start_s, "end": chunk.end_s} for chunk in chunks],
        )
        found = list(segments)
        looping = {
            chunk
            for segment in found
            if segment.compression_ratio > LOOPING
            for chunk in chunks
            if chunk.start_s <= segment.start <= chunk.end_s
        }
        words = [
            word
            for segment in found
            if not any(chunk.start_s <= segment.start <= chunk.end_s for chunk in looping)
            for word in believed(segment)
        ]
        for chunk in sorted(looping):
            tick()
            words += _again(model, waveform[_samples(chunk)], chunk.start_s, language, hot)
        return words


def _again(model: Any, audio: Waveform, start_s: float, language: str, hot: str | None) -> list[Word]:
    """Hear one chunk again without batching, where Whisper can raise its temperature to leave a loop."""
    segments, _ = model.transcribe(
        audio, language=language, word_timestamps=True, hotwords=hot, condition_on_previous_text=False
    )
    return [
        Word(start_s + word.start_s, start_s + word.end_s, word.text, word.confidence)
        for segment in segments
        if segment.compression_ratio <= LOOPING
        for word in believed(segment)
    ]


def believed(segment: Any) -> list[Word]:
    """Return the words of a segment, none when Whisper itself takes it for silence."""
    if segment.no_speech_prob > NO_SPEECH and segment.avg_logprob < UNSURE:
        return []
    return [
        Word(
            float(word.start),
            max(float(word.end), float(word.start)),
            word.word.strip(),
            float(word.probability),
        )
        for word in segment.words or ()
        if word.word.strip()
    ]


def within(words: Iterable[Word], speech: Sequence[Segment]) -> list[Word]:
    """Keep the words that touch speech; both are in order of time.

    >>> within([Word(0, 1, "hello"), Word(8, 9, "Thanks for watching")], [Segment(0, 2)])
    [Word(start_s=0, end_s=1, text='hello', confidence=None, speaker=None, is_overlapped=False)]
    """
    kept: list[Word] = []
    index = 0
    for word in sorted(words):
        while index < len(speech) and speech[index].end_s + SLACK_S < word.start_s:
            index += 1
        if index < len(speech) and speech[index].start_s - SLACK_S <= word.end_s:
            kept.append(word)
    return kept


def _samples(chunk: Segment) -> slice:
    return slice(int(chunk.start_s * SAMPLE_RATE_HZ), int(chunk.end_s * SAMPLE_RATE_HZ))
