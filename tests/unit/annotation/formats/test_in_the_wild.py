"""Files as other programs and people write them."""

import pytest

from annotation.formats import FormatError, read_labels, rttm, uem
from annotation.model import Annotation, Segment, Turn

ONE = (Turn(0.5, 2, "A"),)


def turns(name, content):
    return read_labels(name, content).annotation.turns


@pytest.mark.parametrize(
    "header",
    ["start_time,end_time,speaker", "Start Time,End Time,Speaker", "start (s),end (s),speaker", "start,end,speaker_id",
     "onset,offset,label", "from,to,who", "begin_sec,end_sec,Speaker Name", "# made by hand\nstart,end,speaker",
     "sep=,\nstart,end,speaker"],
)  # fmt: skip
@pytest.mark.parametrize("name", ["a.csv", "a.txt"])
def test_csv_under_other_titles(header, name):
    assert turns(name, f"{header}\n0.5,2,A\n") == ONE


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", "start,duration,speaker\n0.5,1.5,A\n"),
        ("a.csv", "offset,duration,label\n0.5,1.5,A\n"),
        ("a.csv", "0.5,2,A\n"),
        ("a.txt", "0:00.5,0:02,A\n"),
        ("a.csv", "sep=;\nstart;end;speaker\n0,5;2,0;A\n"),
        ("a.tsv", "0.5\t2\tA\n"),
        ("a.tsv", "start\tend\tspeaker\r\n0.5\t2\tA\r\n".encode("utf-16")),
        ("a.txt", "id,start,end,speaker\n1,0.5,2,A\n"),
    ],
)
def test_csv_with_other_columns(name, content):
    assert turns(name, content) == ONE


def test_csv_without_a_header_keeps_its_words():
    found = read_labels("a.csv", "0,2,Ada,good day\n2,3,Ben,yes\n")
    assert [(w.text, w.speaker) for w in found.words] == [("good", "Ada"), ("day", "Ada"), ("yes", "Ben")]


@pytest.mark.parametrize(
    "text",
    [
        "WEBVTT\nKind: captions\nLanguage: en\n\n00:00.500 --> 00:02.000\n<v A>Hi\n",
        "WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:900000\nX: y\n\n1\n00:00.500 --> 00:02.000\n<v A>Hi\n",
        "WEBVTT\n00:00.500 --> 00:02.000\n<v A>Hi\n",
        "WEBVTT\n\nNOTEBOOK\n00:00.500 --> 00:02.000\n<v A>Hi\n",
        "WEBVTT\n\nSTYLE 2\n00:00.500 --> 00:02.000\n<v A>Hi\n",
        "WEBVTT\n\nREGION\nid:x\nwidth:40%\n\n00:00.500 --> 00:02.000\n<v A>Hi\n",
        "WEBVTT\n\nNOTE a remark\nof two lines\n\n00:00.500 --> 00:02.000\n<v A>Hi\n",
    ],
)
def test_webvtt_headers_remarks_and_identifiers(text):
    assert turns("a.vtt", text) == ONE


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0.5\t2\tA\r\n\\\t-1.000000\t-1.000000\r\n", ONE),
        ("-0.25\t2\tA\n", (Turn(0, 2, "A"),)),
        ("-3\t-2\tB\n0.5\t2\tA\n", ONE),
    ],
)
def test_audacity_spectra_and_times_before_the_start(text, expected):
    assert turns("labels.txt", text) == expected


@pytest.mark.parametrize("line", ["0.5\t1.5\t", "0.5\t1.5"])
def test_audacity_label_without_a_name_is_pointed_out(line):
    with pytest.raises(FormatError, match=r"line 1: the label at 0\.5 s is empty"):
        read_labels("labels.txt", f"{line}\n3.0\t4.0\tB\n")


TIER = '0\n4\n<exists>\n1\n"IntervalTier"\n"A"\n0\n4\n2\n0.5\n2\n"hi"\n2\n4\n""\n'
REMARKED = TIER.replace("<exists>", "! 5 tiers? no\n<exists>")


