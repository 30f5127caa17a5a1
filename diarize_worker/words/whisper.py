"""Words from faster-whisper: batched, with word times, on whatever hardware there is."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from annotation.model import Segment, Word
from diarize_worker.engines.protocol import SAMPLE_RATE_HZ, Waveform, no_progress
from diarize_worker.words.chunks import split_speech
from diarize_worker.words.protocol import Transcript, WordsRequest, WordsUnavailableError

CHUNK_S = 28.0
#: Chunks at once, to begin with; halved each time the GPU runs out of memory.
GPU_BATCH, CPU_BATCH = 16, 4
#: A segment that Whisper itself takes for silence and is unsure of was invented.
NO_SPEECH, UNSURE = 0.6, -1.0
#: Text that compresses better than this is one phrase in a loop.
LOOPING = 2.4
#: Words outside the speech regions by more than this were invented.
SLACK_S = 0.2
SURE_LANGUAGE = 0.5

Loader = Callable[[Path, str, str], Any]


def load_model(path: Path, device: str, compute_type: str) -> Any:
    """Load the weights with faster-whisper."""
    from faster_whisper import WhisperModel  # noqa: PLC0415 - half a second to import

    return WhisperModel(str(path), device=device, compute_type=compute_type, local_files_only=True)


def has_cuda() -> bool:
    """Whether CTranslate2 sees a CUDA device."""
    import ctranslate2  # noqa: PLC0415

    return bool(ctranslate2.get_cuda_device_count() > 0)


class WhisperWords:
    """Writes down words with a Whisper model that is on this machine."""

    is_draft = False

    def __init__(
        self,
        path: Path,
        model: str,
        *,
        on_gpu: bool,
        load: Loader = load_model,
    ) -> None:
        self.name = f"faster-whisper {Path(model).name}"
        self._path, self._load, self._on_gpu = path, load, on_gpu
        self._batch = GPU_BATCH if on_gpu else CPU_BATCH
        self._model: Any = None

    def transcribe(
        self,
        waveform: Waveform,
        speech: Sequence[Segment],
        request: WordsRequest,
        progress: Callable[[str, float], None] = no_progress,
    ) -> Transcript:
        """Write down the words said in the speech regions; see `WordsEngine`."""
        notes: list[str] = []
        model = self._ready(notes)
        chunks = split_speech(waveform, speech, CHUNK_S)
        language, note = self._language(model, waveform, chunks, request.language)
        notes += [note] if note else []
        words: list[Word] = []
        done = 0
        while done < len(chunks):
            progress("words", done / len(chunks))
            group = chunks[done : done + self._batch]
            try:
                words += self._words_of(waveform, group, language, request.hot_words)
            except RuntimeError as error:
                self._shrink(error, notes)
                continue
            done += len(group)
        progress("words", 1.0)
        kept = tuple(sorted(within(words, speech)))
        if len(kept) < len(words):
            notes.append(
                f"{len(words) - len(kept)} words that fell into silence were left out as probably invented."
            )
        return Transcript(kept, language, self.name, notes=tuple(notes))

    def _ready(self, notes: list[str]) -> Any:
        while self._model is None:
            device, compute_type = ("cuda", "float16") if self._on_gpu else ("cpu", "int8")
            try:
                self._model = self._load(self._path, device, compute_type)
            except RuntimeError as error:
                if not self._on_gpu:
                    raise WordsUnavailableError(
                        f"The Whisper weights in {self._path} could not be loaded ({error}). Remove that folder and "
                        "run `python -m diarize_worker models pull --whisper` again."
                    ) from error
                self._use_cpu(notes)
        return self._model

    def _shrink(self, error: RuntimeError, notes: list[str]) -> None:
        """After running out of memory, try smaller batches, then the CPU; other errors go on up."""
        is_memory = "out of memory" in str(error).lower() or "alloc" in str(error).lower()
        if not is_memory or not (self._on_gpu or self._batch > 1):
            raise error
        if self._batch > 1:
            self._batch //= 2
        else:
            self._use_cpu(notes)
            self._ready(notes)

    def _use_cpu(self, notes: list[str]) -> None:
        self._on_gpu, self._batch, self._model = False, CPU_BATCH, None
        notes.append("The GPU could not hold the words model, so the CPU wrote them down, which is slower.")

    @staticmethod
    def _language(
        model: Any, waveform: Waveform, chunks: Sequence[Segment], given: str | None
    ) -> tuple[str, str | None]:
        if not model.model.is_multilingual:
            return "en", None
        if given:
            return given, None
        heard = [waveform[_samples(chunk)] for chunk in chunks[:2]]
        language, probability, _ = model.detect_language(audio=np.concatenate(heard)[: 30 * SAMPLE_RATE_HZ])
        if probability < SURE_LANGUAGE:
            return str(
                language
            ), f"The language was a guess ({language}); say which one it is for better words."
        return str(language), None

    def _words_of(
        self, waveform: Waveform, chunks: Sequence[Segment], language: str, hot_words: tuple[str, ...]
    ) -> list[Word]:
        from faster_whisper import BatchedInferencePipeline  # noqa: PLC0415

        hot = ", ".join(hot_words) or None
        segments, _ = BatchedInferencePipeline(self._model).transcribe(
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
            words += self._again(waveform[_samples(chunk)], chunk.start_s, language, hot)
        return words

    def _again(self, audio: Waveform, start_s: float, language: str, hot: str | None) -> list[Word]:
        """Hear one chunk again without batching, where Whisper can raise its temperature to leave a loop."""
        segments, _ = self._model.transcribe(
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
