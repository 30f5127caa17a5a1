"""Showing how far a clip has come, and noticing that its learner has decided otherwise."""

import time
from collections.abc import Callable
from datetime import datetime

from diarize_worker.errors import ClipCancelledError
from storage.clips import Clip
from storage.database import Database, Transaction

_SHOW_EVERY_S = 3.0
_LOOK_EVERY_S = 0.5


class ClipProgress:
    """The progress callback of one stage: `(stage, share)`.

    Args:
        database: Where the clip is.
        now: The clock.
        run: Which run of the clip this is.

    Raises:
        ClipCancelledError: From a call, when the clip is not at work in this run any more.
    """

    def __init__(
        self, database: Database, now: Callable[[], datetime], team_id: str, clip_id: str, run: str
    ) -> None:
        self._database, self._now = database, now
        self._team_id, self._clip_id, self._run = team_id, clip_id, run
        self._stage, self._shown_s, self._looked_s = "", 0.0, 0.0

    def __call__(self, stage: str, share: float) -> None:
        """Note the stage, now and then; a new stage at once."""
        moment_s = time.monotonic()
        is_due = stage != self._stage or moment_s - self._shown_s > _SHOW_EVERY_S
        if not is_due and moment_s - self._looked_s < _LOOK_EVERY_S:
            return
        self._looked_s = moment_s
        if not is_due:
            with self._database.read() as tx:
                self._clip_at_work(tx)
            return
        with self._database.begin() as tx:
            clip = self._clip_at_work(tx)
            tx.clips.update(self._team_id, self._clip_id, self._now(), stage=stage, share=share)
            tx.clip_queue.ask_to_show_progress(clip, self._run, f"{stage}:{share:.2f}")
        self._stage, self._shown_s = stage, moment_s

    def _clip_at_work(self, tx: Transaction) -> Clip:
        clip = tx.clips.get(self._team_id, self._clip_id)
        work = tx.clip_queue.get(self._team_id, self._clip_id)
        if clip is None or clip.state != "running" or work is None or work.run != self._run:
            raise ClipCancelledError
        return clip
