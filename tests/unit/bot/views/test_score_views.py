"""What Slack is sent about scores is what Slack takes, whatever people and files are called."""

import json

import pytest

from annotation.doubt import doubts
from annotation.editing import key_of
from annotation.model import Annotation, Segment, Turn, Word
from annotation.scoring import score, score_words
from bot.score_screens import (
    TURNS_PER_PAGE,
    Agreement,
    Feedback,
    FixScreen,
    Hold,
    LessonLink,
    NameForm,
    Question,
    Sureness,
    TurnForm,
)
from bot.views.doubt import build_doubt_message
from bot.views.fixing import (
    build_add_view,
    build_fix_view,
    build_name_view,
    build_rename_view,
    build_turn_view,
)
from bot.views.own import build_hold_message, build_own_view, build_practice_message
from bot.views.score import build_agreement_message, build_questioned_message, build_score_message
from local_slack.payloads import faults_in_message, faults_in_view

HOSTILE = ["<!channel>", "<@U1> & <#C1|x>", "é" * 400, "a\nb`*_~", "<https://evil.example|click>", "N"]
TRUTH = Annotation.of("clip", [Turn(0, 4, HOSTILE[0]), Turn(3, 9, HOSTILE[1]), Turn(9, 9.4, HOSTILE[2])])
FOUND = Annotation.of("clip", [Turn(0, 3.5, HOSTILE[3]), Turn(3.5, 9, HOSTILE[4]), Turn(8, 14, "N")])
NAMES = {HOSTILE[3]: "<!here> " + "y" * 60, "N": "<@U2>"}
LESSONS = (LessonLink("z" * 300, "lesson-2", "card"), LessonLink("Two & <two>", "lesson-3", "card"))


def feedback(**changes):
    card = score(TRUTH, FOUND, [Segment(0, 15)])
    fields = {
        "clip_id": "c1",
        "clip_name": "<!everyone> " + "x" * 300,
        "scored": "ours",
        "origin": "the RTTM file <!channel>.rttm",
        "version": 3,
        "card": card,
        "names": NAMES,
        "lessons": LESSONS,
        "picture_file_id": "F1",
        "picture_alt_text": "alt " * 900,
    }
    return Feedback(**{**fields, **changes})


def assert_fine(message):
    assert faults_in_message({"text": message.text, "blocks": message.blocks}) == []
    for block in message.blocks:
        for text in _marked_up(block):
            assert "<!" not in text, text
            assert "<@" not in text, text


def _marked_up(node):
    if isinstance(node, list):
        for item in node:
            yield from _marked_up(item)
    elif isinstance(node, dict):
        if node.get("type") == "mrkdwn":
            yield node["text"]
        for value in node.values():
            yield from _marked_up(value)


