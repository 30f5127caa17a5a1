"""The process that touches a stranger's bytes: reads one recording, writes mono float32 at 16 kHz.

Started by `decode` as a script of its own (`python -I decode_child.py INPUT_FD OUTPUT_FD LIMITS`), so a codec that
crashes, hangs or eats memory takes nothing else with it. Speaks JSON lines on stdout; the last one is the result.
"""

import contextlib
import ctypes
import json
import os
import resource
import signal
import sys
from collections.abc import Iterator
from typing import Any

RATE_HZ = 16_000
#: Longest run of silence put in for samples that a corrupt stretch, or a paused recorder, left out.
MAX_GAP_S = 600.0
MIN_GAP_S = 0.15
#: A channel this far below the loudest one (60 dB) carries nothing and does not thin out the mix.
DEAD_CHANNEL = 1e-6
#: When mixing leaves under 1 % of the loudest channel's power, the channels cancel each other out.
CANCELLED_MIX = 0.01
#: Of over-loud float files so small a share of the samples may be cut off instead of thinning out the rest.
WILD_SHARE = 1e-3
#: Sound's own peaks stand out from its loud parts by less than this (12 dB); what stands out further is an error.
CREST = 4.0
#: Bad packets in a row after which the rest of the file is given up.
MAX_FAULTS_IN_A_ROW = 20_000
#: Layouts by number of channels, for files that do not say where their channels are.
LAYOUTS = {
    1: "mono",
    2: "stereo",
    3: "3.0",
    4: "4.0",
    5: "5.0",
    6: "5.1",
    7: "6.1",
    8: "7.1",
    16: "hexadecagonal",
}
#: Demuxers for recordings only: no playlists (they name other files), pictures or subtitles.
FORMATS = (
    "aac,ac3,aiff,amr,amrnb,amrwb,ape,asf,au,avi,caf,dts,eac3,flac,flv,gsm,loas,matroska,webm,mov,mp4,m4a,3gp,3g2,mj2,mp3,"
    "mpc,mpc8,mpeg,mpegts,oga,ogg,oma,qcp,rm,rso,sox,spx,tak,tta,voc,vqf,w64,wav,wv,xwma"
)


