"""What each format looks like, by example."""

from dataclasses import replace

from annotation.formats import csv, rttm, srt, textgrid, turns_text, txt, uem, vtt
from annotation.model import Annotation, Segment, Turn, Word

TWO = Annotation.of("clip", [Turn(0.5, 2.0, "SPEAKER_00"), Turn(1.5, 4.25, "SPEAKER_01")])
WORDS = (
    Word(0.6, 0.9, "Good", speaker="SPEAKER_00"),
    Word(1.0, 1.4, "day.", speaker="SPEAKER_00"),
    Word(1.6, 2.2, "A<B", speaker="SPEAKER_01"),
    Word(5.0, 5.2, "uh"),
)
NAMES = {"SPEAKER_00": "Ada: Q", "SPEAKER_01": "Ben"}


def test_rttm_reads_non_ascii_speakers_comments_and_blank_lines():
    text = "\ufeff;; a comment\r\n\r\n# another\nSPEAKER ES1 1 6.69 0.60 <NA> <NA> MÉO069 <NA> <NA>\r\nspkr-info ES1 1\n"
    assert rttm.parse(text) == Annotation("ES1", (Turn(6.69, 7.29, "MÉO069"),))


def test_rttm_takes_the_asked_recording_out_of_several():
    text = "SPEAKER a 1 0 1 <NA> <NA> A <NA> <NA>\nSPEAKER b 1 2 1 <NA> <NA> B <NA> <NA>\n"
    assert rttm.parse(text, "b") == Annotation("b", (Turn(2, 3, "B"),))
    assert list(rttm.parse_all(text)) == ["a", "b"]


def test_uem_joins_touching_stretches():
    assert uem.parse("clip 1 5 6\n;; x\nclip 1 0, 5\n") == (Segment(0, 6),)


def test_vtt_shows_names_and_escapes_text():
    assert vtt.serialize(TWO, WORDS, NAMES) == (
        "WEBVTT\n\n00:00:00.600 --> 00:00:01.400\n<v Ada: Q>Good day.\n"
        "\n00:00:01.600 --> 00:00:02.200\n<v Ben>A&lt;B\n\n00:00:05.000 --> 00:00:05.200\n<v UNKNOWN>uh\n"
    )


def test_vtt_reads_several_voices_classes_notes_and_short_times():
    text = "WEBVTT - Title\n\nNOTE x --> y\n\nSTYLE\n::cue {}\n\nq1\n00:01.000 --> 00:02.000 align:start\n<v.loud Ada>Hi <i>you</i></v>\n<v Ben>Yo\n"
    assert vtt.parse(text, "c") == Annotation("c", (Turn(1, 2, "Ada"), Turn(1, 2, "Ben")))
    assert [(w.text, w.speaker) for w in vtt.parse_words(text)] == [
        ("Hi", "Ada"),
        ("you", "Ada"),
        ("Yo", "Ben"),
    ]


def test_srt_puts_the_speaker_before_a_colon():
    assert srt.serialize(TWO, WORDS[:2], NAMES) == "1\n00:00:00,600 --> 00:00:01,400\nAda  Q: Good day.\n"


def test_a_long_run_of_one_speaker_becomes_several_cues():
    run = [Word(i * 0.5, i * 0.5 + 0.4, "word", speaker="A") for i in range(40)]
    cues = vtt.serialize(TWO, run).count("-->")
    assert 3 <= cues <= 4
    assert txt.serialize(TWO, run).count("\n") == 1


def test_txt_reads_its_own_transcript():
    text = txt.serialize(TWO, WORDS, {"SPEAKER_01": "Ben"})
    assert text == "[0:00] SPEAKER_00: Good day.\n[0:01] Ben: A<B\n[0:05] UNKNOWN: uh\n"
    assert [(w.text, w.speaker) for w in txt.parse_words(text)] == [
        ("Good", "SPEAKER_00"), ("day.", "SPEAKER_00"), ("A<B", "Ben"), ("uh", "UNKNOWN"),
    ]  # fmt: skip


def test_csv_keeps_a_spreadsheet_from_running_a_name():
    text = csv.serialize(Annotation.of("c", [Turn(0, 1, "=cmd()"), Turn(1, 2, "@x"), Turn(2, 3, "'=y")]))
    assert [row.split(",")[2] for row in text.splitlines()[1:]] == ["'=cmd()", "'@x", "''=y"]