class TestScoreMessage:
    def test_says_all_in_words_as_well(self):
        message = build_score_message(feedback())
        assert_fine(message)
        for said in ("DER is", "Why they differ", "Listen to these again", "collar 0.25 s each side"):
            assert said in message.text
        table = next(b for b in message.blocks if b["type"] == "table")
        assert [len(row) for row in table["rows"]] == [7] * 5

    def test_above_a_hundred_is_shown_and_explained(self):
        wild = Annotation.of("clip", [Turn(0, 14, "a"), Turn(0, 14, "b"), Turn(0, 14, "c")])
        card = score(Annotation.of("clip", [Turn(0, 3, "A")]), wild, [Segment(0, 15)])
        message = build_score_message(feedback(card=card))
        assert_fine(message)
        assert "DER is 1300.0 %" in message.text
        assert "no slip" in message.text

    def test_reference_without_speech_has_no_rate(self):
        card = score(Annotation.of("clip", []), FOUND, [Segment(0, 15)])
        message = build_score_message(feedback(card=card, lessons=()))
        assert_fine(message)
        assert "no rate can be given" in message.text
        assert "DER is" not in message.text

    def test_only_what_was_checked_is_claimed(self):
        message = build_score_message(feedback(checked=(3, 1)))
        assert_fine(message)
        assert "1 of the 3 turns you checked was right" in message.text
        assert "nothing about the rest" in message.text
        assert "Jaccard" not in message.text

    def test_one_checked_turn_is_right_or_wrong(self):
        assert "The one turn you checked was wrong." in build_score_message(feedback(checked=(1, 0))).text

    def test_says_who_was_taken_for_whom_by_the_names_of_either_side(self):
        truth = Annotation.of("clip", [Turn(0, 6, "SPEAKER_00"), Turn(6, 10, "B"), Turn(10, 11, "C")])
        found = Annotation.of("clip", [Turn(0, 7, "SPEAKER_01"), Turn(7, 11, "SPEAKER_00")])
        message = build_score_message(
            feedback(
                card=score(truth, found, [Segment(0, 11)]),
                names={"SPEAKER_00": "Ada", "SPEAKER_01": "Ben"},
                reference_names={"SPEAKER_00": "Maya"},
            )
        )
        assert_fine(message)
        for line in (
            "Maya is our Ben: 6.0 of 6.0 s found, 1.0 s too much",
            "B is our Ada: 3.0 of 4.0 s found, 1.0 s too much",
            "C: no label of ours stands for them, 1.0 s",
            "Jaccard error rate: 51.4 %",
            "Evaluated: 0:00 to 0:11",
            "2.00 s (18.2 %) wrong speaker",
            "(B by the reference, we heard Ben)",
        ):
            assert line in message.text

    def test_words_are_scored_with_their_speakers(self):
        said = [Word(0, 1, "one", speaker="A"), Word(4, 5, "two", speaker="B")]
        words = score_words(said, [Word(0, 1, "one", speaker="x"), Word(4, 5, "too", speaker="y")])
        message = build_score_message(feedback(words=words, words_are_draft=True))
        assert_fine(message)
        assert "Word error rate 50.0 %: 1 errors in 2 words" in message.text
        assert "rough offline draft" in message.text

    def test_own_turns_cannot_be_undone_but_tried_again(self):
        message = build_score_message(feedback(scored="own", version=None))
        assert_fine(message)
        ids = [e["action_id"] for b in message.blocks if b["type"] == "actions" for e in b["elements"]]
        assert ids[0] == "own.write"
        assert "score.undo" not in ids

    def test_agreement_is_never_called_a_rate(self):
        found = Agreement("c1", HOSTILE[0], score(TRUTH, FOUND, [Segment(0, 10)]), NAMES)
        message = build_agreement_message(found)
        assert_fine(message)
        assert "agreement, not DER" in message.text
        assert f"{found.agreed_s:.1f} of {found.total_s:.1f} s" in message.text
        assert 0 <= found.agreed_s <= found.total_s

    def test_silence_on_both_sides(self):
        empty = Annotation.of("clip", [])
        message = build_agreement_message(Agreement("c1", "x", score(empty, empty, [Segment(0, 10)]), {}))
        assert_fine(message)
        assert "neither you nor our labels" in message.text

    def test_question_about_the_fit(self):
        message = build_questioned_message("c1", HOSTILE[0], [HOSTILE[1], "It is too long."])
        assert_fine(message)


