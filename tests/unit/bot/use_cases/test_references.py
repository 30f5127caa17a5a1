"""Corrections, confirmations and turns of one's own: what is stored, and what is asked for."""

from datetime import UTC, datetime

import pytest

from annotation import editing
from annotation.formats import whospoke_json
from annotation.model import Annotation, Segment, Turn
from annotation.scoring import score
from bot.errors import ClipStateError, FileRefusedError, NoLabelsError, NotYoursError, StaleButtonError
from bot.messenger import SlackFile
from bot.people import Person
from bot.use_cases import (
    doubt_clip,
    fix_labels,
    hold_clip,
    label_yourself,
    name_speakers,
    score_clip,
    take_labels,
)
from bot.use_cases.clip_reference import names_in
from bot.use_cases.effective_labels import effective_labels
from bot.use_cases.fix_labels import FieldError, TurnChange
from bot.use_cases.lesson_links import cards_called, links_for, review_missed_overlap
from storage.clips import Clip

ADA, BEN = Person("T1", "UADA"), Person("T1", "UBEN")
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
LABELS = Annotation.of(
    "a.wav", [Turn(0, 4, "SPEAKER_00"), Turn(4, 9, "SPEAKER_01"), Turn(9, 10, "SPEAKER_00")]
)
AGAIN = LABELS.relabelled({"SPEAKER_00": "SPEAKER_01", "SPEAKER_01": "SPEAKER_00"})


@pytest.fixture
def clip(database):
    clip = Clip(
        "c1", "T1", "F1", "UADA", "D1", "1.0", "a.wav", "audio/wav", 1, "done", "", 1.0, None, None, None,
        None, None, NOW, NOW,
    )  # fmt: skip
    with database.begin() as tx:
        tx.clips.add(clip)
        store(tx, LABELS)
        turns = [
            [t.start_s, t.end_s, t.speaker, margin]
            for t, margin in zip(LABELS.turns, (0.4, 0.05, 0.3), strict=True)
        ]
        count = {"fewest_nearby": 2, "most_nearby": 3}
        tx.clips.save("T1", "c1", "labels", {"certainty": {"turns": turns, "count": count}}, NOW)
    return clip


def store(tx, annotation):
    result = {"duration_s": 10.0, "annotation": whospoke_json.annotation_to_dict(annotation), "words": []}
    tx.clips.save("T1", "c1", "result", result, NOW)


def jobs(database):
    return [job.name for job in database.jobs_client.list_workflows()]


def current(database):
    with database.begin() as tx:
        return tx.references.current("T1", "c1")


def feedback(database):
    """Return how the labels in force fare against the reference in force."""
    with database.begin() as tx:
        clip = tx.clips.get("T1", "c1")
        reference = tx.references.current("T1", "c1")
        names = names_in(tx, clip, reference)
        return score_clip.feedback_on(score_clip.labels_of(tx, clip), reference, names)


def shown_names(database):
    """Return the names in the clip's result and its files."""
    with database.read() as tx:
        return effective_labels(tx, tx.clips.get("T1", "c1"), tx.clips.load("T1", "c1", "result")).names


def said(turn, speaker=None):
    """Return what a press under *How sure is this?* sends: the turn, and who speaks instead."""
    return editing.key_of(turn), f"no:{editing.speaker_key(speaker)}" if speaker else "yes"


def posts(deps):
    """Return what was said in the clip's thread."""
    return deps.messenger_for("T1").texts("post")


def turns_of(reference):
    return whospoke_json.annotation_from_dict(reference.document["annotation"]).turns


class TestNames:
    def test_go_with_the_voice_when_the_clip_is_labelled_again(self, deps, database, clip):
        name_speakers.name_speakers(deps, ADA, "c1", {"SPEAKER_00": " *Ada*\nQuill ", "nobody": "x"})
        with database.begin() as tx:
            store(tx, AGAIN)
        names = {label: name for label, _, name in name_speakers.name_form(deps, ADA, "c1").rows}
        assert names == {"SPEAKER_01": "Ada Quill", "SPEAKER_00": ""}
        assert jobs(database) == ["show_clip_again"]

    def test_empty_one_gives_the_number_back(self, deps, clip):
        name_speakers.name_speakers(deps, ADA, "c1", {"SPEAKER_00": "Ada"})
        name_speakers.name_speakers(deps, ADA, "c1", {"SPEAKER_00": "  "})
        assert [name for _, _, name in name_speakers.name_form(deps, ADA, "c1").rows] == ["", ""]

    def test_are_for_the_uploader_to_give(self, deps, clip):
        with pytest.raises(NotYoursError):
            name_speakers.name_speakers(deps, BEN, "c1", {"SPEAKER_00": "Ada"})


