"""kill -9 of the bot and the worker at the worst moments: what people gave is kept, what they get comes once.

Slack's own answers make the moments long enough to hit: a 429 holds a call back for a second or two, and
a lock on the database keeps a process from noting what it has just done.
"""

from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from storage.database import Database
from tests.clip_world import postgres
from tests.world import ADA, BEN, CLEO, GENERAL, World, bot_messages, unfinished_jobs, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]
CLIP = (Path(__file__).parents[2] / "examples" / "short.flac").read_bytes()
SUFFIXES = ["json", "rttm", "srt", "txt", "vtt"]
LINES = [
    "Diarization alone will tell us the names of the judges, right?",
    "Then we enrol the judges: how much speech, and on which microphone?",
    "And an interpreter whom nobody enrolled: the system should say unknown, should it not?",
]


class KillableWorld(World):
    """A world whose database the stories can look into and hold still."""

    def __enter__(self):
        super().__enter__()
        self.database = Database(self.database_url)
        self.engine = sa.create_engine(self.database_url, isolation_level="AUTOCOMMIT")
        return self

    def __exit__(self, *error):
        super().__exit__(*error)
        self.engine.dispose()
        self.database.close()

    def rows(self, statement, **values):
        with self.engine.connect() as connection:
            return connection.execute(sa.text(statement), values).all()

    @contextmanager
    def held_still(self):
        """Nobody writes meanwhile, so a process that has done something cannot note it."""
        with self.engine.connect() as connection:
            if connection.dialect.name == "sqlite":
                connection.execute(sa.text("BEGIN IMMEDIATE"))
            else:
                connection.execute(sa.text("BEGIN"))
                connection.execute(sa.text("LOCK TABLE post, clip, lab_turn IN EXCLUSIVE MODE"))
            try:
                yield
            finally:
                connection.execute(sa.text("ROLLBACK"))

    def delay(self, method, times=1, retry_after_s=1):
        """Let Slack hold the next calls of a method back."""
        self.people.do("fault", rate_limit={"method": method, "times": times, "retry_after_s": retry_after_s})

    def restart(self, name):
        self.kill(name)
        self.start(name)

    def wait_idle(self, timeout_s=30):
        """Wait until no job waits or runs: what was not said twice by now will not be."""
        wait_until(lambda: not unfinished_jobs(self.database), timeout_s)
        self.wait_shared()

    def offer(self, user):
        """Upload the clip; returns the channel, the thread and the notice."""
        channel = self.dm(user)
        thread_ts = self.people.upload(user, channel, {"standup.flac": CLIP})["ts"]
        return channel, thread_ts, self.wait_message(channel, "May we label", thread_ts=thread_ts)

    def placeholder(self, channel, thread_ts, *words, timeout_s=40):
        """Wait until the clip's own message says one of these."""

        def found(state):
            return next(
                (
                    m
                    for m in bot_messages(state, channel, thread_ts)
                    if m["text"].startswith(("standup.flac:", "Who spoke"))
                    and any(w in m["text"] for w in words)
                ),
                None,
            )

        return self.wait(found, timeout_s)

    def assert_delivered_once(self, channel, thread_ts):
        def is_delivered(state):
            return set(SUFFIXES) <= set(_suffixes(state, channel, thread_ts))

        self.wait(is_delivered, 60)
        self.wait_idle()
        state = self.people.state()
        assert sorted(_suffixes(state, channel, thread_ts)) == SUFFIXES
        texts = [m["text"] for m in bot_messages(state, channel, thread_ts) if m["text"]]
        results = [t for t in texts if t.startswith("Who spoke when")]
        assert len(results) == 1
        assert "words follow" not in results[0]
        assert not [t for t in texts if t.startswith("standup.flac:")], "the placeholder became the result"
        assert len([t for t in texts if t.startswith("You agreed on")]) == 1
        assert len(texts) == 2


