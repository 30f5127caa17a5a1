"""The process in which pocketsphinx listens: it holds Python's lock while it does, and may be stopped at any moment.

Reads `4 bytes length, that many bytes of 16-bit PCM` on stdin, answers each with one JSON line of words.
"""

import json
import re
import sys
from typing import Any

#: Each second of sound is fed in pieces, as the decoder expects of a live microphone.
PIECE_BYTES = 16_000
FRAMES_PER_S = 100
VARIANT = re.compile(r"\(\d+\)$")


def words_of(decoder: Any, pcm: bytes) -> list[tuple[float, float, str]]:
    """Return (start, end, text) of each word in the sound; its confidences are all near 1 and worth nothing."""
    decoder.start_utt()
    for offset in range(0, len(pcm), PIECE_BYTES):
        decoder.process_raw(pcm[offset : offset + PIECE_BYTES], no_search=False, full_utt=False)
    decoder.end_utt()
    found = []
    for segment in decoder.seg() or ():
        text = VARIANT.sub("", segment.word)
        if text.startswith(("<", "[", "+")):  # sentence marks, silence and noises
            continue
        found.append((segment.start_frame / FRAMES_PER_S, (segment.end_frame + 1) / FRAMES_PER_S, text))
    return found


def main() -> int:
    """Answer until stdin ends."""
    from pocketsphinx import Decoder  # noqa: PLC0415

    decoder = Decoder(samprate=16_000, loglevel="FATAL")
    while len(head := sys.stdin.buffer.read(4)) == 4:  # noqa: PLR2004
        pcm = sys.stdin.buffer.read(int.from_bytes(head, "little"))
        sys.stdout.write(json.dumps(words_of(decoder, pcm)) + "\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
