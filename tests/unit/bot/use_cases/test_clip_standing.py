"""What is said of clips that are not done stays true while nothing happens to them."""

from datetime import timedelta

from bot.use_cases.clip_standing import refresh_standings
from bot.use_cases.show_clip import show_clip
from tests.clip_parts import DM, TEAM, clip_now, put_clip, queue_clip


def moments(bench):
    found = bench.database.jobs_client.list_workflows(name="show_clip", load_input=False, load_output=False)
    return [job.workflow_id.rsplit(":", 1)[1] for job in found]


class TestRefresh:
    def test_a_clip_that_waits_without_a_worker_is_told_so_once(self, bench):
        queue_clip(bench, put_clip(bench, state="queued", stage="queued", is_labelled=False))
        assert refresh_standings(bench.deps) == 1
        assert refresh_standings(bench.deps) == 0, "nothing new to say"
        assert moments(bench)[-1] == f"{bench.now:%Y%m%d%H%M}"
        show_clip(bench.deps, TEAM, "c1")
        assert "no worker is running at the moment" in bench.messenger.posts[DM, "2.0"].text

    def test_when_what_is_to_be_said_changes_it_is_said(self, bench):
        first = put_clip(bench, state="queued", stage="queued", is_labelled=False)
        queue_clip(bench, first)
        refresh_standings(bench.deps)
        with bench.database.begin() as tx:
            tx.clips.update(TEAM, "c1", bench.now, state="running", stage="embed", share=0.4)
        bench.now += timedelta(minutes=1)
        assert refresh_standings(bench.deps) == 1
        show_clip(bench.deps, TEAM, "c1")
        said = bench.messenger.posts[DM, "2.0"].text
        assert "comparing voices (40%); no worker is running at the moment, it goes on when one does" in said
        with bench.database.begin() as tx:
            tx.clips.update(TEAM, "c1", bench.now, share=0.6)
        bench.now += timedelta(minutes=1)
        assert refresh_standings(bench.deps) == 0, "progress is the worker's to report"

    def test_clips_without_a_message_or_that_are_done_are_left_alone(self, bench):
        queue_clip(bench, put_clip(bench, "c1", state="queued", placeholder_ts=None, is_labelled=False))
        queue_clip(bench, put_clip(bench, "c2", state="done"))
        assert refresh_standings(bench.deps) == 0
        assert "standing" not in clip_now(bench).posted

    def test_a_flood_is_worked_off_bit_by_bit(self, bench):
        for number in range(35):
            clip = put_clip(bench, f"c{number}", state="queued", stage="queued", is_labelled=False)
            queue_clip(bench, clip)
        assert [refresh_standings(bench.deps) for _ in range(3)] == [30, 5, 0]
