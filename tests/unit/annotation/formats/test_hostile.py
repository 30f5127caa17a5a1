"""Files from strangers end in turns or in a FormatError, never in anything else."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotation.formats import (
    FormatError,
    audacity,
    csv,
    decode,
    read_labels,
    rttm,
    sniff,
    srt,
    textgrid,
    turns_text,
    txt,
    uem,
    vtt,
    whospoke_json,
)

pytestmark = pytest.mark.thorough

PARSERS = [
    rttm.parse, rttm.parse_all, uem.parse, uem.parse_all, vtt.parse, vtt.parse_words, srt.parse, srt.parse_words,
    audacity.parse, csv.parse, csv.parse_words, textgrid.parse, textgrid.parse_words, whospoke_json.parse,
    whospoke_json.parse_words, turns_text.parse, txt.parse_words,
]  # fmt: skip
#: Bits of every format, so that random text gets past the first check.
BITS = [
    "WEBVTT", "\n", "\n\n", "\r\n", " --> ", "00:00:01.000", "00:00:02,000", "0:03-0:07 A", "<v Ada>", "Ada: hi",
    "SPEAKER f 1 ", "0.5", "1e999", "nan", "inf", "-1", "-0", "<NA>", "\t", ",", ";", '"', '""', "start,end,speaker",
    '{"format":"whospoke","version":1,"turns":[', "{", "}", "]", '"ooTextFile"', '"TextGrid"', "<exists>", "1",
    '"IntervalTier"', '"TextTier"', "\0", "\ufeff", "\u2028", "\x1c", "é", "9" * 400, "[0:03]", "\\", "=", "'", "1" * 12,
]  # fmt: skip
SOUP = st.lists(st.sampled_from(BITS) | st.text(max_size=4), max_size=40).map("".join)


def fault_of(read, *arguments):
    """Return the FormatError that reading ends in, or None."""
    try:
        read(*arguments)
    except FormatError as error:
        return error
    return None


@pytest.mark.parametrize(
    "parse", PARSERS, ids=lambda parse: f"{parse.__module__.split('.')[-1]}.{parse.__name__}"
)
@given(text=SOUP)
def test_any_text_gives_turns_or_a_format_error(parse, text):
    fault = fault_of(parse, text)
    assert fault is None or (str(fault) and fault.problems)


@given(
    st.binary(max_size=300),
    st.sampled_from(["a.rttm", "a.vtt", "a.csv", "a.TextGrid", "a.json", "a.txt", "", "."]),
)
def test_any_bytes_give_turns_or_a_format_error(data, name):
    fault = fault_of(read_labels, name, data)
    assert fault is None or str(fault)


@pytest.mark.parametrize("parse", PARSERS[:-1])
@pytest.mark.parametrize(
    "text", ["", "\n", "x" * 50_000, "\0", "[" * 5000, '{"a":' * 5000, '"' * 9999, "1\n" * 9999]
)
def test_nothing_useful_is_a_format_error_or_no_turns(parse, text):
    try:
        found = parse(text)
    except FormatError:
        return
    assert not found or parse.__name__ == "parse_words"


@pytest.mark.parametrize(
    ("parse", "text", "line", "words"),
    [
        (rttm.parse, "\n;; note\nSPEAKER f 1 x 1.0 <NA> <NA> A", 3, "the start (field 4) is “x”, not a number"),
        (rttm.parse, "SPEAKER f 1 -1 1.0 <NA> <NA> A", 1, "below 0"),
        (rttm.parse, "SPEAKER f 1 0 nan <NA> <NA> A", 1, "not a number"),
        (rttm.parse, "SPEAKER f 1 0", 1, "4 fields"),
        (rttm.parse, "hello", 1, "not SPEAKER"),
        (rttm.parse, "SPEAKER a 1 0 1 <NA> <NA> A\nSPEAKER b 1 0 1 <NA> <NA> A", None, "labels 2 recordings"),
        (uem.parse, "f 1 3 2", 1, "not after"),
        (vtt.parse, "00:00:01.000 --> 00:00:02.000\nhi", 1, "begins with WEBVTT"),
        (vtt.parse, "WEBVTT\n\n00:00:01.000 --> soon\nhi", 3, "“soon”, not a number"),
        (vtt.parse, "WEBVTT\n\n00:00:03.000 --> 00:00:02.000\n<v A>hi", 3, "before the start"),
        (vtt.parse, "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nhi", None, "no turns"),
        (srt.parse, "1\nhello", 2, "no times"),
        (audacity.parse, "0.5 1.0 A", 1, "with tabs"),
        (csv.parse, "begin,speaker\n1,A", 1, "no column end"),
        (csv.parse, "start,end,speaker\n1,2,A\n\n3,4,", 4, "speaker is empty"),
        (csv.parse, 'start,end,speaker\n1,2,"A', 2, "cannot be read"),
        (textgrid.parse, '"ooTextFile"\n"TextGrid"\n0\n1\n<exists>\n1\n"IntervalTier"', 7, "ends where"),
        (whospoke_json.parse, "{\n oops", 2, "not JSON"),
        (whospoke_json.parse, '{"format": "whospoke", "version": 2, "turns": []}', None, "version"),
        (turns_text.parse, "0:03-0:07 A\n0:99-1:00 B", 2, "not a time"),
        (txt.parse_words, "hello there", 1, "no time and speaker"),
    ],
)  # fmt: skip
def test_errors_name_the_line_and_the_fault(parse, text, line, words):
    with pytest.raises(FormatError) as caught:
        parse(text)
    assert caught.value.line == line
    assert words in str(caught.value)


def test_typed_turns_collect_every_fault():
    with pytest.raises(FormatError) as caught:
        turns_text.parse("0:03-0:07 A\nnonsense\n0:09-0:08 B\n1:00 - 1:10 B", clip_s=30.0)
    assert [problem.line for problem in caught.value.problems] == [2, 3, 4]
    assert str(caught.value).count("\n") == 2


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
def test_the_usual_encodings_are_read(encoding):
    assert decode("0.5\t1.0\tMÉO069\r\n".encode(encoding)) == "0.5\t1.0\tMÉO069\r\n"


def test_an_unknown_file_says_what_we_read():
    with pytest.raises(FormatError, match="Send RTTM, Audacity labels, CSV"):
        sniff("notes.docx", "Dear all,")
    with pytest.raises(FormatError, match="empty"):
        sniff("labels.txt", "\ufeff\n")


@pytest.mark.parametrize(
    ("parse", "text"),
    [
        (txt.parse_words, "[0:03]" + " " * 19_000 + "x"),
        (vtt.parse, "WEBVTT\n\n00:01.000 --> 00:02.000\n" + ("<v " * 6000 + "\n") * 20),
        (vtt.parse, "WEBVTT\n\n00:01.000 --> 00:02.000\n" + ("<v" + " " * 19_000 + "\n") * 20),
        (srt.parse, "00:01.000 --> 00:02.000\n" + "<font" * 3900),
        (srt.parse, "0" + " -->" * 4900),
        (turns_text.parse, "1-" + "1:" * 9900),
        (turns_text.parse, "1" + " " * 19_000 + "x"),
        (textgrid.parse, '"ooTextFile" "TextGrid" ' + '"' + '""' * 9900),
        (textgrid.parse, '"ooTextFile" "TextGrid" 0 1 <exists> 999999999 ' + "1" * 19_000 + "x"),
        (csv.parse, "start,end,speaker\n" + '"' * 19_999),
    ],
)
def test_text_made_to_be_slow_is_refused_quickly(parse, text):
    began = time.process_time()
    fault = fault_of(parse, text)
    assert isinstance(fault, FormatError)
    assert time.process_time() - began < 2.0


@pytest.mark.parametrize(
    "turn",
    ['{"start_s":0,"end_s":1e400,"speaker":"A"}', '{"start_s":0,"end_s":1' + "0" * 400 + ',"speaker":"A"}',
     '{"start_s":NaN,"end_s":1,"speaker":"A"}', '{"start_s":true,"end_s":1,"speaker":"A"}',
     '{"start_s":0,"end_s":1,"speaker":"\\ud800"}', '{"start_s":0,"end_s":1}', "[]", "1"],
)  # fmt: skip
def test_our_json_takes_no_impossible_turn(turn):
    with pytest.raises(FormatError, match=r"turns\[0\]"):
        whospoke_json.parse('{"format":"whospoke","version":1,"turns":[' + turn + "]}")