class TestNamesOfReferences:
    """Names were given to the machine's labels; the speakers of a reference are others."""

    def name(self, deps):
        name_speakers.name_speakers(deps, ADA, "c1", {"SPEAKER_00": "Ada", "SPEAKER_01": "Ben"})

    def test_labels_of_a_file_are_its_own(self, deps, database, clip):
        self.name(deps)
        other_way_round = (
            b"SPEAKER x 1 0 3 <NA> <NA> SPEAKER_01 <NA> <NA>\n"
            b"SPEAKER x 1 4 5 <NA> <NA> SPEAKER_00 <NA> <NA>\n"
            b"SPEAKER x 1 9 1 <NA> <NA> SPEAKER_01 <NA> <NA>\n"
        )
        drop(deps, clip, "truth.rttm", other_way_round)
        assert feedback(database).reference_names == {}
        assert fix_labels.open_draft(deps, ADA, "c1").names == {}

    def test_go_with_the_voices_of_the_run_that_was_corrected(self, deps, database, clip):
        self.name(deps)
        fix_labels.edit_draft(deps, ADA, "c1", 0, lambda d: editing.move_boundary(d, d.turns[0], 0, 3))
        fix_labels.save_draft(deps, ADA, "c1")
        with database.begin() as tx:
            store(tx, AGAIN)
        found = feedback(database)
        assert found.names == {"SPEAKER_01": "Ada", "SPEAKER_00": "Ben"}
        assert found.reference_names == {"SPEAKER_00": "Ada", "SPEAKER_01": "Ben"}
        screen = fix_labels.open_draft(deps, ADA, "c1")
        assert [screen.names[t.speaker] for t in screen.turns] == ["Ada", "Ben", "Ada"]

    def test_stay_when_most_of_a_speaker_is_given_away(self, deps, database, clip):
        self.name(deps)
        fix_labels.edit_draft(deps, ADA, "c1", 0, lambda d: editing.reassign(d, d.turns[1], "SPEAKER_00"))
        fix_labels.save_draft(deps, ADA, "c1")
        assert feedback(database).reference_names["SPEAKER_00"] == "Ada"

    def test_given_while_correcting_are_part_of_the_version_and_undone_with_it(self, deps, database, clip):
        self.name(deps)
        key = editing.speaker_key("SPEAKER_00")
        screen = fix_labels.rename(deps, ADA, "c1", 0, key, " *Ada*\nQuill ")
        assert screen.is_changed
        assert screen.names == {"SPEAKER_00": "Ada Quill", "SPEAKER_01": "Ben"}
        fix_labels.save_draft(deps, ADA, "c1")
        assert feedback(database).reference_names["SPEAKER_00"] == "Ada Quill"
        fix_labels.rename(deps, ADA, "c1", 0, key, "")
        fix_labels.save_draft(deps, ADA, "c1")
        assert "SPEAKER_00" not in feedback(database).reference_names
        score_clip.undo(deps, ADA, "c1", 2)
        assert fix_labels.open_draft(deps, ADA, "c1").names["SPEAKER_00"] == "Ada Quill"

    def test_given_while_correcting_are_shown_with_the_result_until_others_are_typed_there(
        self, deps, database, clip
    ):
        self.name(deps)
        key = editing.speaker_key("SPEAKER_00")
        fix_labels.rename(deps, ADA, "c1", 0, key, "Ada Quill")
        fix_labels.save_draft(deps, ADA, "c1")
        assert shown_names(database) == {"SPEAKER_00": "Ada Quill", "SPEAKER_01": "Ben"}
        name_speakers.name_speakers(deps, ADA, "c1", {"SPEAKER_00": "Lady Ada", "SPEAKER_01": ""})
        assert shown_names(database) == {"SPEAKER_00": "Lady Ada"}
        assert fix_labels.open_draft(deps, ADA, "c1").names == {"SPEAKER_00": "Lady Ada"}
        assert fix_labels.rename(deps, ADA, "c1", 0, key, "A. Quill").names == {"SPEAKER_00": "A. Quill"}
        fix_labels.save_draft(deps, ADA, "c1")
        assert shown_names(database) == {"SPEAKER_00": "A. Quill"}

    def test_of_a_file_of_ours_come_with_it(self, deps, database, clip):
        turns = '[{"start_s": 0, "end_s": 9, "speaker": "S"}]'
        text = f'{{"format": "whospoke", "version": 1, "turns": {turns}, "names": {{"S": "Maya", "T": ""}}}}'
        drop(deps, clip, "truth.json", text.encode())
        assert feedback(database).reference_names == {"S": "Maya"}


