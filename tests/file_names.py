"""Names as people, phones and meeting tools give them to files."""

from hypothesis import strategies as st

LONGEST_BYTES = 255
_PIECES = (
    " ", "  ", "%", "%20", "%zz", "#", "?", "&", "+", "=", ";", ":", "@", "'", '"', "`", "\\", "|", "*", "~", "^",
    "[x]", "{y}", "<!channel>", "<@U0BEN>", "é", "Zoë", "ß", "会議", "встреча", "אבג", "\u202eabc", "👩🏽‍💻", "…", "—", "..", ".",
)  # fmt: skip
_ENDINGS = ("", ".flac", ".m4a", ".WAV", ".mp4", ".03", " (1)", ".rttm", ".txt", ".vtt", ".final", ".")
_letters = st.text(
    st.characters(exclude_categories=("Cs",), exclude_characters="/\0"), min_size=1, max_size=20
)
_stems = st.one_of(
    st.lists(
        st.one_of(st.sampled_from(_PIECES), st.text("abcXYZ019", max_size=6)), min_size=1, max_size=8
    ).map("".join),
    _letters,
    st.sampled_from("aé会👋").map(lambda letter: letter * LONGEST_BYTES),
)


def _fitting(stem: str, ending: str) -> str:
    room = LONGEST_BYTES - len(ending.encode())
    return stem.encode()[:room].decode(errors="ignore") + ending


#: What a file system takes as a name: any characters but "/" and NUL, 255 bytes at most.
names = st.builds(_fitting, _stems, st.sampled_from(_ENDINGS)).filter(
    lambda name: name not in {"", ".", ".."}
)

#: Names that each break something, one kind a line.
WORST = (
    "Team sync (60 s).flac",
    "Voice memo 3 — Zoë & Jürgen.flac",
    "100% final? #2.flac",
    "50%25 off+tax.flac",
    "%zz%.flac",
    "a&b=c;d.flac",
    "GMT20261130-101500_Recording.cutfile.2026.flac",
    "C:\\Users\\ada\\call.flac",
    "data:audio,x.flac",
    "two\nlines.flac",
    "<!channel> *bold* `code`.flac",
    "<@U0BEN>|pipe|.flac",
    "会議の録音 2026年.flac",
    "פגישה שבועית.flac",
    "\u202egpj.call.flac",
    "👩🏽‍💻 stand-up 🎙️.flac",
    "é" * 125 + ".flac",
    "Interview 12.03",
    "memo",
    "..flac",
)
