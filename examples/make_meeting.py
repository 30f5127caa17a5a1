"""Make the example recordings with Debian's flite voices, and their exact labels and words.

    sudo apt-get install flite
    .venv/bin/python examples/make_meeting.py

Everybody in them is a computer voice, so nobody's consent is needed. A gap below zero is an interruption: the line
begins before the one above it has ended.
"""

import subprocess
import tempfile
import wave
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt

from annotation.formats import rttm, txt
from annotation.model import Annotation, Turn, Word

HERE = Path(__file__).parent
RATE_HZ = 16_000
LEVEL = 0.07
PEAK = 0.8
#: Quieter than this part of the loudest moment counts as silence when a line is trimmed.
SILENCE = 0.02
LEAD_S = 0.6

Sound = npt.NDArray[np.float32]

VOICES = {"Maya": "slt", "Robert": "rms", "Alan": "awb", "Kal": "kal16"}


@dataclass(frozen=True)
class Line:
    speaker: str
    gap_s: float
    text: str


MEETING = [
    Line(
        "Maya",
        0.0,
        "Good morning everybody. We have ten minutes, so let us talk about the help desk and the new phone line.",
    ),
    Line(
        "Robert", 0.4, "Sure. Last week we had two hundred calls, and half of them came in on Monday morning."
    ),
    Line("Alan", -0.7, "Half of them? That is more than I thought."),
    Line("Robert", 0.3, "Yes, half. Most people could not open the report, because the link had changed."),
    Line("Maya", 0.5, "So one broken link gave us one hundred calls. Who can fix the link today?"),
    Line(
        "Alan",
        0.3,
        "I can do that before lunch. But I would also like to tell people before we change the next one.",
    ),
    Line("Maya", -0.8, "I agree. A short note would be enough."),
    Line(
        "Robert",
        0.4,
        "Then the second point. The new phone line is ready, but we only have three people to answer it.",
    ),
    Line("Alan", -0.9, "Three people is not enough for a Monday."),
    Line("Robert", 0.2, "No, it is not. Could we ask the sales team for some help in the first week?"),
    Line(
        "Maya",
        0.6,
        "I will ask them this afternoon. If they say no, we can start the line on Wednesday and not on Monday.",
    ),
    Line("Alan", 0.4, "Wednesday would be better for me. I can write the note and test the line on Tuesday."),
    Line("Robert", -0.6, "Good. I will change the plan."),
    Line(
        "Maya",
        0.4,
        "Thank you. So Alan will fix the link, Robert will change the plan, and I will talk to the sales team.",
    ),
    Line("Alan", -0.5, "All right."),
    Line("Robert", 0.3, "That was quick. See you all on Friday."),
]

SHORT = [
    Line("Maya", 0.0, "Did anybody listen to the recording of the last call?"),
    Line("Kal", 0.3, "I did. The sound was good, but two people were talking at the same time."),
    Line("Maya", -0.6, "That was me, I am afraid. I could not wait."),
    Line("Kal", 0.4, "Then we should send the notes to everybody today."),
]


def main() -> None:
    make("meeting", MEETING)
    make("short", SHORT)


def make(name: str, lines: list[Line]) -> None:
    """Write NAME.flac, NAME.rttm and NAME.txt."""
    mix = np.zeros(RATE_HZ * 300, dtype=np.float32)
    turns, words = [], []
    now_s = LEAD_S
    for line in lines:
        sound = spoken(line)
        start_s = now_s + line.gap_s if turns else now_s
        begin = round(start_s * RATE_HZ)
        mix[begin : begin + len(sound)] += sound
        end_s = start_s + len(sound) / RATE_HZ
        turns.append(Turn(start_s, end_s, line.speaker))
        words += [Word(start_s, end_s, word, speaker=line.speaker) for word in line.text.split()]
        now_s = max(end_s, now_s)
    mix = mix[: round((now_s + LEAD_S) * RATE_HZ)]
    mix *= PEAK / np.abs(mix).max()
    annotation = Annotation.of(name, turns)
    write_flac(HERE / f"{name}.flac", mix)
    (HERE / f"{name}.rttm").write_text(rttm.serialize(annotation), encoding="utf-8")
    (HERE / f"{name}.txt").write_text(txt.serialize(annotation, words), encoding="utf-8")
    overlap_s = sum(region.duration_s for region in annotation.overlaps())
    print(
        f"{name}: {len(mix) / RATE_HZ:.1f} s, {len(turns)} turns, {overlap_s:.1f} s of overlap, {annotation.talk_time_s()}"
    )


def spoken(line: Line) -> Sound:
    """Return the line as flite says it, trimmed and at the common level."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "line.wav"
        subprocess.run(
            ["flite", "-voice", VOICES[line.speaker], "-t", line.text, "-o", str(path)], check=True
        )
        with wave.open(str(path), "rb") as file:
            assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (RATE_HZ, 1, 2)
            sound = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2").astype(np.float32) / 32768
    loud = np.flatnonzero(np.abs(sound) > SILENCE * np.abs(sound).max())
    sound = sound[loud[0] : loud[-1] + 1]
    return sound * np.float32(LEVEL / np.sqrt(np.mean(np.square(sound))))


def write_flac(path: Path, sound: Sound) -> None:
    samples = (np.clip(sound, -1, 1) * 32767).astype(np.int16)
    with av.open(str(path), "w") as container:
        stream = container.add_stream(
            "flac", rate=RATE_HZ, layout="mono", options={"compression_level": "12"}
        )
        frame = av.AudioFrame.from_ndarray(samples[None], format="s16", layout="mono")
        frame.sample_rate = RATE_HZ
        for part in (frame, None):
            container.mux(stream.encode(part))


if __name__ == "__main__":
    main()
