"""The neural engine: pyannote.audio's community-1 pipeline, on a GPU when there is one.

What it takes to have the pipeline is in `neural_pipeline`, the only place that imports torch and pyannote.audio.
"""

import contextlib
import gc
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Self

import numpy as np

from annotation.model import Annotation, Turn
from diarize_worker.engines import neural_pipeline
from diarize_worker.engines.neural_pipeline import INSTALL_COMMAND, PAGE
from diarize_worker.engines.protocol import (
    SAMPLE_RATE_HZ,
    Labels,
    SpeakerHint,
    Waveform,
    about_count,
    no_progress,
)
from diarize_worker.errors import EngineUnavailableError

#: Below this there is nothing a pipeline could frame.
_SHORTEST_S = 0.1
#: The pipeline's steps, as the stages that people are shown.
_STAGES = {
    "segmentation": "segment",
    "speaker_counting": "segment",
    "embeddings": "embed",
    "discrete_diarization": "cluster",
}
_ORDER = ("segment", "embed", "cluster")
#: How torch and the libraries below it say that memory ran out.
_MEMORY_SIGNS = ("out of memory", "alloc_failed", "can't allocate memory", "not enough memory")


class NeuralEngine:
    """Labels speakers with a pyannote pipeline; see `DiarizationEngine`."""

    name = "neural"

    def __init__(self, pipeline: Any, torch: Any) -> None:
        """Take a pipeline that is loaded; see `load`."""
        self._pipeline = pipeline
        self._torch = torch

    @classmethod
    def load(cls, folder: Path | None, token: str | None) -> Self:
        """Load the pipeline from a folder, from the Hugging Face cache, or from the Hub.

        Raises:
            EngineUnavailableError: It cannot be had; the message gives the reason and the fix.
        """
        if not neural_pipeline.is_installed():
            raise EngineUnavailableError(f"The neural engine is not installed. Run `{INSTALL_COMMAND}`.")
        folder = folder or neural_pipeline.cached_folder()
        if folder is None and not token:
            raise EngineUnavailableError(
                f"The neural engine needs a Hugging Face token. Accept the terms at {PAGE}, make a token with "
                "read access, and set HF_TOKEN; or set WHOSPOKE_NEURAL_DIR to a folder with the pipeline."
            )
        torch, pipeline_class = neural_pipeline.import_pyannote()
        with _out_of_memory_told(torch):
            pipeline = neural_pipeline.from_pretrained(pipeline_class, folder, token)
            if torch.cuda.is_available():
                pipeline.to(torch.device("cuda"))
        return cls(pipeline, torch)

    def diarize(
        self,
        waveform: Waveform,
        uri: str,
        hint: SpeakerHint,
        progress: Callable[[str, float], None] = no_progress,
    ) -> Labels:
        """Label the speakers; see `DiarizationEngine.diarize`."""
        duration_s = len(waveform) / SAMPLE_RATE_HZ
        nobody = Annotation.of(uri, ())
        if duration_s < _SHORTEST_S or not waveform.any():
            return Labels(nobody, nobody, self.name, duration_s, ("We found no speech in this recording.",))
        stages = _Stages(progress)
        with _out_of_memory_told(self._torch):
            samples = np.nan_to_num(waveform, nan=0.0, posinf=0.0, neginf=0.0)  # one NaN would spread to all
            sound = self._torch.from_numpy(samples)[None]  # (1, num_samples)
            file = {"waveform": sound, "sample_rate": SAMPLE_RATE_HZ, "uri": uri}
            output = self._label(file, hint.minimum, None, stages)
            num_found = len(output.speaker_diarization.labels())
            if num_found > hint.maximum:  # asked for so few at once, it would not say that it found more
                output = self._label(file, hint.minimum, hint.maximum, stages)
        stages.end()
        turns = list(_turns(output.speaker_diarization, duration_s))
        names = dict.fromkeys(turn.speaker for turn in sorted(turns))
        numbered = {name: f"SPEAKER_{number:02d}" for number, name in enumerate(names)}
        exclusive = Annotation.of(uri, _turns(output.exclusive_speaker_diarization, duration_s))
        return Labels(
            Annotation.of(uri, turns).relabelled(numbered),
            exclusive.relabelled(numbered),
            self.name,
            duration_s,
            tuple(filter(None, [about_count(len(names), max(num_found, len(names)), hint)])),
        )

    def _label(self, file: dict[str, Any], fewest: int, most: int | None, stages: "_Stages") -> Any:
        try:
            return self._pipeline(file, min_speakers=fewest, max_speakers=most, hook=stages.hear)
        except ValueError as error:
            # Its clustering cannot make more groups than there are pieces of speech.
            if fewest == 1 or "n_clusters" not in str(error):
                raise
        return self._pipeline(file, min_speakers=1, max_speakers=most, hook=stages.hear)


class _Stages:
    """Tells progress in our stages: in order, never falling, each ending at 1."""

    def __init__(self, progress: Callable[[str, float], None]) -> None:
        self._progress = progress
        self._stage, self._share = "", 1.0

    def hear(self, step: str, *_artefact: Any, **counts: Any) -> None:
        """Take what the pipeline tells its hook."""
        total, completed = counts.get("total"), counts.get("completed")
        share = min(1.0, completed / total) if total and completed is not None else 1.0
        stage = _STAGES.get(step, self._stage or "segment")
        if _ORDER.index(stage) < _ORDER.index(self._stage or stage):
            return  # it begins anew
        if stage != self._stage:
            self.end()
            self._stage, self._share = stage, 0.0
        elif self._share == 1.0:
            return
        self._share = max(share, self._share)
        self._progress(stage, self._share)

    def end(self) -> None:
        """Say that the stage is done, unless that was said."""
        if self._share < 1.0:
            self._share = 1.0
            self._progress(self._stage, 1.0)


def _turns(found: Any, duration_s: float) -> Iterator[Turn]:
    for segment, _track, speaker in found.itertracks(yield_label=True):
        yield Turn(round(max(0.0, segment.start), 3), round(min(duration_s, segment.end), 3), str(speaker))


@contextlib.contextmanager
def _out_of_memory_told(torch: Any) -> Iterator[None]:
    """Turn running out of memory into an `EngineUnavailableError`, and leave the GPU to whoever works next."""
    try:
        yield
    except (MemoryError, RuntimeError) as error:
        is_memory = isinstance(error, (MemoryError, torch.cuda.OutOfMemoryError))
        if not is_memory and not any(sign in str(error).lower() for sign in _MEMORY_SIGNS):
            raise
        traceback.clear_frames(error.__traceback__)  # they hold the tensors
        gc.collect()
        raise EngineUnavailableError(
            "The neural engine ran out of memory on this recording. Send a shorter one, free memory on the GPU, "
            "or set WHOSPOKE_ENGINE=embedded."
        ) from error
    finally:
        if torch.cuda.is_available():
            torch.cuda.empty_cache()
