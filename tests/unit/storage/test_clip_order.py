"""Whose clip is next, and what those who wait are told."""

from datetime import UTC, datetime, timedelta

import pytest

from storage.clip_order import Pace, QueuedClip, in_order, next_to_take, round_of, standing_of

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
MINUTE = 1_000_000
PACES = [Pace(".m4a", 480_000, 60.0, 12.0), Pace(".m4a", 960_000, 120.0, 24.0)]


def make_clip(clip_id="c1", user="U1", size=MINUTE, **changes) -> QueuedClip:
    fields = {
        "team_id": "T1", "clip_id": clip_id, "user_id": user, "name": "talk.m4a", "size_bytes": size, "run": "1",
        "wants": "both", "round": 0, "queued_at": NOW, "taken_at": None, "duration_s": None,
    }  # fmt: skip
    return QueuedClip(**{**fields, **changes})


def long_clip(clip_id, user, **changes) -> QueuedClip:
    return make_clip(clip_id, user, 200 * MINUTE, **changes)


def taken(clip_id, user, **changes) -> QueuedClip:
    return make_clip(clip_id, user, taken_at=NOW, **changes)


def serve(arrivals, num_workers=1):
    """Let clips arrive in this order and take them one after the other; returns their ids."""
    waiting = []
    for number, (clip_id, user) in enumerate(arrivals):
        owner_round = round_of(f"T1:{user}", waiting)
        waiting.append(make_clip(clip_id, user, round=owner_round, queued_at=NOW + timedelta(seconds=number)))
    order = []
    while one := next_to_take(waiting, [], num_workers):
        order.append(one.clip_id)
        waiting.remove(one)
    return order


class TestLearners:
    def test_take_turns(self):
        arrivals = [("a1", "A"), ("a2", "A"), ("a3", "A"), ("b1", "B"), ("b2", "B")]
        assert serve(arrivals) == ["a1", "b1", "a2", "b2", "a3"]

    def test_one_clip_of_a_learner_at_a_time(self):
        waiting = [make_clip("a2", "A"), make_clip("b1", "B", queued_at=NOW + timedelta(1))]
        assert next_to_take(waiting, [taken("a1", "A")], 2).clip_id == "b1"
        assert next_to_take(waiting[:1], [taken("a1", "A")], 2) is None

    def test_same_person_in_two_workspaces_is_two_learners(self):
        other = make_clip("a2", "A", team_id="T2")
        assert next_to_take([other], [taken("a1", "A")], 2) == other

    def test_whoever_comes_later_begins_in_the_round_that_is_going_on(self):
        unfinished = [make_clip("a5", "A", round=5), make_clip("a6", "A", round=6)]
        assert round_of("T1:B", unfinished) == 5
        assert round_of("T1:A", unfinished) == 7
        assert round_of("T1:A", []) == 0


class TestShortClips:
    def test_are_short_by_size_and_kind_until_they_are_measured(self):
        assert make_clip(size=2 * MINUTE).is_short
        assert not make_clip(size=4 * MINUTE).is_short
        assert make_clip(size=9 * MINUTE, name="talk.wav").is_short
        assert make_clip(size=400 * MINUTE, duration_s=599.0).is_short
        assert not make_clip(size=1, duration_s=600.0).is_short

    def test_with_two_workers_one_is_kept_for_them_while_any_waits(self):
        short = make_clip("short", "C", queued_at=NOW + timedelta(hours=1))
        waiting = [long_clip("l2", "B"), short]
        assert next_to_take(waiting, [long_clip("l1", "A", taken_at=NOW)], 2) == short

    def test_with_none_waiting_both_take_long_ones(self):
        assert next_to_take([long_clip("l2", "B")], [long_clip("l1", "A", taken_at=NOW)], 2).clip_id == "l2"

    def test_long_ones_come_in_their_turn_as_well(self):
        waiting = [long_clip("l1", "A"), make_clip("s1", "B", queued_at=NOW + timedelta(1))]
        assert next_to_take(waiting, [taken("s0", "C")], 2).clip_id == "l1"

    def test_single_worker_takes_clips_as_they_come(self):
        waiting = [long_clip("l1", "A"), make_clip("s1", "B", queued_at=NOW + timedelta(1))]
        assert next_to_take(waiting, [], 1).clip_id == "l1"

    def test_one_that_may_not_begin_holds_back_nobody(self):
        waiting = [long_clip("l2", "B"), make_clip("s2", "A", queued_at=NOW + timedelta(1))]
        running = [long_clip("l1", "A", taken_at=NOW)]
        assert next_to_take(waiting, running, 2).clip_id == "l2"


class TestStanding:
    def test_place_counts_those_at_work_and_those_before(self):
        me = make_clip("me", "C", round=1)
        unfinished = [taken("t", "A"), make_clip("w", "B"), me, make_clip("later", "D", round=2)]
        standing = standing_of(me, unfinished, [], 1, NOW)
        assert (standing.num_ahead, standing.done_in_s) == (2, None)

    def test_estimate_adds_what_is_left_what_is_before_and_the_clip_itself(self):
        me = make_clip("me", "B", 480_000)
        unfinished = [taken("t", "A", size=480_000), me]
        standing = standing_of(me, unfinished, PACES, 1, NOW + timedelta(seconds=5))
        assert standing.done_in_s == pytest.approx(7 + 12)

    def test_second_worker_shortens_the_wait(self):
        me = make_clip("me", "B", 480_000)
        unfinished = [taken("t", "A", size=480_000), me]
        assert standing_of(me, unfinished, PACES, 2, NOW).done_in_s == pytest.approx(12)

    def test_nothing_is_said_of_a_kind_that_was_never_measured(self):
        me = make_clip("me", "B", name="talk.wav")
        assert standing_of(me, [me], PACES, 1, NOW).done_in_s is None

    def test_nothing_is_said_without_workers(self):
        me = make_clip("me", "B")
        standing = standing_of(me, [me], PACES, 0, NOW)
        assert (standing.num_workers, standing.done_in_s) == (0, None)

    def test_work_that_takes_longer_than_it_should_is_late_and_no_time_is_promised(self):
        me = make_clip("me", "B", 480_000)
        ahead = taken("t", "A", size=480_000)  # 12 s by the paces
        in_time = standing_of(me, [ahead, me], PACES, 1, NOW + timedelta(seconds=12 * 1.5 + 30))
        late = standing_of(me, [ahead, me], PACES, 1, NOW + timedelta(seconds=12 * 1.5 + 31))
        assert (in_time.is_late, in_time.done_in_s) == (False, pytest.approx(12))
        assert (late.is_late, late.done_in_s) == (True, None)
        assert standing_of(ahead, [ahead], PACES, 1, NOW + timedelta(hours=1)).is_late

    def test_rounds_come_before_arrival(self):
        early, late = make_clip("early", round=1), make_clip("late", queued_at=NOW + timedelta(1))
        assert in_order([early, late]) == [late, early]