class TestFixing:
    def test_draft_outlives_the_modal_and_becomes_a_version(self, deps, database, clip):
        fix_labels.edit_draft(deps, ADA, "c1", 0, lambda d: editing.reassign(d, d.turns[0], "SPEAKER_01"))
        again = fix_labels.open_draft(deps, ADA, "c1")
        assert again.is_changed
        fix_labels.save_draft(deps, ADA, "c1")
        reference = current(database)
        assert (reference.version, reference.author_id) == (1, "UADA")
        assert turns_of(reference)[0].speaker == "SPEAKER_01"
        with database.begin() as tx:
            kept = tx.clips.load("T1", "c1", "result")
        assert whospoke_json.annotation_from_dict(kept["annotation"]) == LABELS, (
            "the machine's stay as they were"
        )
        assert jobs(database) == ["score_clip", "show_clip_again"]
        assert not fix_labels.open_draft(deps, ADA, "c1").is_changed

    def test_undo_goes_back_one_version_once(self, deps, database, clip):
        fix_labels.save_draft(deps, ADA, "c1")
        fix_labels.edit_draft(deps, ADA, "c1", 0, lambda d: editing.remove(d, d.turns[0]))
        fix_labels.save_draft(deps, ADA, "c1")
        assert score_clip.undo(deps, ADA, "c1", 2).version == 1
        with pytest.raises(ClipStateError, match="newer score below"):
            score_clip.undo(deps, ADA, "c1", 2)
        assert score_clip.undo(deps, ADA, "c1", 1) is None
        assert not score_clip.score_again(deps, ADA, "c1")

    def test_corrections_survive_a_new_run(self, deps, database, clip):
        fix_labels.save_draft(deps, ADA, "c1")
        with database.begin() as tx:
            store(tx, Annotation.of("a.wav", [Turn(0, 10, "SPEAKER_00")]))
        found = feedback(database)
        assert found.card.strict.confusion_s == 5.0
        assert found.card.strict.der_percent == 50.0

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"end_s": 4.0}, "end"),
            ({"end_s": 99.0}, "end"),
            ({"split_at_s": 1.0}, "split"),
            ({"split_at_s": 5.0, "is_joined": True}, "split"),
        ],
    )
    def test_impossible_change_names_its_field_and_changes_nothing(self, deps, clip, change, field):
        turn = LABELS.turns[1]
        fields = {"start_s": 4.0, "end_s": 9.0, "speaker": editing.speaker_key(turn.speaker), **change}
        with pytest.raises(FieldError) as error:
            fix_labels.change_turn(deps, ADA, "c1", 0, editing.key_of(turn), TurnChange(**fields))
        assert error.value.field == field
        assert fix_labels.open_draft(deps, ADA, "c1").draft.turns == LABELS.turns

    def test_split_gives_the_second_part_away(self, deps, clip):
        turn = LABELS.turns[1]
        change = TurnChange(start_s=4.0, end_s=9.0, speaker="new", split_at_s=6.0)
        draft = fix_labels.change_turn(deps, ADA, "c1", 0, editing.key_of(turn), change).draft
        assert Turn(4, 6, "SPEAKER_01") in draft.turns
        assert Turn(6, 9, "SPEAKER_02") in draft.turns

    def test_clip_without_labels_cannot_be_corrected(self, deps, database, clip):
        with database.begin() as tx:
            tx.clips.update("T1", "c1", NOW, state="running")
        with pytest.raises(NoLabelsError):
            fix_labels.open_draft(deps, ADA, "c1")


