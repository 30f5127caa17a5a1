"""A reply by every way there is room for: crash in between, words taken back, budgets, and what it cost."""

from dataclasses import dataclass, field, replace

import pytest

from bot.courtesies import Allowance, Courtesies
from bot.people import Person
from bot.tutor.protocol import Usage
from bot.tutor.scripted import ScriptedTutor
from bot.use_cases.answer_lab_turn import open_reply, show_reply, write_reply
from bot.use_cases.export_labs import DEBRIEF, as_text, lab_document
from bot.use_cases.hear_in_lab import asks_for_debrief, hear_in_lab
from bot.use_cases.lab_voice import DAY_IS_SPENT, MAX_REPLY_CHARS, MONTH_IS_SPENT, OFF, voice_of
from bot.use_cases.talk_in_lab import MAX_TURN_CHARS, begin_lab, conversation_of, footer_of, plan_lab
from tests.bot_parts import FakeMessenger

LINE = "We enrol each judge with consent, from three hearings in the courtroom."
CHANNEL, THREAD = "DU1", "t1"


@dataclass
class StreamingMessenger(FakeMessenger):
    """Notes streams and typing statuses, too."""

    calls: list[tuple[str, ...]] = field(default_factory=list)
    offers_streams: bool = True
    dies_at_piece: int = 99

    def start_stream(self, channel_id, thread_ts, user_id):
        self.calls.append(("start",))
        return super().start_stream(channel_id, thread_ts, user_id) if self.offers_streams else None

    def append_stream(self, channel_id, ts, markdown):
        self.calls.append(("append", markdown))
        return sum(call[0] == "append" for call in self.calls) < self.dies_at_piece

    def stop_stream(self, channel_id, ts):
        self.calls.append(("stop", ts))

    def set_status(self, channel_id, thread_ts, status):
        self.calls.append(("status", status))


class Model:
    """Says what it is told to, at a price."""

    kind = "anthropic"

    def __init__(self, on_usage, pieces):
        self.on_usage, self.pieces = on_usage, pieces

    def reply(self, conversation):
        yield from self.pieces
        self.on_usage(Usage("some-model", 100, 20, 50))


@pytest.fixture
def messenger(bench):
    bench.messenger = StreamingMessenger()
    return bench.messenger


@pytest.fixture
def deps(bench, messenger):
    scripted = ScriptedTutor()
    pieces = [
        "Which task ",
        "would you ",
        "begin with, and why that one before the two others of the lesson?",
    ]

    def tutor_of(kind, on_usage):
        return scripted if kind == "scripted" else Model(on_usage, pieces)

    return replace(bench.deps, tutor_of=tutor_of, model_name="some-model")


@pytest.fixture
def session(deps, bench, before_test, ada):
    screen = plan_lab(deps, ada, "lab-1")
    begin_lab(deps, ada, screen, CHANNEL, THREAD)
    return screen.session_id


def _event(ts, text="", **more):
    return {"channel_type": "im", "channel": CHANNEL, "ts": ts, "thread_ts": THREAD, "text": text, **more}


def _hear(deps, person, ts, text="", **more):
    with deps.database.begin() as tx:
        return hear_in_lab(tx, person, f"Ev{ts}", _event(ts, text, **more), deps.now())


def _answer(deps, session, ts):
    turn_id = f"{session}.{ts}"
    manner = open_reply(deps, "T1", session, turn_id)
    if manner:
        write_reply(deps, "T1", session, turn_id, manner)
        show_reply(deps, "T1", session, turn_id, manner)
    return manner


def _shown(messenger):
    return [message.text for (channel, _), message in messenger.posts.items() if channel == CHANNEL]


def _with(deps, **limits):
    allowances = {name: Allowance(number) for name, number in limits.items()}
    return replace(deps, courtesies=Courtesies(**allowances))


