"""More than sixty awkward recordings, made when tests ask for them; nothing binary is kept in the repository.

Each recipe says what must come of it: `reads` (a duration, give or take), or the error the learner is shown.
"""

import io
import random
import struct
import wave
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt

from diarize_worker.errors import (
    ClipError,
    EmptyClipError,
    NoAudioTrackError,
    NotAudioError,
    TruncatedClipError,
)

Sound = npt.NDArray[np.float32]
EXAMPLE = Path(__file__).parent.parent / "examples" / "short.flac"


@dataclass(frozen=True)
class Recipe:
    name: str
    make: Callable[[], bytes]
    #: Expected length in seconds; None when an error is expected.
    reads: float | None = None
    error: type[ClipError] | None = None
    tolerance_s: float = 0.15
    #: A part of the note that must be there.
    note: str | None = None
    #: True when the sound has speech that ought to be loud enough to be found.
    has_speech: bool = False


def speech(duration_s: float = 6.0, rate: int = 16_000) -> Sound:
    """Return the beginning of the short example, at the rate asked for."""
    with av.open(str(EXAMPLE)) as container:
        resampler = av.AudioResampler(format="fltp", layout="mono", rate=rate)
        frames = [out for frame in container.decode(audio=0) for out in resampler.resample(frame)]
    return np.concatenate([frame.to_ndarray()[0] for frame in frames])[: int(duration_s * rate)]


def tone(hz: float, duration_s: float = 3.0, rate: int = 16_000) -> Sound:
    return (0.3 * np.sin(2 * np.pi * hz * np.arange(int(duration_s * rate)) / rate)).astype(np.float32)


def noise(duration_s: float = 3.0, level: float = 0.1, seed: int = 1) -> Sound:
    return (level * np.random.default_rng(seed).standard_normal(int(duration_s * 16_000))).astype(np.float32)


def music(duration_s: float = 4.0) -> Sound:
    """Return chords that change every half second."""
    chords = [(220, 277, 330), (196, 247, 294), (175, 220, 262), (165, 208, 247)]
    parts = [sum(tone(hz, 0.5) for hz in chords[i % 4]) / 3 for i in range(int(duration_s * 2))]
    return np.concatenate(parts).astype(np.float32)


def wav(sound: Sound, rate: int = 16_000, channels: int = 1, bits: int = 16, kind: int = 1) -> bytes:
    """Write a WAV by hand; `kind` 3 is float. `sound` is (num_samples,) or (num_samples, channels)."""
    frames = sound if sound.ndim == 2 else np.repeat(sound[:, None], channels, axis=1)
    if kind == 3:
        data = frames.astype("<f8" if bits == 64 else "<f4").tobytes()
    elif bits == 8:
        data = (np.clip(frames, -1, 1) * 127 + 128).astype(np.uint8).tobytes()
    elif bits == 24:
        wide = (np.clip(frames, -1, 1) * (2**23 - 1)).astype("<i4")
        data = wide.view(np.uint8).reshape(-1, 4)[:, :3].tobytes()
    else:
        scale = 2 ** (bits - 1) - 1
        data = (np.clip(frames, -1, 1) * scale).astype(f"<i{bits // 8}").tobytes()
    num_channels = frames.shape[1]
    block = num_channels * bits // 8
    head = struct.pack("<HHIIHH", kind, num_channels, rate, rate * block, block, bits)
    return _riff(b"fmt " + struct.pack("<I", 16) + head + b"data" + struct.pack("<I", len(data)) + data)


def _riff(body: bytes) -> bytes:
    return b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WAVE" + body


def encode(
    sound: Sound,
    container_format: str,
    codec: str,
    rate: int = 16_000,
    layout: str = "mono",
    sample_format: str | None = None,
    video: bool = False,
    **options: str,
) -> bytes:
    """Encode with PyAV; `sound` is mono and is repeated into every channel."""
    buffer = io.BytesIO()
    with av.open(buffer, "w", format=container_format) as container:
        pictures = container.add_stream("mpeg4", rate=5) if video else None
        if pictures is not None:
            pictures.width, pictures.height, pictures.pix_fmt = 64, 48, "yuv420p"
        stream = container.add_stream(codec, rate=rate, layout=layout, options=options)
        stream.time_base = Fraction(1, rate)
        frame = av.AudioFrame.from_ndarray(
            np.repeat(sound[None], av.AudioLayout(layout).nb_channels, axis=0), format="fltp", layout=layout
        )
        frame.sample_rate, frame.pts = rate, 0
        if pictures is not None:
            _draw(container, pictures, int(5 * len(sound) / rate))
        wanted = sample_format or stream.format.name
        resampler = av.AudioResampler(
            format=wanted, layout=layout, rate=rate, frame_size=stream.frame_size or 0
        )
        for part in [*resampler.resample(frame), *resampler.resample(None), None]:
            container.mux(stream.encode(part))
    return buffer.getvalue()


