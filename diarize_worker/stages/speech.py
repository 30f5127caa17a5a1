"""Where anybody speaks: Silero's voice activity network, which comes inside the faster-whisper wheel."""

from collections.abc import Callable
from dataclasses import dataclass

from annotation.model import Segment, union
from diarize_worker.engines.protocol import SAMPLE_RATE_HZ, Waveform, no_progress
from diarize_worker.errors import SilentClipError
from diarize_worker.stages.level import level

#: The network runs over blocks, so that two hours need no more memory than two minutes.
BLOCK_S = 120
#: Blocks overlap, so that a word across their edge is heard whole by one of them.
BLOCK_OVERLAP_S = 2


@dataclass(frozen=True, slots=True)
class SpeechConfig:
    """How sure the network must be, and how regions are joined."""

    threshold: float = 0.35
    min_speech_ms: int = 100
    min_silence_ms: int = 300
    pad_ms: int = 100
    #: Less speech than this in the whole recording counts as none.
    min_total_s: float = 0.3


def find_speech(
    waveform: Waveform,
    config: SpeechConfig | None = None,
    progress: Callable[[str, float], None] = no_progress,
) -> tuple[Segment, ...]:
    """Return the regions with speech, in order and disjoint; none where this network hears nobody.

    It is one opinion: in a room with distant voices the diarization engine may hear somebody all the same.

    Args:
        waveform: (num_samples,) float32 at 16000 Hz.
        config: Thresholds.
        progress: Told after each block; may raise to cancel.

    Raises:
        SilentClipError: There is no sound at all.
    """
    from faster_whisper.vad import VadOptions, get_speech_timestamps  # noqa: PLC0415 - half a second to import

    if not waveform.any():
        raise SilentClipError
    config = config or SpeechConfig()
    options = VadOptions(
        threshold=config.threshold,
        min_speech_duration_ms=config.min_speech_ms,
        min_silence_duration_ms=config.min_silence_ms,
        speech_pad_ms=config.pad_ms,
    )
    found: list[Segment] = []
    recording = level(waveform)
    step = BLOCK_S * SAMPLE_RATE_HZ
    for start in range(0, len(waveform), step):
        end = min(start + step + BLOCK_OVERLAP_S * SAMPLE_RATE_HZ, len(waveform))
        block = recording.excerpt(start, end)
        found += [
            Segment((start + region["start"]) / SAMPLE_RATE_HZ, (start + region["end"]) / SAMPLE_RATE_HZ)
            for region in get_speech_timestamps(block, options)
        ]
        recording.let_go()
        progress("speech", min(1.0, (start + step) / len(waveform)))
    regions = union(found)
    is_enough = sum(region.duration_s for region in regions) >= config.min_total_s
    return regions if is_enough else ()