@pytest.mark.parametrize(
    "text",
    [
        f'File type = "ooTextFile short"\n"TextGrid"\n\n{TIER}',
        f'File type = "ooTextFile"\nObject class = "TextGrid"\n\nxmin = {REMARKED}',
        (f'"ooTextFile"\n"TextGrid"\n{TIER}').encode("utf-16"),
        (f'"ooTextFile"\n"TextGrid"\n{TIER}').encode("utf-16-le"),
        (f'"ooTextFile"\n"TextGrid"\n{TIER}').encode("utf-16-be"),
    ],
)
def test_textgrid_short_with_remarks_and_in_two_bytes(text):
    assert turns("a.TextGrid", text) == ONE


def test_textgrid_with_a_tier_of_speakers_beside_one_of_words():
    found = read_labels(
        "a.TextGrid",
        '"ooTextFile"\n"TextGrid"\n0 4 <exists> 2 "IntervalTier" "speaker" 0 4 2 0 2 "Ada" 2 4 "Ben"\n'
        '"IntervalTier" "words" 0 4 2 0 1 "good day" 3 4 "yo"',
    )
    assert found.annotation.turns == (Turn(0, 2, "Ada"), Turn(2, 4, "Ben"))
    assert [(w.text, w.speaker) for w in found.words] == [("good", "Ada"), ("day", "Ada"), ("yo", "Ben")]


@pytest.mark.parametrize("first", ["", ";; by hand\n\n", "NOSCORE f 1 8 1 <NA> <NA> <NA> <NA> <NA>\n"])
def test_rttm_under_the_name_of_a_text(first):
    assert turns("x.txt", f"{first}SPEAKER f 1 0.5 1.5 <NA> <NA> A <NA> <NA>\n") == ONE


def test_json_brings_its_names_and_no_speaker_without_one():
    head = '{"format": "whospoke", "version": 1, "turns": [{"start_s": 0.5, "end_s": 2, "speaker": '
    found = read_labels("a.json", head + '"A"}], "names": {"A": " Ada ", "B": " "}}')
    assert (found.annotation.turns, found.names) == (ONE, {"A": "Ada"})
    with pytest.raises(FormatError, match=r"turns\[0\].speaker is empty"):
        read_labels("a.json", head + '" "}]}')
    with pytest.raises(FormatError, match="names is not an object"):
        read_labels("a.json", head + '"A"}], "names": ["Ada"]}')


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("x.rttm", "SPEAKER f 1 3 0 <NA> <NA> A <NA> <NA>\n"),
        ("x.txt", "0.5\t0.5\tA\n"),
        ("x.vtt", "WEBVTT\n\n00:01.000 --> 00:01.000\n<v A>Hi\n"),
    ],
)
def test_turns_without_length_are_no_labels(name, text):
    with pytest.raises(FormatError, match="no turn is longer than 0 s"):
        read_labels(name, text)


def test_rttm_keeps_what_scoring_heeds_beside_the_turns():
    text = (
        "SPEAKER f A 1 2 <NA> <NA> x <NA> <NA>\nSPEAKER f a 5 <NA> <NA> <NA> y <NA> <NA>\n"
        "NOSCORE f a 3 1 <NA> <NA> <NA> <NA> <NA>\nSEGMENT f a 0 9 <NA> eval <NA> <NA> <NA>\n"
        "SPKR-INFO f a <NA> <NA> <NA> unknown x <NA> <NA>\nNOSCORE g 1 0 1 <NA> <NA> <NA> <NA> <NA>\n"
    )
    (found,) = rttm.recordings(text).values()
    assert (found.name, found.channel, found.annotation) == ("f", "a", Annotation("f", (Turn(1, 3, "x"),)))
    assert found.marks.instants_s == (5.0,)
    assert found.marks.covers == (0.0, 9.0)
    assert [mark.kind for mark in found.marks.lines] == ["SPEAKER", "NOSCORE"]
    assert list(rttm.parse_all(text)) == ["f"]


def test_rttm_starts_below_0_only_for_scoring():
    text = "SPEAKER f 1 -1 3 <NA> <NA> x <NA> <NA>\n"
    assert rttm.recordings(text)["f", "1"].annotation.turns == (Turn(-1, 2, "x"),)
    with pytest.raises(FormatError, match="below 0"):
        rttm.parse(text)


def test_uem_keeps_channels_and_touching_stretches_apart():
    assert uem.parse_all("f A 5 9\nf a 0, 5\nf b 0 3\n") == {
        ("f", "a"): (Segment(0, 5), Segment(5, 9)),
        ("f", "b"): (Segment(0, 3),),
    }