def _draw(container: av.container.OutputContainer, stream: av.VideoStream, num_frames: int) -> None:
    for index in range(num_frames):
        picture = av.VideoFrame.from_ndarray(
            np.full((48, 64, 3), index % 255, dtype=np.uint8), format="rgb24"
        )
        container.mux(stream.encode(picture))
    container.mux(stream.encode(None))


def silent_video() -> bytes:
    buffer = io.BytesIO()
    with av.open(buffer, "w", format="mp4") as container:
        stream = container.add_stream("mpeg4", rate=5)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        _draw(container, stream, 10)
    return buffer.getvalue()


def damaged(data: bytes, seed: int = 3, share: float = 0.05, start: float = 0.4, end: float = 0.6) -> bytes:
    """Overwrite bytes in the middle."""
    rng, broken = random.Random(seed), bytearray(data)
    first, last = int(len(data) * start), int(len(data) * end)
    for _ in range(int((last - first) * share) + 1):
        broken[rng.randrange(first, last)] = rng.randrange(256)
    return bytes(broken)


def flac(sound: Sound, **options: str) -> bytes:
    return encode(sound, "flac", "flac", sample_format="s16", **options)


def mp3(sound: Sound, **options: str) -> bytes:
    return encode(sound, "mp3", "libmp3lame", **options)


def m4a(sound: Sound, rate: int = 16_000, layout: str = "mono") -> bytes:
    return encode(sound, "ipod", "aac", rate=rate, layout=layout)


def long_silence(duration_s: int, rate: int = 16_000) -> bytes:
    """Return a FLAC of digital silence, made a second at a time: two hours are under a megabyte."""
    buffer = io.BytesIO()
    with av.open(buffer, "w", format="flac") as container:
        stream = container.add_stream("flac", rate=rate, layout="mono")
        second = np.zeros((1, rate), dtype=np.int16)
        resampler = av.AudioResampler(format="s16", layout="mono", rate=rate, frame_size=4096)
        for index in range(duration_s):
            frame = av.AudioFrame.from_ndarray(second, format="s16", layout="mono")
            frame.sample_rate, frame.pts, frame.time_base = rate, index * rate, Fraction(1, rate)
            for part in resampler.resample(frame):
                container.mux(stream.encode(part))
        for part in [*resampler.resample(None), None]:
            container.mux(stream.encode(part))
    return buffer.getvalue()


def lying_wav(claimed_bytes: int) -> bytes:
    """Claim far more data than there is."""
    data = bytearray(wav(speech(3)))
    data[40:44] = struct.pack("<I", claimed_bytes)
    return bytes(data)


def png() -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", 8, 8, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(bytes(200)))
        + chunk(b"IEND", b"")
    )


def zipped() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("meeting.wav", wav(speech(2)))
    return buffer.getvalue()


def channels(*gains: float) -> Sound:
    """Return speech at these gains, one channel each."""
    return speech()[:, None] * np.array(gains, dtype=np.float32)


def spiked(sound: Sound, value: float, num: int = 10) -> Sound:
    sound = sound.copy()
    sound[1000 : 1000 + num] = value
    return sound


def spiked_left(sound: Sound, value: float) -> Sound:
    return np.stack([spiked(sound, value), sound], axis=1)


def recipes() -> Iterator[Recipe]:
    """Return every file of the corpus."""
    yield from _rates_and_channels()
    yield from _containers()
    yield from _strange_sound()
    yield from _not_recordings()
    yield from _broken()