class TestManners:
    @pytest.mark.parametrize(
        ("limits", "manner"),
        [({}, "stream"), ({"streams": 0}, "edits"), ({"streams": 0, "edits": 0}, "whole")],
    )
    def test_each_ends_in_the_same_message(self, deps, messenger, session, ada, limits, manner):
        deps = _with(deps, **limits)
        assert _hear(deps, ada, "m2", LINE)
        assert _answer(deps, session, "m2") == manner
        (text,) = _shown(messenger)
        assert text.startswith("Which task would you begin with")
        assert text.endswith("Exchange 1 of 3")
        assert messenger.calls[0] == ("status", "is thinking …")
        assert messenger.calls[-1] == ("status", "")

    def test_slack_offers_no_stream(self, deps, messenger, session, ada):
        messenger.offers_streams = False
        _hear(deps, ada, "m2", LINE)
        assert _answer(deps, session, "m2") == "edits"
        assert len(_shown(messenger)) == 1

    def test_stream_that_dies_is_finished_by_updates(self, deps, messenger, session, ada):
        messenger.dies_at_piece = 1
        _hear(deps, ada, "m2", LINE)
        assert _answer(deps, session, "m2") == "stream"
        assert _shown(messenger)[0].endswith("Exchange 1 of 3")

    def test_pieces_wait_when_their_allowance_is_used_up(self, deps, messenger, session, ada):
        _hear(deps, ada, "m2", LINE)
        _answer(_with(deps, pieces=0), session, "m2")
        assert not [call for call in messenger.calls if call[0] == "append"]
        assert _shown(messenger)[0].startswith("Which task would you begin with")


class TestCrashes:
    def test_step_run_again_after_its_message_was_opened(self, deps, messenger, session, ada):
        _hear(deps, ada, "m2", LINE)
        open_reply(deps, "T1", session, f"{session}.m2")
        assert _answer(deps, session, "m2") == "edits"
        assert len(_shown(messenger)) == 1

    def test_writing_is_not_streamed_twice(self, deps, messenger, session, ada):
        _hear(deps, ada, "m2", LINE)
        manner = open_reply(deps, "T1", session, f"{session}.m2")
        with deps.database.begin() as tx:
            tx.labs.update_turn("T1", f"{session}.m2.reply", state="writing")
        write_reply(deps, "T1", session, f"{session}.m2", manner)
        assert not [call for call in messenger.calls if call[0] == "append"]

    def test_showing_again_changes_nothing(self, deps, messenger, session, ada):
        deps = _with(deps, streams=0, edits=0)
        _hear(deps, ada, "m2", LINE)
        manner = _answer(deps, session, "m2")
        before = dict(messenger.posts)
        show_reply(deps, "T1", session, f"{session}.m2", manner)
        assert messenger.posts == before


class TestSecondThoughts:
    def test_somebody_else_is_not_heard(self, deps, session, ada):
        assert not _hear(deps, Person("T1", "U2"), "m2", LINE)
        assert not _hear(deps, Person("T2", ada.user_id), "m2", LINE)

    def test_taken_back_before_the_reply(self, deps, messenger, session, ada):
        _hear(deps, ada, "m2", LINE)
        deleted = {"subtype": "message_deleted", "previous_message": _event("m2", LINE)}
        assert _hear(deps, ada, "m3", **deleted)
        assert _answer(deps, session, "m2") is None
        assert _shown(messenger) == []

    def test_taken_back_while_it_is_answered(self, deps, messenger, session, ada):
        _hear(deps, ada, "m2", LINE)
        turn_id = f"{session}.m2"
        manner = open_reply(deps, "T1", session, turn_id)
        assert len(_shown(messenger)) == 1
        _hear(deps, ada, "m3", subtype="message_deleted", previous_message=_event("m2", LINE))
        write_reply(deps, "T1", session, turn_id, manner)
        show_reply(deps, "T1", session, turn_id, manner)
        assert _shown(messenger) == []
        assert messenger.calls[-1] == ("status", "")

    def test_taken_back_afterwards_counts_no_more(self, deps, session, ada):
        _hear(deps, ada, "m2", LINE)
        _answer(deps, session, "m2")
        _hear(deps, ada, "m3", subtype="message_deleted", previous_message=_event("m2", LINE))
        with deps.database.begin() as tx:
            assert tx.labs.get("T1", session).exchanges == 0
            assert [turn.text for turn in tx.labs.turns("T1", session) if "m2" in turn.turn_id] == ["", ""]

    def test_edit_is_kept_and_not_answered_again(self, deps, session, ada):
        _hear(deps, ada, "m2", LINE)
        _answer(deps, session, "m2")
        changed = _event("m2", "We enrol each judge at the bench.")
        assert _hear(deps, ada, "m3", subtype="message_changed", message=changed)
        with deps.database.begin() as tx:
            assert tx.labs.turn("T1", f"{session}.m2").text == "We enrol each judge at the bench."

    def test_two_at_once_are_a_conversation(self, deps, session, ada):
        _hear(deps, ada, "m2", LINE)
        _hear(deps, ada, "m3", "And a clerk reviews every name, is that enough?")
        _answer(deps, session, "m2")
        _, conversation = conversation_of(deps, "T1", session, f"{session}.m3")
        assert [turn.role for turn in conversation.turns] == ["persona", "learner", "persona", "learner"]

    def test_lab_forgotten_while_it_is_answered(self, deps, messenger, session, ada):
        _hear(deps, ada, "m2", LINE)
        turn_id = f"{session}.m2"
        manner = open_reply(deps, "T1", session, turn_id)
        with deps.database.begin() as tx:
            tx.labs.delete_of("T1", ada.user_id)
        write_reply(deps, "T1", session, turn_id, manner)
        show_reply(deps, "T1", session, turn_id, manner)
        assert _shown(messenger) == []