class TestConfirming:
    def test_least_certain_turns_are_asked_about_and_only_they_are_scored(self, deps, database, clip):
        asked = doubt_clip.how_sure(deps, ADA, "c1")
        assert asked.count_range == (2, 3)
        assert (asked.num_known, asked.num_close) == (3, 1)
        key = editing.key_of(LABELS.turns[1])
        found = doubt_clip.confirm(deps, ADA, "c1", key, f"no:{editing.speaker_key('SPEAKER_00')}")
        assert next(q.answer for q in found.questions if q.key == key) == "no:SPEAKER_00"
        doubt_clip.confirm(deps, ADA, "c1", editing.key_of(LABELS.turns[0]), "yes")
        doubt_clip.confirm(deps, ADA, "c1", editing.key_of(LABELS.turns[2]), "unsure")
        reference = current(database)
        assert reference.version == 2
        found = feedback(database)
        assert found.checked == (2, 1)
        assert found.card.strict.scored_speaker_s == 9.0, "the third turn is not claimed"

    def test_same_answer_twice_is_counted_once(self, deps, database, clip):
        key = editing.key_of(LABELS.turns[0])
        doubt_clip.confirm(deps, ADA, "c1", key, "yes")
        doubt_clip.confirm(deps, ADA, "c1", key, "yes")
        assert current(database).version == 1
        assert feedback(database).checked == (1, 1)

    def test_wrong_label_costs_even_where_nothing_else_was_checked(self, deps, database, clip):
        doubt_clip.confirm(deps, ADA, "c1", *said(LABELS.turns[0], "SPEAKER_01"))
        found = feedback(database)
        assert found.checked == (1, 0)
        assert (found.card.strict.confusion_s, found.card.strict.der_percent) == (4.0, 100.0)

    def test_swapped_labels_are_both_wrong(self, deps, database, clip):
        doubt_clip.confirm(deps, ADA, "c1", *said(LABELS.turns[0], "SPEAKER_01"))
        doubt_clip.confirm(deps, ADA, "c1", *said(LABELS.turns[1], "SPEAKER_00"))
        found = feedback(database)
        assert found.checked == (2, 0)
        assert found.card.strict.der_percent == 100.0

    def test_confirming_after_a_new_run_keeps_what_was_confirmed_before(self, deps, database, clip):
        doubt_clip.confirm(deps, ADA, "c1", *said(LABELS.turns[0]))
        with database.begin() as tx:
            store(tx, AGAIN)
        doubt_clip.confirm(deps, ADA, "c1", *said(AGAIN.turns[2]))
        found = feedback(database)
        assert found.checked == (2, 2), "all answers were yes"
        assert found.card.strict.error_s == 0.0

    def test_new_run_with_other_boundaries_is_scored_against_the_turns_as_confirmed(
        self, deps, database, clip
    ):
        doubt_clip.confirm(deps, ADA, "c1", *said(LABELS.turns[0]))
        later = [Turn(0, 4.2, "SPEAKER_00"), Turn(4.2, 6, "SPEAKER_01"), Turn(6, 10, "SPEAKER_00")]
        with database.begin() as tx:
            store(tx, Annotation.of("a.wav", later))
        doubt_clip.confirm(deps, ADA, "c1", *said(later[2]))
        found = feedback(database)
        assert found.checked == (2, 2)
        assert found.card.strict.error_s == 0.0
        assert turns_of(current(database))[1:] == tuple(later[1:]), "the rest is as the new run has it"

    def test_second_answer_about_a_turn_replaces_the_first(self, deps, database, clip):
        doubt_clip.confirm(deps, ADA, "c1", *said(LABELS.turns[0]))
        found = doubt_clip.confirm(deps, ADA, "c1", *said(LABELS.turns[0], "SPEAKER_01"))
        assert found.questions[0].answer == "no:SPEAKER_01"
        assert feedback(database).checked == (1, 0)

    def test_undo_takes_the_answer_back(self, deps, database, clip):
        doubt_clip.confirm(deps, ADA, "c1", *said(LABELS.turns[0]))
        score_clip.undo(deps, ADA, "c1", 1)
        assert [q.answer for q in doubt_clip.how_sure(deps, ADA, "c1").questions] == [None, None, None]

    def test_correcting_begins_from_what_was_confirmed(self, deps, database, clip):
        doubt_clip.confirm(deps, ADA, "c1", *said(LABELS.turns[0], "SPEAKER_01"))
        assert fix_labels.open_draft(deps, ADA, "c1").draft.turns[0].speaker == "SPEAKER_01"

    def test_full_reference_is_not_touched_by_an_old_button(self, deps, clip):
        fix_labels.save_draft(deps, ADA, "c1")
        with pytest.raises(StaleButtonError):
            doubt_clip.confirm(deps, ADA, "c1", editing.key_of(LABELS.turns[0]), "yes")
        assert doubt_clip.how_sure(deps, ADA, "c1").has_reference