def _suffixes(state, channel, thread_ts):
    shared = [f for m in bot_messages(state, channel, thread_ts) for f in m.get("files") or []]
    return [state["files"][f]["name"].rsplit(".", 1)[1] for f in shared]


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def world(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("kills")
    if request.param == "sqlite":
        with KillableWorld(folder) as running:
            running.start("bot", "worker")
            yield running
    else:
        with postgres() as url, KillableWorld(folder, url) as running:
            running.start("bot", "worker")
            yield running


@pytest.fixture(scope="module")
def lab(world):
    """Ada's first lab, open; she has read the lesson and taken its quiz."""
    channel, card = world.start_course(ADA)
    summary = world.take_quiz(ADA, channel, world.read_lesson(ADA, channel, card))
    world.press(ADA, summary, "lab.open", channel=channel)
    return channel, world.wait_message(channel, "Your mission")["ts"]


class TestClip:
    def test_bot_killed_just_after_the_consent(self, world):
        channel, thread_ts, notice = world.offer(ADA)
        world.delay("chat.update", retry_after_s=3)
        world.agree(ADA, channel, notice, "label", "others")
        world.restart("bot")
        world.assert_delivered_once(channel, thread_ts)

    def test_worker_killed_while_labelling_and_again_while_words_are_written(self, world):
        channel, thread_ts, notice = world.offer(BEN)
        world.agree(BEN, channel, notice, "label", "others", "pictures")
        world.placeholder(channel, thread_ts, "finding out", "comparing voices", "grouping voices", "reading")
        world.restart("worker")
        world.placeholder(channel, thread_ts, "The words follow")
        world.restart("worker")
        world.assert_delivered_once(channel, thread_ts)

    def test_bot_killed_between_posting_the_placeholder_and_noting_it(self, world):
        channel, thread_ts, notice = world.offer(CLEO)
        world.delay("chat.postMessage", retry_after_s=2)
        world.agree(CLEO, channel, notice, "label", "others")
        wait_until(lambda: world.rows("SELECT 1 FROM post WHERE ts IS NULL AND key LIKE '%placeholder'"))
        with world.held_still():
            world.placeholder(channel, thread_ts, "standup.flac")
            world.kill("bot")
        world.start("bot")
        world.assert_delivered_once(channel, thread_ts)

    def test_bot_killed_between_sharing_a_file_and_noting_it(self, world):
        channel, thread_ts, notice = world.offer(ADA)
        # Three tries for the picture, then one for the first file that is shared.
        world.delay("files.completeUploadExternal", times=4)
        world.agree(ADA, channel, notice, "label", "others", "pictures")
        wait_until(lambda: "rttm" in str(world.rows("SELECT posted FROM clip ORDER BY created_at")[-1]), 60)
        with world.held_still():
            world.wait(lambda state: _suffixes(state, channel, thread_ts))
            world.kill("bot")
        world.start("bot")
        world.assert_delivered_once(channel, thread_ts)

    def test_both_killed_while_the_clip_is_fetched_and_queued(self, world):
        channel, thread_ts, notice = world.offer(BEN)
        world.agree(BEN, channel, notice, "label", "others")
        world.kill("worker")
        world.kill("bot")
        world.start("bot", "worker")
        world.assert_delivered_once(channel, thread_ts)


class TestQuiz:
    def test_bot_killed_between_a_press_and_its_update(self, world):
        channel, card = world.start_course(BEN)
        invitation = world.read_lesson(BEN, channel, card)
        question = world.press_until(BEN, invitation, "quiz.start", "question 1 of", channel=channel)
        world.delay("response_url")
        world.delay("chat.update", retry_after_s=3)
        world.press(BEN, question, "quiz.answer.2", channel=channel)
        world.restart("bot")
        second_option = question["text"].split(" 2: ")[1].split(". 3:")[0]
        answered = world.press_until(BEN, question, "quiz.answer.3", "You chose", channel=channel)
        assert f"You chose: {second_option}" in answered["text"]
        world.wait(lambda _: any("Your first answer stands" in text for text in world.whispers(BEN)))
        world.people.command(BEN, GENERAL, "/whospoke", "start")
        world.wait_message(channel, "question 2 of")
        assert len(world.rows("SELECT 1 FROM answer")) == 1


class TestLab:
    def test_bot_killed_just_after_a_message(self, world, lab):
        channel, thread_ts = lab
        world.people.message(ADA, channel, LINES[0], thread_ts=thread_ts)
        world.restart("bot")
        _assert_answered_once(world, channel, thread_ts, 1)

    def test_bot_killed_between_opening_the_reply_and_noting_it(self, world, lab):
        channel, thread_ts = lab
        world.delay("chat.startStream", retry_after_s=2)
        world.people.message(ADA, channel, LINES[1], thread_ts=thread_ts)
        wait_until(lambda: world.rows("SELECT 1 FROM post WHERE ts IS NULL AND key LIKE '%reply'"))
        with world.held_still():
            world.wait(lambda state: [m for m in state["messages"][channel] if m.get("streaming")])
            world.kill("bot")
        world.start("bot")
        _assert_answered_once(world, channel, thread_ts, 2)

    def test_bot_killed_while_the_reply_is_streaming(self, world, lab):
        channel, thread_ts = lab
        world.delay("chat.stopStream", retry_after_s=2)
        world.people.message(ADA, channel, LINES[2], thread_ts=thread_ts)

        def has_begun(state):
            return [m for m in state["messages"][channel] if m.get("streaming") and m["text"]]

        world.wait(has_begun)
        world.kill("bot")
        seen = []

        def is_done(state):
            shown = bot_messages(state, channel, thread_ts)[-1]
            seen.append(shown["text"])
            return "Exchange 3 of 3" in shown["text"]

        world.start("bot")
        world.wait(is_done)
        opening = seen[-1][:40]
        assert all(text.count(opening) <= 1 for text in seen), "while it was repaired nothing was said twice"
        _assert_answered_once(world, channel, thread_ts, 3)


def _assert_answered_once(world, channel, thread_ts, number):
    world.wait_message(channel, f"Exchange {number} of 3", thread_ts=thread_ts)
    world.wait_idle()
    state = world.people.state()
    replies = [m for m in bot_messages(state, channel, thread_ts) if m["ts"] != thread_ts]
    assert len(replies) == number
    assert not any(m.get("streaming") for m in replies)
    thread = [m for m in state["messages"][channel] if m.get("thread_ts") == thread_ts]
    said = [m["text"] for m in thread if m["user"] == ADA]
    stored = world.rows("SELECT text FROM lab_turn WHERE role = 'learner' ORDER BY seq")
    assert [row.text for row in stored] == said == LINES[:number]