class TestExchanges:
    def test_long_message_is_read_in_part(self, deps, session, ada):
        _hear(deps, ada, "m2", "judge " * 2_000)
        _answer(deps, session, "m2")
        assert "first 4,000 characters" in footer_of(deps, "T1", session, f"{session}.m2").text
        _, conversation = conversation_of(deps, "T1", session, f"{session}.m2")
        assert len(conversation.turns[-1].text) == MAX_TURN_CHARS

    def test_footer_after_completion(self, deps, bench, session, ada):
        lab = bench.module.lab("lab-1")
        for number, opener in enumerate(lab.openers, 2):
            _hear(deps, ada, f"m{number}", opener)
            _answer(deps, session, f"m{number}")
        assert "this lab is complete" in footer_of(deps, "T1", session, f"{session}.m4").text
        assert footer_of(deps, "T1", session, f"{session}.m4").done_session_id == session
        _hear(deps, ada, "m9", "ok")
        _answer(deps, session, "m9")
        assert footer_of(deps, "T1", session, f"{session}.m9").text is None

    @pytest.mark.parametrize(
        "text", ["debrief", "Debrief, please!", "Show me my debrief", "can I see the debrief?"]
    )
    def test_wish_for_the_debrief(self, deps, session, ada, text):
        assert asks_for_debrief(text)
        assert _hear(deps, ada, "m2", text)
        with deps.database.begin() as tx:
            assert tx.labs.turn("T1", f"{session}.m2") is None


class TestBudgets:
    def test_cost_is_noted_for_learner_and_lab(self, deps, session, ada):
        _hear(deps, ada, "m2", LINE)
        _answer(deps, session, "m2")
        with deps.database.begin() as tx:
            assert tx.labs.tokens_since("T1", ada.user_id, deps.now().replace(hour=0)) == 120

    def test_who_speaks(self, deps, bench, session, ada):
        _hear(deps, ada, "m2", LINE)
        _answer(deps, session, "m2")
        with deps.database.begin() as tx:
            lab = tx.labs.get("T1", session)
        assert voice_of(deps, lab).kind == "anthropic"
        assert voice_of(replace(deps, lab_tokens_per_day=120), lab) is DAY_IS_SPENT
        assert voice_of(replace(deps, lab_tokens_per_month=120), lab) is MONTH_IS_SPENT
        assert voice_of(replace(deps, model_name=None), lab) is OFF
        later = replace(deps, lab_tokens_per_day=120, now=lambda: bench.now.replace(day=25))
        assert voice_of(later, lab).kind == "anthropic"

    def test_reply_without_an_end_is_ended(self, deps, session, ada):
        endless = replace(deps, tutor_of=lambda _kind, note: Model(note, ["word " * 100] * 100))
        _hear(deps, ada, "m2", LINE)
        _answer(endless, session, "m2")
        with deps.database.begin() as tx:
            text = tx.labs.turn("T1", f"{session}.m2.reply").text
        assert len(text) <= MAX_REPLY_CHARS + 1
        assert text.endswith("…")


class TestExport:
    def test_document_and_text(self, deps, session, ada):
        _hear(deps, ada, "m2", LINE)
        _answer(deps, session, "m2")
        document = lab_document(deps, ada)
        (lab,) = document["labs"]
        assert [turn["counts"] for turn in lab["turns"]] == [False, True, False]
        assert DEBRIEF.validate_python(lab["debrief"]).explored
        assert LINE in as_text(document)

    def test_only_ones_own(self, deps, session):
        assert lab_document(deps, Person("T1", "U2"))["labs"] == []