def _rates_and_channels() -> Iterator[Recipe]:
    for rate in (8_000, 11_025, 16_000, 22_050, 44_100, 48_000, 96_000, 192_000):
        yield Recipe(f"rate_{rate}.wav", lambda rate=rate: wav(speech(rate=rate), rate), 6.0, has_speech=True)
    for bits, kind in ((8, 1), (24, 1), (32, 1), (32, 3), (64, 3)):
        name = f"{'float' if kind == 3 else 'int'}_{bits}.wav"
        yield Recipe(
            name, lambda bits=bits, kind=kind: wav(speech(), bits=bits, kind=kind), 6.0, has_speech=True
        )
    for count in (2, 3, 4, 6, 8, 10):
        yield Recipe(f"channels_{count}.wav", lambda n=count: wav(speech(), channels=n), 6.0, has_speech=True)
    dead = {
        "left_dead": (0, 1),
        "right_dead": (1, 0),
        "one_of_eight": (0, 0, 0, 0, 0, 1, 0, 0),
        "upside_down": (1, -1),
        "faint_left": (0.01, 1),
        "lfe_only": (0, 0, 0, 1, 0, 0),
    }
    for name, gains in dead.items():
        yield Recipe(f"{name}.wav", lambda gains=gains: wav(channels(*gains)), 6.0, has_speech=True)


def _containers() -> Iterator[Recipe]:
    whole = {
        "flac.flac": lambda: flac(speech()),
        "aac.m4a": lambda: m4a(speech()),
        "stereo.m4a": lambda: m4a(speech(rate=48_000), 48_000, "stereo"),
        "surround.m4a": lambda: m4a(speech(rate=48_000), 48_000, "5.1"),
        "cbr.mp3": lambda: mp3(speech()),
        "vbr.mp3": lambda: mp3(speech(), flags="+qscale", global_quality=str(4 * 118)),
        "opus.ogg": lambda: encode(speech(rate=48_000), "ogg", "libopus", 48_000),
        "opus.webm": lambda: encode(speech(rate=48_000), "webm", "libopus", 48_000),
        "aac.mkv": lambda: encode(speech(), "matroska", "aac"),
        "aac.adts.aac": lambda: encode(speech(), "adts", "aac"),
        "ulaw.au": lambda: encode(speech(rate=8_000), "au", "pcm_mulaw", 8_000),
        "alaw.wav": lambda: encode(speech(rate=8_000), "wav", "pcm_alaw", 8_000),
        "adpcm.wav": lambda: encode(speech(), "wav", "adpcm_ms"),
        "pcm.aiff": lambda: encode(speech(), "aiff", "pcm_s16be"),
        "alac.m4a": lambda: encode(speech(), "ipod", "alac"),
        "video.mp4": lambda: encode(speech(), "mp4", "aac", video=True),
        "video.mkv": lambda: encode(speech(), "matroska", "aac", video=True),
        "aac.ts": lambda: encode(speech(), "mpegts", "aac"),
        "pcm.caf": lambda: encode(speech(), "caf", "pcm_s16be"),
        "pcm.w64": lambda: encode(speech(), "w64", "pcm_s16le"),
        "wrong_extension.wav": lambda: m4a(speech()),
        "wrong_extension.mp3": lambda: wav(speech()),
        "wrong_extension.txt": lambda: flac(speech()),
        "no_extension": lambda: mp3(speech()),
        "Ünïcode näme.flac": lambda: flac(speech()),
    }
    for name, make in whole.items():
        yield Recipe(name, make, 6.0, has_speech=True)


def _strange_sound() -> Iterator[Recipe]:
    sounds = {
        "silence.wav": lambda: np.zeros(48_000, dtype=np.float32),
        "dc.wav": lambda: np.full(48_000, 0.5, dtype=np.float32),
        "noise.wav": noise,
        "faint_noise.wav": lambda: noise(level=0.0005),
        "music.wav": lambda: music(3),
        "tone.wav": lambda: tone(440),
        "clicks.wav": lambda: np.where(np.arange(48_000) % 8_000 == 0, 1.0, 0.0).astype(np.float32),
    }
    for name, make in sounds.items():
        yield Recipe(name, lambda make=make: wav(make()), 3.0)
    yield Recipe("tiny.wav", lambda: wav(tone(300, 0.05)), 0.05, tolerance_s=0.01)
    yield Recipe("one_sample.wav", lambda: wav(tone(300, 0.0001)), 0.0, tolerance_s=0.01)
    yield Recipe("loud_speech.wav", lambda: wav(np.clip(20 * speech(), -1, 1)), 6.0, has_speech=True)
    yield Recipe("faint_speech.wav", lambda: wav(0.01 * speech()), 6.0, has_speech=True)
    yield Recipe(
        "float_over_range.wav", lambda: wav(30_000 * speech(), bits=32, kind=3), 6.0, has_speech=True
    )
    yield Recipe(
        "float_nan.wav", lambda: wav(spiked(speech(), np.nan), bits=32, kind=3), 6.0, has_speech=True
    )
    yield Recipe(
        "float_infinity.wav", lambda: wav(spiked(speech(), np.inf), bits=32, kind=3), 6.0, has_speech=True
    )

    wild = {
        "float_wild_sample": lambda: spiked(speech(), 1e6, 1),
        "float_wild_samples": lambda: spiked(speech(), -3e38),
        "float_wild_left": lambda: spiked_left(speech(), 1e9),
        "float_wild_in_loud": lambda: spiked(1000 * speech(), 1e12),
    }
    for name, make in wild.items():
        yield Recipe(f"{name}.wav", lambda make=make: wav(make(), bits=32, kind=3), 6.0, has_speech=True)