class Fault(Exception):  # noqa: N818 - it crosses the pipe by its code
    """Something the parent turns into a message for the learner."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Mixer:
    """Averages the channels into one, straight to the output, and remembers how loud each was."""

    def __init__(self, output_fd: int, max_samples: int, channel: int | None) -> None:
        self.output_fd, self.max_samples, self.channel = output_fd, max_samples, channel
        self.num_samples = 0
        self.num_filled = 0
        self.peak = 0.0
        self.mixed_power = 0.0
        self.channel_power: list[float] = []

    def add(self, planes: Any) -> None:
        """Append (num_channels, num_samples) float32 samples."""
        import numpy as np  # noqa: PLC0415 - after the limits are set

        planes = np.nan_to_num(planes, nan=0.0, posinf=0.0, neginf=0.0)
        power = np.square(planes, dtype=np.float64).sum(axis=1)
        self.channel_power += [0.0] * (len(power) - len(self.channel_power))
        for index, value in enumerate(power):
            self.channel_power[index] += float(value)
        # in wider numbers, where two absurdly large values do not add up to infinity
        mixed = (
            planes.mean(axis=0, dtype=np.float64)
            if self.channel is None
            else planes[min(self.channel, len(planes) - 1)]
        )
        mixed = np.ascontiguousarray(mixed, dtype=np.float32)
        self.mixed_power += float(np.square(mixed, dtype=np.float64).sum())
        if mixed.size:
            self.peak = max(self.peak, float(np.abs(mixed).max()))
        self._write(mixed.tobytes(), len(mixed))

    def fill(self, num_samples: int) -> None:
        """Append silence for sound that is missing."""
        self.num_filled += num_samples
        while num_samples > 0:
            step = min(num_samples, RATE_HZ * 10)
            self._write(bytes(4 * step), step)
            num_samples -= step

    def _write(self, data: bytes, num_samples: int) -> None:
        self.num_samples += num_samples
        if self.num_samples > self.max_samples:
            raise Fault("too_long")
        view = memoryview(data)
        while view:
            view = view[os.write(self.output_fd, view) :]

    @property
    def is_cancelled_out(self) -> bool:
        """True when averaging destroyed the sound, as one channel upside down does."""
        loudest = max(self.channel_power, default=0.0)
        return self.channel is None and loudest > 0 and self.mixed_power < CANCELLED_MIX * loudest

    def level(self) -> None:
        """Undo the thinning by dead channels and pull over-loud float files back into range."""
        loudest = max(self.channel_power, default=0.0)
        alive = sum(power > DEAD_CHANNEL * loudest for power in self.channel_power)
        gain = len(self.channel_power) / alive if alive and self.channel is None else 1.0
        if self.peak * gain > 1.0:
            loud = self._loudness()
            if loud * gain > 1.0:
                gain = 1.0 / min(self.peak, CREST * loud)
        elif abs(gain - 1.0) < 1e-6:  # noqa: PLR2004
            return
        self._scale(gain)

    def _loudness(self) -> float:
        """Return the level that all but a small share of the samples keep below, to a quarter of an octave."""
        import numpy as np  # noqa: PLC0415

        steps = np.zeros(1024, dtype=np.int64)
        for block, _ in self._blocks():
            with np.errstate(divide="ignore"):
                below = 4 * (np.log2(self.peak) - np.log2(np.abs(block[block != 0]).astype(np.float64)))
            steps += np.bincount(np.clip(below.astype(int), 0, len(steps) - 1), minlength=len(steps))
        step = int(np.searchsorted(np.cumsum(steps), WILD_SHARE * self.num_samples, side="right"))
        return float(self.peak * 2.0 ** (-min(step, len(steps)) / 4))

    def _scale(self, gain: float) -> None:
        """Multiply what was written; the few samples that are still out of range are cut off."""
        import numpy as np  # noqa: PLC0415

        for block, offset in self._blocks():
            scaled = np.clip(block.astype(np.float64) * gain, -1.0, 1.0).astype(np.float32)
            os.pwrite(self.output_fd, scaled.tobytes(), offset)

    def _blocks(self) -> Iterator[tuple[Any, int]]:
        """Yield what was written, half a minute at a time, with its place in the file."""
        import numpy as np  # noqa: PLC0415

        step = 4 * RATE_HZ * 30
        for offset in range(0, 4 * self.num_samples, step):
            yield np.frombuffer(os.pread(self.output_fd, step, offset), dtype=np.float32), offset


def frames_of(container: Any, stream: Any, counts: dict[str, int]) -> Iterator[Any]:
    """Yield every frame that decodes, counting the packets that do not."""
    import av  # noqa: PLC0415

    packets = container.demux(stream)
    in_a_row = 0
    while in_a_row < MAX_FAULTS_IN_A_ROW:
        try:
            packet = next(packets)
        except StopIteration:
            return
        except av.FFmpegError:
            counts["faults"] += 1
            in_a_row += 1
            continue
        try:
            decoded = list(packet.decode())
        except (av.FFmpegError, ValueError):
            counts["faults"] += 1
            in_a_row += 1
            continue
        in_a_row = 0
        counts["packets"] += 1
        yield from decoded


def read_into(mixer: Mixer, container: Any, stream: Any) -> dict[str, int]:
    """Decode the stream into the mixer; returns how many packets were good and bad."""
    from av.audio.resampler import AudioResampler  # noqa: PLC0415

    counts = {"packets": 0, "faults": 0}
    resampler, shape, said = None, None, 0
    start_s: float | None = None
    for read in frames_of(container, stream, counts):
        frame = placed(read)
        now = (frame.format.name, frame.layout.name, frame.sample_rate)
        if now != shape:
            if resampler is not None:
                add_all(mixer, resampler.resample(None))
            resampler, shape = AudioResampler(format="flt", layout=frame.layout, rate=RATE_HZ), now
        if frame.time is not None:
            start_s = frame.time if start_s is None else start_s
            gap_s = frame.time - start_s - mixer.num_samples / RATE_HZ
            if MIN_GAP_S < gap_s < MAX_GAP_S:
                mixer.fill(int(gap_s * RATE_HZ))
        frame.pts = None  # the resampler refuses timestamps that jump
        assert resampler is not None
        add_all(mixer, resampler.resample(frame))
        if mixer.num_samples - said >= 30 * RATE_HZ:
            said = mixer.num_samples
            say({"read_s": said / RATE_HZ})
    if resampler is not None:
        with contextlib.suppress(ValueError):
            add_all(mixer, resampler.resample(None))
    return counts


def placed(frame: Any) -> Any:
    """Return the frame with a layout the resampler takes; channels beyond what it can place are left out."""
    import av  # noqa: PLC0415
    import numpy as np  # noqa: PLC0415

    if not frame.layout.name.endswith("channels"):
        return frame
    count = frame.layout.nb_channels
    kept = max(number for number in LAYOUTS if number <= count)
    samples = frame.to_ndarray()
    rows = samples.T if frame.format.is_planar else samples.reshape(-1, count)
    packed = np.ascontiguousarray(rows[:, :kept]).reshape(1, -1)
    copy = av.AudioFrame.from_ndarray(packed, format=frame.format.packed.name, layout=LAYOUTS[kept])
    copy.sample_rate, copy.pts, copy.time_base = frame.sample_rate, frame.pts, frame.time_base
    return copy


def add_all(mixer: Mixer, frames: Any) -> None:
    """Hand every resampled frame to the mixer."""
    for frame in frames:
        # packed, as PyAV stumbles over frames of eight planes
        mixer.add(frame.to_ndarray().reshape(-1, frame.layout.nb_channels).T)


def open_container(input_fd: int) -> Any:
    """Open the recording; a demuxer outside the list, or one that wants other files, fails."""
    import av  # noqa: PLC0415

    os.lseek(input_fd, 0, os.SEEK_SET)
    source = os.fdopen(os.dup(input_fd), "rb")
    # No protocol is allowed: the demuxer has this one file and may open no other.
    options = {"format_whitelist": FORMATS, "protocol_whitelist": "none", "probesize": "5000000"}
    return av.open(source, mode="r", container_options=options, metadata_errors="ignore")


def seems_audio(input_fd: int) -> bool:
    """Whether the first bytes are those of a known recording format."""
    head = os.pread(input_fd, 16, 0)
    starts = (
        b"RIFF",
        b"RF64",
        b"fLaC",
        b"OggS",
        b"\x1aE\xdf\xa3",
        b"ID3",
        b"FORM",
        b"caff",
        b".snd",
        b"#!AMR",
        b"wvpk",
    )
    if head[:1] == b"\xff" and head[1:2] >= b"\xe0":  # the sync word of MPEG audio
        return True
    return head.startswith(starts) or head[4:8] in {b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip"}


def decode(input_fd: int, output_fd: int, max_samples: int) -> dict[str, Any]:
    """Decode one recording and say what came out."""
    import av  # noqa: PLC0415

    channel: int | None = None
    while True:
        try:
            container = open_container(input_fd)
        except MemoryError as fault:
            raise Fault("out_of_memory") from fault
        except (av.FFmpegError, ValueError, OSError) as fault:
            raise Fault("truncated" if seems_audio(input_fd) else "not_audio") from fault
        with container:
            if not container.streams.audio:
                raise Fault("no_audio_track")
            stream = container.streams.best("audio") or container.streams.audio[0]
            expected_s = container.duration / 1e6 if container.duration and container.duration > 0 else None
            say({"expected_s": expected_s})
            os.ftruncate(output_fd, 0)
            os.lseek(output_fd, 0, os.SEEK_SET)
            mixer = Mixer(output_fd, max_samples, channel)
            counts = read_into(mixer, container, stream)
            result = {
                "num_samples": mixer.num_samples,
                "num_filled": mixer.num_filled,
                "expected_s": expected_s,
                "num_tracks": len(container.streams.audio),
                "format": container.format.name,
                **counts,
            }
        if mixer.num_samples == mixer.num_filled:
            raise Fault("truncated" if seems_audio(input_fd) else "not_audio")
        if not seems_audio(input_fd) and counts["faults"] > counts["packets"]:
            raise Fault("not_audio")  # random bytes now and then look like one MPEG frame
        if not mixer.is_cancelled_out:
            mixer.level()
            return result
        # One channel is the other upside down: read again, taking the loudest alone.
        channel = max(range(len(mixer.channel_power)), key=mixer.channel_power.__getitem__)


def say(line: dict[str, Any]) -> None:
    """Write one line to the parent."""
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def limit_myself(memory_bytes: int, cpu_s: int) -> None:
    """Set limits on memory and CPU time, and die with the parent."""
    if sys.platform == "linux":
        libc = ctypes.CDLL(None)
        libc.prctl(1, signal.SIGKILL, 0, 0, 0)  # PR_SET_PDEATHSIG
        libc.prctl(4, 0, 0, 0, 0)  # PR_SET_DUMPABLE: no dump either where one goes to a program
        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_s, cpu_s + 5))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main(arguments: list[str]) -> int:
    """Decode from one file descriptor to another."""
    input_fd, output_fd, max_samples, memory_bytes, cpu_s = (int(argument) for argument in arguments)
    limit_myself(memory_bytes, cpu_s)
    try:
        say({"done": decode(input_fd, output_fd, max_samples)})
    except Fault as fault:
        say({"fault": fault.code})
    except MemoryError:
        say({"fault": "out_of_memory"})
    except OSError as error:
        say({"fault": "disk_full" if error.errno in {27, 28} else "failed", "detail": str(error)[:200]})
    except Exception as error:  # noqa: BLE001 - whatever a codec raises is one failed clip
        say({"fault": "failed", "detail": f"{type(error).__name__}: {error}"[:200]})
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