def fix_screen(num_turns=3, page=0, speakers=None):
    speakers = speakers or HOSTILE
    turns = [Turn(i, i + 0.9, speakers[i % len(speakers)]) for i in range(num_turns)]
    draft = Annotation.of("clip", turns)
    first = page * TURNS_PER_PAGE
    shown = draft.turns[first : first + TURNS_PER_PAGE]
    words = tuple(Word(i, i + 0.5, "<!channel> " * 40, speaker="N") for i in range(5))
    pages = max(1, -(-num_turns // TURNS_PER_PAGE))
    return FixScreen("c1", draft, words, NAMES, page, pages, shown, is_changed=True, base_version=0)


class TestFixView:
    @pytest.mark.parametrize(("num_turns", "page"), [(0, 0), (1, 0), (20, 0), (21, 1), (400, 0), (400, 19)])
    def test_every_page_fits_into_a_modal(self, num_turns, page):
        view = build_fix_view(fix_screen(num_turns, page), "A <!channel> fault")
        assert faults_in_view(view) == []
        for text in _marked_up(view):
            assert "<!" not in text

    def test_more_speakers_than_a_list_can_hold(self):
        view = build_fix_view(fix_screen(150, 0, [f"speaker {n}" for n in range(140)]))
        assert faults_in_view(view) == []

    def test_pages_lead_both_ways(self):
        assert "fix.page.back" not in json.dumps(build_fix_view(fix_screen(60, 0)))
        middle = json.dumps(build_fix_view(fix_screen(60, 1)))
        assert "fix.page.back" in middle
        assert "fix.page.next" in middle
        assert "Turns 21 to 40 of 60" in middle

    def test_label_stands_beside_a_name_only_where_two_share_it(self):
        turns = tuple(Turn(n, n + 0.9, label) for n, label in enumerate("ABC"))
        draft = Annotation("clip", turns)
        names = {"A": "Ada", "B": "Ada", "C": "Cleo"}
        screen = FixScreen("c1", draft, (), names, 0, 1, turns, is_changed=False, base_version=0)
        shown = json.dumps(build_fix_view(screen))
        assert {f'"{text}"' in shown for text in ("Ada (A)", "Ada (B)", "Cleo")} == {True}
        assert "Cleo (C)" not in shown

    def test_twins_keep_apart(self):
        twins = Annotation("clip", (Turn(0, 1, "A"), Turn(0, 1, "A")))
        screen = FixScreen("c1", twins, (), {}, 0, 1, twins.turns, is_changed=False, base_version=2)
        assert faults_in_view(build_fix_view(screen)) == []

    @pytest.mark.parametrize("following", [None, Turn(5, 6, HOSTILE[2])])
    def test_one_turn(self, following):
        turn = Turn(1.25, 3, HOSTILE[1])
        form = TurnForm("c1", 2, turn, key_of(turn), following, tuple(HOSTILE), NAMES, "V1")
        view = build_turn_view(form)
        assert faults_in_view(view) == []
        assert "0:01.25" in json.dumps(view)
        assert ("Join with" in json.dumps(view)) == (following is not None)

    def test_speaker_to_be_renamed(self):
        view = build_rename_view(fix_screen(3), "V1")
        assert faults_in_view(view) == []
        assert "taken back with it" in json.dumps(view)

    def test_turn_to_be_added(self):
        assert faults_in_view(build_add_view(fix_screen(3), "V1")) == []

    def test_names(self):
        rows = tuple((label, Turn(0, 1, label), NAMES.get(label, "")[:60]) for label in HOSTILE)
        assert faults_in_view(build_name_view(NameForm("c1", rows))) == []


def sureness(**changes):
    turn = FOUND.turns[0]
    questions = tuple(
        Question(turn, key_of(turn), 0.02, example, answer)
        for example, answer in [
            (FOUND.turns[1], None),
            (None, "yes"),
            (None, "unsure"),
            (None, f"no:{HOSTILE[0]}"),
        ]
    )
    fields = {
        "clip_id": "c1",
        "clip_name": HOSTILE[0],
        "doubts": doubts(FOUND),
        "count_range": (2, 4),
        "num_known": 3,
        "num_close": 1,
        "median_margin": 0.21,
        "questions": questions,
        "speakers": FOUND.speakers,
        "names": NAMES,
    }
    return Sureness(**{**fields, **changes})


class TestDoubtMessage:
    def test_says_that_there_is_no_rate_and_what_would_settle_it(self):
        message = build_doubt_message(sureness())
        assert_fine(message)
        for said in ("no error rate", "2 to 4", "0.21", "Compare with", "You could not tell"):
            assert said in message.text

    def test_somebody_else_is_no_answer_about_a_label_with_one_turn(self):
        def choices(example):
            turn = FOUND.turns[0]
            questions = (Question(turn, key_of(turn), 0.02, example),)
            return json.dumps(build_doubt_message(sureness(questions=questions)).blocks)

        assert "Somebody else" in choices(FOUND.turns[1])
        assert "Somebody else" not in choices(None)

    def test_engine_that_says_little(self):
        message = build_doubt_message(
            sureness(count_range=None, median_margin=None, num_known=0, num_close=0, questions=())
        )
        assert_fine(message)
        assert "is not known" in message.text

    def test_with_a_reference_there_is_a_score(self):
        message = build_doubt_message(sureness(has_reference=True, questions=()))
        assert_fine(message)
        assert "no error rate" not in message.text


class TestOwnViews:
    @pytest.mark.parametrize("is_ready", [True, False])
    def test_hold(self, is_ready):
        message = build_hold_message(Hold("c1", HOSTILE[0], 30.0, is_ready, "words", 0.5))
        assert_fine(message)
        assert "Your turn first" in message.text

    def test_form(self):
        screen = Hold("c1", HOSTILE[1], 30.0, is_ready=True)
        assert faults_in_view(build_own_view(screen, "")) == []
        assert faults_in_view(build_own_view(screen, "0:01-0:02 A\n" * 400)) == []

    def test_practice(self):
        assert_fine(build_practice_message("c1", 13.7, 2))