def _not_recordings() -> Iterator[Recipe]:
    yield Recipe("empty.wav", lambda: b"", error=EmptyClipError)
    others = {
        "text.txt": lambda: b"Minutes of the meeting\n" * 50,
        "text.mp3": lambda: b"this is not a recording\n" * 500,
        "page.html": lambda: b"<!doctype html><html><body><h1>Sign in</h1></body></html>",
        "picture.png": png,
        "picture.wav": png,
        "archive.zip": zipped,
        "random.bin": lambda: random.Random(5).randbytes(200_000),
        "zeros.bin": lambda: bytes(100_000),
        "one_byte.wav": lambda: b"R",
        "playlist.m3u8": lambda: (
            b"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n"
        ),
        "concat.txt": lambda: b"ffconcat version 1.0\nfile /etc/passwd\n",
        "subtitles.srt": lambda: b"1\n00:00:00,000 --> 00:00:02,000\nHello\n",
    }
    for name, make in others.items():
        yield Recipe(name, make, error=NotAudioError)
    yield Recipe("no_sound.mp4", silent_video, error=NoAudioTrackError)


def _broken() -> Iterator[Recipe]:
    yield Recipe("no_index.m4a", lambda: m4a(speech())[: len(m4a(speech())) // 2], error=TruncatedClipError)
    yield Recipe("header_only.wav", lambda: wav(speech())[:44], error=TruncatedClipError)
    yield Recipe("half_header.wav", lambda: wav(speech())[:20], error=TruncatedClipError)
    yield Recipe("header_only.flac", lambda: flac(speech())[:60], error=TruncatedClipError)
    half = {
        "half.wav": lambda: wav(speech()),
        "half.mp3": lambda: mp3(speech()),
        "half.flac": lambda: flac(speech()),
    }
    for name, make in half.items():
        yield Recipe(name, lambda make=make: make()[: len(make()) // 2], 3.0, tolerance_s=0.8)
    yield Recipe("claims_hours.wav", lambda: lying_wav(0x7FFFFF00), 3.0)
    yield Recipe("claims_4_gib.wav", lambda: lying_wav(0xFFFFFFFF), 3.0)
    yield Recipe("claims_nothing.wav", lambda: lying_wav(0), 3.0, tolerance_s=3.1)
    middle = {
        "damaged.mp3": lambda: mp3(speech()),
        "damaged.flac": lambda: flac(speech()),
        "damaged.m4a": lambda: m4a(speech()),
        "damaged.webm": lambda: encode(speech(rate=48_000), "webm", "libopus", 48_000),
        "damaged.ogg": lambda: encode(speech(rate=48_000), "ogg", "libopus", 48_000),
    }
    for name, make in middle.items():
        # FLAC frames that fail their checksum are decoded all the same, and little is missing
        note = None if name == "damaged.flac" else "we could read"
        yield Recipe(name, lambda make=make: damaged(make()), 6.0, tolerance_s=3.0, note=note)
    yield Recipe("hole.flac", lambda: hole(flac(speech(12))), 12.0, tolerance_s=6.0, note="we could read")
    yield Recipe(
        "two_glued.mp3", lambda: mp3(speech(3)) + mp3(speech(3, 44_100), rate=44_100), 6.0, tolerance_s=3.2
    )
    yield Recipe(
        "junk_after.wav", lambda: wav(speech()) + random.Random(2).randbytes(5000), 6.0, tolerance_s=0.3
    )
    yield Recipe("junk_before.mp3", lambda: bytes(4000) + mp3(speech()), 6.0, tolerance_s=0.3)


def hole(data: bytes) -> bytes:
    """Blank a third of the file, in the middle."""
    third = len(data) // 3
    return data[:third] + bytes(third) + data[2 * third :]


def write_wave(path: Path, sound: Sound, rate: int = 16_000) -> Path:
    """Write a plain 16-bit WAV."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes())
    return path
