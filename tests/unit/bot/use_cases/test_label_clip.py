"""What a person decides about a clip: every way in and out, and what is on record of it."""

import pytest

from bot.about_clip import AboutClip, WordsWish
from bot.errors import ClipStateError, ConsentMissingError, HintError, NotThereAnyMoreError, NotYoursError
from bot.people import Person
from bot.use_cases import label_clip, run_again
from tests.clip_parts import DM, TEAM, clip_now, job_names, put_clip, queue_clip

BOTH = {"label", "others"}
BEN = Person(TEAM, "U2")


@pytest.fixture
def asked(bench):
    put_clip(bench, state="asking", is_labelled=False, placeholder_ts=None)
    return bench


def consents(bench, person):
    with bench.database.begin() as tx:
        return tx.consent.of_user(person.team_id, person.user_id)


class TestAgree:
    def test_is_on_record_with_when_where_and_to_what(self, asked, ada):
        label_clip.agree(asked.deps, ada, "c1", BOTH)
        record = consents(asked, ada)[-1]
        assert record.given
        assert record.purposes == {"label": True, "others": True, "pictures": False, "evaluation": False}
        assert (record.channel_id, record.at) == (DM, asked.now)
        assert record.notice_version == label_clip.notice_fingerprint(30)
        assert clip_now(asked).state == "queued"
        assert job_names(asked) == ["show_clip"]

    def test_what_is_known_of_the_recording_is_kept_with_it(self, asked, ada):
        wish = WordsWish(language="de", hot_words=("Ada Quill", "DER"))
        about = AboutClip(min_speakers=2, max_speakers=4, recorded="table", words=wish)
        label_clip.agree(asked.deps, ada, "c1", BOTH, about)
        clip = clip_now(asked)
        assert (clip.min_speakers, clip.max_speakers) == (2, 4)
        with asked.database.begin() as tx:
            assert tx.clips.load(TEAM, "c1", "recording") == {"how": "table"}
            assert tx.clips.load(TEAM, "c1", "words_request") == wish.as_document()

    @pytest.mark.parametrize("ticked", [set(), {"label"}, {"others"}, {"pictures", "evaluation"}])
    def test_takes_both_boxes(self, asked, ada, ticked):
        with pytest.raises(ConsentMissingError):
            label_clip.agree(asked.deps, ada, "c1", ticked)
        assert clip_now(asked).state == "asking"
        assert len(consents(asked, ada)) == 1

    def test_fewest_above_most_is_asked_again(self, asked, ada):
        with pytest.raises(HintError):
            label_clip.agree(asked.deps, ada, "c1", BOTH, AboutClip(min_speakers=5, max_speakers=2))
        assert clip_now(asked).state == "asking"

    def test_counts_once(self, asked, ada):
        label_clip.agree(asked.deps, ada, "c1", BOTH)
        with pytest.raises(ClipStateError):
            label_clip.agree(asked.deps, ada, "c1", BOTH)

    def test_is_for_the_uploader(self, asked):
        with pytest.raises(NotYoursError):
            label_clip.agree(asked.deps, BEN, "c1", BOTH)


class TestDecline:
    def test_is_on_record_too(self, asked, ada):
        label_clip.decline(asked.deps, ada, "c1")
        record = consents(asked, ada)[-1]
        assert not record.given
        assert record.channel_id == DM
        assert clip_now(asked).state == "declined"
        assert job_names(asked) == []


class TestCancel:
    def test_forgets_a_first_run(self, bench, ada):
        queue_clip(bench, put_clip(bench, state="queued"))
        assert label_clip.cancel(bench.deps, ada, "c1")
        assert clip_now(bench).state == "deleted"
        assert not consents(bench, ada)[-1].given
        assert "remove_posts" in job_names(bench)

    def test_keeps_an_earlier_result(self, bench, ada):
        put_clip(bench)
        run_again.label_with_bounds(bench.deps, ada, "c1", "2", None, 3)
        assert not label_clip.cancel(bench.deps, ada, "c1")
        clip = clip_now(bench)
        assert (clip.state, clip.error) == ("done", label_clip.STOPPED)
        with bench.database.begin() as tx:
            assert tx.clips.load(TEAM, "c1", "result")

    def test_comes_too_late_for_what_is_done(self, bench, ada):
        put_clip(bench)
        with pytest.raises(ClipStateError):
            label_clip.cancel(bench.deps, ada, "c1")


class TestRunAgain:
    def test_failed_clip(self, bench, ada):
        put_clip(bench, state="failed", error="no speech", is_labelled=False)
        run_again.try_again(bench.deps, ada, "c1", "2")
        clip = clip_now(bench)
        assert (clip.state, clip.error) == ("queued", None)

    def test_words_with_what_helps(self, bench, ada):
        put_clip(bench)
        wish = WordsWish(hot_words=("x-vector",))
        run_again.write_words_again(bench.deps, ada, "c1", "2", wish)
        assert run_again.words_wish_of(bench.deps, ada, "c1") == wish
        with bench.database.begin() as tx:
            assert tx.clip_queue.get(TEAM, "c1").wants == "words"
            assert tx.clips.load(TEAM, "c1", "result"), "what there is stays until there is more"

    def test_bounds_of_an_earlier_run_make_room_for_new_ones(self, bench, ada):
        put_clip(bench, min_speakers=2, max_speakers=2)
        run_again.label_with_bounds(bench.deps, ada, "c1", "2", 3, None)
        assert (clip_now(bench).min_speakers, clip_now(bench).max_speakers) == (3, None)

    def test_not_while_it_runs(self, bench, ada):
        put_clip(bench, state="running")
        with pytest.raises(ClipStateError):
            run_again.label_again(bench.deps, ada, "c1", "2")
        with pytest.raises(ClipStateError):
            run_again.write_words_again(bench.deps, ada, "c1", "2", WordsWish())
        assert run_again.words_wish_of(bench.deps, ada, "c1") == WordsWish(), "nothing of it is kept"


class TestDelete:
    @pytest.mark.parametrize(
        "state", ["asking", "declined", "queued", "running", "replying", "done", "failed"]
    )
    def test_at_any_time(self, bench, ada, state):
        put_clip(bench, state=state)
        label_clip.delete(bench.deps, ada, "c1")
        assert clip_now(bench).state == "deleted"
        assert not consents(bench, ada)[-1].given
        with bench.database.begin() as tx:
            assert tx.clips.load(TEAM, "c1", "result") is None
            assert tx.clips.picture(TEAM, "c1", "timeline") is None
            assert [entry.action for entry in tx.audit.of_subject(TEAM, "clip:c1")] == ["clip_deleted"]

    def test_once(self, bench, ada):
        put_clip(bench)
        label_clip.delete(bench.deps, ada, "c1")
        with pytest.raises(NotThereAnyMoreError):
            label_clip.delete(bench.deps, ada, "c1")