def drop(deps, clip, name, content, size=None, key="event:1"):
    """Drop a file into the clip's thread."""
    deps.messenger_for("T1").download = lambda _file_id, _max_bytes: content
    file = SlackFile("F9", "UADA", name, "text/plain", size or len(content), is_external=False)
    take_labels.take_labels(deps, ADA, clip, file, key)


class TestDroppedFiles:
    def test_taken_once_however_often_the_job_runs(self, deps, database, clip):
        for _ in range(2):
            drop(deps, clip, "t.txt", b"0.0\t9.0\tA\n")
        assert current(database).version == 1
        assert current(database).document["format"] == "Audacity labels"

    def test_too_large_a_file_is_not_fetched(self, deps, clip):
        with pytest.raises(FileRefusedError, match="larger than 1 MiB"):
            drop(deps, clip, "t.rttm", b"", 2**21)

    def test_question_can_be_answered_once(self, deps, database, clip):
        drop(deps, clip, "t.txt", b"500.0\t900.0\tA\n")
        assert current(database) is None
        assert take_labels.accept(deps, ADA, "c1") == "t.txt"
        assert current(database).version == 1
        with pytest.raises(Exception, match="decided on before"):
            take_labels.accept(deps, ADA, "c1")

    def test_one_that_stops_early_is_questioned(self, deps, database, clip):
        drop(deps, clip, "t.rttm", b"SPEAKER x 1 0 2 <NA> <NA> A <NA> <NA>\n")
        assert current(database) is None
        assert posts(deps)[0] == (
            "Is t.rttm really for this clip? It was not scored yet. Its last turn ends at 0:02, but 80 % of the "
            "speech we hear comes after that. Is it for the whole clip?"
        )

    def test_turns_without_length_are_no_reference(self, deps, database, clip):
        with pytest.raises(FileRefusedError, match="no turn is longer than 0 s"):
            drop(deps, clip, "t.txt", b"0.5\t0.5\tA\n3\t3\tB\n")
        assert current(database) is None

    def test_one_that_comes_before_the_labels_waits_and_is_judged_then(self, deps, database, clip):
        with database.begin() as tx:
            tx.clips.update("T1", "c1", NOW, state="running")
            tx.clips.save("T1", "c1", "result", {"duration_s": 10.0, "words": []}, NOW)
            running = tx.clips.get("T1", "c1")
        for _ in range(2):
            drop(deps, running, "other.rttm", b"SPEAKER x 1 5000 300 <NA> <NA> A <NA> <NA>\n", key="event:1")
        drop(deps, running, "truth.rttm", b"SPEAKER x 1 0 9 <NA> <NA> A <NA> <NA>\n", key="event:2")
        assert current(database) is None
        with database.begin() as tx:
            store(tx, LABELS)
            tx.clips.update("T1", "c1", NOW, state="done")
            hold_clip.ask_for_waiting_scores(tx, tx.clips.get("T1", "c1"))
        assert jobs(database) == ["take_waiting_labels"]
        for _ in range(2):
            take_labels.take_waiting_labels(deps, "T1", "c1")
        assert current(database).version == 1
        assert current(database).document["file_name"] == "truth.rttm"
        assert [text for text in posts(deps) if "other.rttm really" in text]