def test_csv_reads_semicolons_clock_times_and_other_titles():
    text = "Speaker;Start_s;End_s;text\nAda;0:03;0:07,5;Good day\n"
    assert csv.parse(text, "c") == Annotation("c", (Turn(3, 7.5, "Ada"),))
    assert [w.text for w in csv.parse_words(text)] == ["Good", "day"]


def test_textgrid_reads_the_short_form_words_and_point_tiers():
    text = (
        'File type = "ooTextFile"\nObject class = "TextGrid"\n\n0\n10\n<exists>\n3\n'
        '"IntervalTier"\n"Ada"\n0\n10\n3\n0\n2.5\n"say ""hi"""\n2.5\n8\n""\n8\n10\n"bye"\n'
        '"TextTier"\n"clicks"\n0\n10\n1\n4.2\n"x"\n"IntervalTier"\n"Ben"\n0\n10\n1\n0\n10\n""\n'
    )
    assert textgrid.parse(text, "c") == Annotation("c", (Turn(0, 2.5, "Ada"), Turn(8, 10, "Ada")))
    assert [w.text for w in textgrid.parse_words(text)] == ["say", '"hi"', "bye"]


def test_textgrid_with_one_speaker_tier_holds_names():
    text = '"ooTextFile"\n"TextGrid"\n0 4 <exists> 1 "IntervalTier" "Speaker" 0 4 2\n0 2 "Ada"\n2 4 "Ben"\n'
    assert textgrid.parse(text, "c") == Annotation("c", (Turn(0, 2, "Ada"), Turn(2, 4, "Ben")))
    assert textgrid.parse_words(text) == ()


def test_typed_turns_take_several_dashes_and_stop_at_the_clip():
    text = "0:03 - 0:07 Ada Quill\n0:07–0:09.5, B\n1 to 2: C"
    assert turns_text.parse(text, "c", clip_s=9.0) == Annotation.of(
        "c", [Turn(3, 7, "Ada Quill"), Turn(7, 9, "B"), Turn(1, 2, "C")]
    )


class TestMarks:
    """One convention for all transcripts: overlap in brackets, (?) where the label is uncertain."""

    ANNOTATION = Annotation.of("clip", [Turn(0, 4, "A"), Turn(3, 6, "B"), Turn(7, 7.4, "A")])
    WORDS = (
        Word(0, 1, "Well", speaker="A"),
        Word(3, 4, "then", speaker="A", is_overlapped=True),
        Word(4.2, 5, "Yes.", speaker="B"),
        Word(7, 7.4, "Mm.", speaker="A"),
    )
    UNCERTAIN = (Turn(7, 7.4, "A"),)

    def test_transcript_marks_and_explains_them(self):
        text = txt.serialize(self.ANNOTATION, self.WORDS, {"A": "Ada"}, self.UNCERTAIN)
        head, *lines = text.splitlines()
        assert head.startswith("# Words in [brackets] were said while somebody else spoke. (?) marks")
        assert lines == ["[0:00] Ada: Well [then]", "[0:04] B: Yes.", "[0:07] Ada: (?) Mm."]
        assert [(w.text, w.is_overlapped) for w in txt.parse_words(text)] == [
            ("Well", False), ("then", True), ("Yes.", False), ("Mm.", False),
        ]  # fmt: skip

    def test_subtitles_mark_them_too(self):
        for kind in (vtt, srt):
            text = kind.serialize(self.ANNOTATION, self.WORDS, None, self.UNCERTAIN)
            assert "[then]" in text
            assert "(?) Mm." in text
        assert "NOTE Words in [brackets]" in vtt.serialize(self.ANNOTATION, self.WORDS)

    def test_without_either_nothing_is_explained(self):
        plain = tuple(replace(word, is_overlapped=False) for word in self.WORDS)
        assert txt.serialize(self.ANNOTATION, plain).startswith("[0:00]")
        assert "NOTE" not in vtt.serialize(self.ANNOTATION, plain)

    def test_turns_without_words_say_whose_label_is_uncertain(self):
        assert txt.serialize(self.ANNOTATION, (), None, self.UNCERTAIN).endswith("[0:07-0:07] A (?)\n")
