"""The worker process: takes clips off the queue, one at a time."""

import logging
import os
import signal
import sys
import threading
from datetime import UTC, datetime
from functools import partial
from types import FrameType

from diarize_worker.clip_job import ClipJob, why
from diarize_worker.dumps import forbid_core_dumps
from diarize_worker.engines.choose import engine_maker
from diarize_worker.engines.kept import KeptEngine
from diarize_worker.settings import Settings
from diarize_worker.stages.fetch import FetchConfig
from diarize_worker.time_limit import end_when_over
from diarize_worker.words.supply import WordsSupply
from storage.database import Database
from storage.errors import StorageError
from storage.jobs import JobRunner, QueueSpec, StepFailedError, step, workflow
from storage.log import start_log

_WAIT_FOR_DATABASE_S = 60.0
_STOP_S = 2.0
#: How often the engine may hand a clip to a process; `ClipJob` counts those that died of it itself.
_MOST_STARTS = 50
#: How often to see whether a clip that waits may begin, beside whenever one ends.
_ADMIT_EVERY_S = 1.0

logger = logging.getLogger(__name__)


def register_clip_job(job: ClipJob) -> None:
    """Declare the workflow of the `clips` queue: the steps in order and nothing else."""
    label = step("label_clip.label", max_attempts=3)(job.label)
    transcribe = step("label_clip.transcribe", max_attempts=3)(job.transcribe)
    assign = step("label_clip.assign", max_attempts=3)(job.assign)
    draw = step("label_clip.draw", max_attempts=2)(job.draw)
    reply = step("label_clip.reply", max_attempts=8)(job.reply)
    fail = step("label_clip.fail", max_attempts=8)(job.fail)

    @workflow("label_clip", max_attempts=_MOST_STARTS)
    def label_clip(team_id: str, clip_id: str, run: str) -> None:
        if not job.begin(team_id, clip_id, run):
            return
        try:
            for stage in (label, transcribe, assign):
                if stage(team_id, clip_id, run) == "stop":
                    return
            try:
                draw(team_id, clip_id, run)
            except StepFailedError:
                logger.warning("clip %s goes out without its picture", clip_id)
        except StepFailedError as error:
            fail(team_id, clip_id, run, why(error))
        else:
            reply(team_id, clip_id, run)
        finally:  # however it ended, nothing is in hand for the time limit to watch
            if job.in_hand.key == (team_id, clip_id, run):
                job.in_hand.clear()


def main(settings: Settings | None = None) -> int:
    """Serve until told to stop; returns the exit status."""
    forbid_core_dumps()
    settings = settings or Settings()
    start_log()
    token = settings.slack_bot_token.get_secret_value()
    if not token:
        print("SLACK_BOT_TOKEN is missing: the worker needs it to fetch clips from Slack.", file=sys.stderr)  # noqa: T201
        return 2
    try:
        database = Database(settings.database_url)
        database.wait_until_current(_WAIT_FOR_DATABASE_S)
    except StorageError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 2
    words = WordsSupply(settings.whisper)
    job = ClipJob(
        database=database,
        fetch_config=FetchConfig(token=token, api_url=settings.slack_api_url),
        make_engine=KeptEngine(engine_maker(settings)),
        make_words_engine=words,
        prepare_words=words.begin,
        now=partial(datetime.now, UTC),  # noqa: TID251 - the process's own clock, passed in
    )
    register_clip_job(job)
    runner = JobRunner(
        database,
        role="worker",
        queues=[QueueSpec("clips", concurrency=1, partition_concurrency=1)],
        lease_s=settings.lease_s,
        on_given_up=partial(_give_up, job),
    )
    _wait_for_signal(runner, job)
    return 0


def _give_up(job: ClipJob, job_id: str) -> None:
    parts = job_id.split(":")
    if len(parts) == 4 and parts[0] == "clip":  # noqa: PLR2004 - clip:team:clip:run
        job.give_up(parts[1], parts[2], parts[3])


def _admit_until(stopped: threading.Event, job: ClipJob) -> None:
    """Let clips begin as workers come and go."""
    while not stopped.wait(_ADMIT_EVERY_S):
        try:
            with job.database.begin() as tx:
                tx.clip_queue.admit(job.now())
        except StorageError as error:
            logger.warning("the queue could not be looked at: %s", error)


def _wait_for_signal(runner: JobRunner, job: ClipJob) -> None:
    stopped = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        stopped.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    runner.start()
    threading.Thread(target=_admit_until, args=(stopped, job), daemon=True, name="admit").start()
    threading.Thread(target=end_when_over, args=(stopped, job.in_hand), daemon=True, name="limit").start()
    logger.info("the worker is ready for clips")
    stopped.wait()
    try:
        job.put_back()
    except StorageError as error:
        logger.warning("stopping in order could not be noted: %s", error)
    runner.stop(_STOP_S)
    sys.stdout.flush()
    os._exit(0)  # a step that still runs is taken over by the next worker