class TestOwnTurns:
    def test_reference_of_single_turns_makes_no_rate_for_them(self, deps, database, clip):
        doubt_clip.confirm(deps, ADA, "c1", *said(LABELS.turns[2]))
        label_yourself.write_turns(deps, ADA, "c1", "0:00-0:04 A\n0:04-0:10 B")
        with database.begin() as tx:
            nonce = tx.clips.load("T1", "c1", "own_labels")["nonce"]
        score_clip.show_score(deps, "T1", "c1", "own", nonce)
        (card,) = posts(deps)
        assert "agreement, not DER" in card
        assert "DER is" not in card

    def test_faults_come_line_by_line_and_nothing_is_kept(self, deps, database, clip):
        faults = label_yourself.write_turns(deps, ADA, "c1", "0:01-0:03 A\nnonsense\n0:05-0:04 B")
        assert [fault.split(":")[0] for fault in faults] == ["line 2", "line 3"]
        assert jobs(database) == []

    def test_turns_let_a_held_result_go(self, deps, database, clip):
        with database.begin() as tx:
            tx.clips.update("T1", "c1", NOW, state="replying")
            tx.clips.save("T1", "c1", "hold", {"is_held": True}, NOW)
        assert label_yourself.write_turns(deps, ADA, "c1", "0:01-0:03 A") == []
        assert sorted(jobs(database)) == ["score_clip", "show_clip"]
        with database.begin() as tx:
            own = tx.clips.load("T1", "c1", "own_labels")
            labelled = score_clip.labels_of(tx, tx.clips.get("T1", "c1"))
        assert own["window_s"] == 10.0
        found = score_clip.agreement(labelled, own)
        assert found.agreed_s == 2.0
        assert found.total_s == 10.0


class TestCourse:
    def test_missed_overlap_makes_its_question_due(self, deps, database):
        truth = Annotation.of("c", [Turn(0, 6, "A"), Turn(3, 8, "B")])
        found = score(truth, Annotation.of("c", [Turn(0, 4, "x"), Turn(4, 8, "y")]), [Segment(0, 9)])
        with database.begin() as tx:
            review_missed_overlap(deps, tx, ADA, found)
            (card,) = tx.reviews.cards("T1", "UADA", deps.current_module().id)
        assert card.due_at == NOW
        question = deps.current_module().question(card.question_id)
        assert "at once" in question.stem

    def test_missed_overlap_counts_also_where_worse_things_happened(self, deps, database):
        worse = [Turn(20 * n, 20 * n + 8, f"{n}") for n in range(6)]
        truth = Annotation.of("c", [*worse, Turn(200, 204, "A"), Turn(203, 206, "B")])
        found = score(
            truth, Annotation.of("c", [Turn(200, 203, "x"), Turn(203, 206, "y")]), [Segment(0, 210)]
        )
        assert all(stretch.cause != "overlap" for stretch in found.worst)
        with database.begin() as tx:
            review_missed_overlap(deps, tx, ADA, found)
            assert len(tx.reviews.cards("T1", "UADA", deps.current_module().id)) == 1

    def test_other_mistakes_leave_review_alone(self, deps, database):
        truth = Annotation.of("c", [Turn(0, 6, "A")])
        with database.begin() as tx:
            review_missed_overlap(deps, tx, ADA, score(truth, Annotation.of("c", []), [Segment(0, 9)]))
            assert tx.reviews.cards("T1", "UADA", deps.current_module().id) == []

    def test_links_fit_what_went_wrong_and_lead_to_cards_that_are_there(self, deps):
        truth = Annotation.of("c", [Turn(0, 6, "A"), Turn(3, 8, "B")])
        found = score(truth, Annotation.of("c", [Turn(0, 4, "x"), Turn(4, 8, "y")]), [Segment(0, 9)])
        module = deps.current_module()
        links = links_for(module, found)
        assert [link.card_id for link in links] == ["l3-normal", "l2-der-sum", "l2-footnote"]
        for link in links:
            assert module.lesson(link.lesson_id).card(link.card_id).title == link.title
        assert cards_called(module, ["taken-away", "l2-der"])[0].card_id == "l2-der"
