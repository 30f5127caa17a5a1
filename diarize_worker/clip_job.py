"""A clip as a durable job: label, transcribe, assign, draw, reply. Steps hand on ids; results are stored."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from annotation import timeline
from annotation.model import Segment
from diarize_worker import pipeline
from diarize_worker.clip_progress import ClipProgress
from diarize_worker.clip_result import result_document
from diarize_worker.distrust import notes_on
from diarize_worker.documents import labels_from_dict, labels_to_dict, transcript_to_dict
from diarize_worker.engines.protocol import DiarizationEngine, SpeakerHint
from diarize_worker.errors import ClipCancelledError, ClipError, FetchError, SilentClipError
from diarize_worker.in_hand import InHand
from diarize_worker.known import is_example
from diarize_worker.stages.decode import Decoded
from diarize_worker.stages.fetch import FetchConfig, fetch
from diarize_worker.words.protocol import WordsEngine, WordsRequest
from storage.clip_order import QueuedClip
from storage.clips import Clip
from storage.consent import ConsentRecord
from storage.database import Database
from storage.errors import ClipDeletedError, StepFailedError, StorageError

#: What a step tells the workflow: go on, or stop because there is nothing more to do.
Outcome = Literal["ok", "stop"]
Report = Callable[[str, float], None]
#: So often may work on a clip begin and not end; processes that stop in order do not count.
MAX_BEGINNINGS = 3
GIVEN_UP = "We tried this clip three times and the worker did not survive it. Convert it to .wav or .m4a, or send a shorter part."
NO_WORDS = "There are labels, but no words. {}"
NOT_NOW = "Something went wrong on our side, several times. Try again later."
OUR_FAULT = "Something went wrong on our side, and another try would not change it. Please tell whoever runs this app."
_REQUIRED_PURPOSES = ("label", "others")

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class ClipJob:
    """One clip's collaborators; each method is a step that may run again after a crash."""

    database: Database
    fetch_config: FetchConfig
    make_engine: Callable[[], tuple[DiarizationEngine, tuple[str, ...]]]
    make_words_engine: Callable[[Report], WordsEngine | None]
    now: Callable[[], datetime]
    #: Begins to bring what the words need, in the background.
    prepare_words: Callable[[], None] = lambda: None
    in_hand: InHand = field(default_factory=InHand)

    def begin(self, team_id: str, clip_id: str, run: str) -> bool:
        """Count this beginning; False when there were too many, and the learner was told. Not a step."""
        with self.database.begin() as tx:
            num_begun = tx.clip_queue.begin(team_id, clip_id, run)
        if num_begun > MAX_BEGINNINGS:
            self.give_up(team_id, clip_id, run)
            return False
        self.in_hand.clear()
        # in this order: whoever watches the time must not see the new clip with the beginning of the last
        self.in_hand.began_s, self.in_hand.key = time.monotonic(), (team_id, clip_id, run)
        return True

    def put_back(self) -> None:
        """Before this process stops in order: the beginning of the clip in hand does not count."""
        if self.in_hand.key:
            with self.database.begin() as tx:
                tx.clip_queue.put_back(*self.in_hand.key)

    def label(self, team_id: str, clip_id: str, run: str) -> Outcome:
        """Fetch, decode and label; store the turns."""
        report = self._reporter(team_id, clip_id, run)
        try:
            begun = self._begin(team_id, clip_id, run)
            if begun is None:
                return "stop"
            clip, work, consent = begun
            if work.wants in {"both", "words"}:
                self.prepare_words()
            if work.wants == "words":
                return "ok"
            document = self._label(clip, consent, *self._sound_of(clip, report), report)
            if document["failure"] and work.wants == "labels":
                return self._fail(team_id, clip_id, run, str(document["failure"]))
            with self.database.begin() as tx:
                tx.clips.save(team_id, clip_id, "labels", document, self.now())
            if work.wants == "both":
                self._save_result(team_id, clip_id)
        except (ClipCancelledError, ClipDeletedError):
            return self._let_go()
        except (ClipError, FetchError) as error:
            if isinstance(error, FetchError) and not error.permanent:
                raise
            return self._fail(team_id, clip_id, run, str(error))
        with self.database.begin() as tx:
            tx.clip_queue.ask_to_show(clip, run, "labelled")
        return "ok"

    def transcribe(self, team_id: str, clip_id: str, run: str) -> Outcome:
        """Write down the words; without them the labels are still delivered."""
        report = self._reporter(team_id, clip_id, run)
        try:
            begun = self._begin(team_id, clip_id, run)
            if begun is None:
                return self._let_go()
            clip, work, _ = begun
            if work.wants == "labels":
                return "ok"
            document = self._transcribe(clip, report)
            if document["failure"] and work.wants == "words":
                return self._fail(team_id, clip_id, run, str(document["failure"]))
            with self.database.begin() as tx:
                tx.clips.save(team_id, clip_id, "words", document, self.now())
        except (ClipCancelledError, ClipDeletedError):
            return self._let_go()
        finally:
            self.in_hand.sound = None
        return "ok"

    def assign(self, team_id: str, clip_id: str, run: str) -> Outcome:
        """Give words to speakers, and store the result as it will be shown."""
        try:
            self._reporter(team_id, clip_id, run)("assign", 0.0)
            result = self._save_result(team_id, clip_id)
        except (ClipCancelledError, ClipDeletedError):
            return self._let_go()
        if not result["annotation"] and not result["words"] and len(result["failed_parts"]) > 1:
            return self._fail(team_id, clip_id, run, " ".join(result["failures"]))
        return "ok"

    def draw(self, team_id: str, clip_id: str, run: str) -> Outcome:
        """Draw the timeline, if its keeping was agreed to."""
        try:
            self._reporter(team_id, clip_id, run)("draw", 0.0)
            with self.database.read() as tx:
                document = tx.clips.load(team_id, clip_id, "labels")
                consent = tx.consent.latest(team_id, clip_id)
            if consent is None or not consent.purposes.get("pictures"):
                return "ok"
            if not document or "annotation" not in document:
                return "ok"
            labels = labels_from_dict(document)
            if not labels.annotation.turns:
                return "ok"
            picture = timeline.draw(labels.annotation, labels.duration_s)
            with self.database.begin() as tx:
                tx.clips.save_picture(team_id, clip_id, "timeline", picture.png, picture.alt_text, self.now())
        except (ClipCancelledError, ClipDeletedError):
            return self._let_go()
        return "ok"

    def reply(self, team_id: str, clip_id: str, run: str) -> None:
        """Hand the result to the bot, in the commit that says so."""
        with self.database.begin() as tx:
            clip, work = tx.clips.get(team_id, clip_id), tx.clip_queue.get(team_id, clip_id)
            is_ours = clip is not None and work is not None and work.run == run
            if is_ours and tx.clips.move(team_id, clip_id, {"running"}, "replying", self.now()):
                assert clip
                assert work
                tx.clips.update(team_id, clip_id, self.now(), error=None)
                tx.clip_queue.ask_to_show(clip, run, "result")
                tx.audit.vectors_deleted(team_id, clip_id, run, self.now())
                if self.in_hand.key == (team_id, clip_id, run) and work.wants == "both" and work.duration_s:
                    took_s = time.monotonic() - self.in_hand.began_s
                    tx.clip_queue.add_pace(clip.name, clip.size_bytes, work.duration_s, took_s)
                tx.clip_queue.admit(self.now())
        self.in_hand.clear()

    def fail(self, team_id: str, clip_id: str, run: str, reason: str = NOT_NOW) -> None:
        """End the run: what is there is delivered, and the learner is told why there is no more.

        Labels of a first run go out without words; a later run keeps the earlier result.
        """
        with self.database.read() as tx:
            work, clip = tx.clip_queue.get(team_id, clip_id), tx.clips.get(team_id, clip_id)
            labelled = tx.clips.load(team_id, clip_id, "labels") or {}
        is_first = work is not None and work.run == run and work.wants == "both"
        if is_first and clip and clip.state == "running" and "annotation" in labelled:
            with self.database.begin() as tx:
                tx.clips.save(team_id, clip_id, "words", {"failure": NO_WORDS.format(reason)}, self.now())
            self._save_result(team_id, clip_id)
            self.reply(team_id, clip_id, run)
        else:
            self._fail(team_id, clip_id, run, reason)

    def give_up(self, team_id: str, clip_id: str, run: str) -> None:
        """Stop trying: whatever process takes this clip dies of it."""
        self.fail(team_id, clip_id, run, GIVEN_UP)

    # -- what the steps share

    def _begin(self, team_id: str, clip_id: str, run: str) -> tuple[Clip, QueuedClip, ConsentRecord] | None:
        """Return the clip if it may be worked on: not decided otherwise meanwhile, and consented to."""
        with self.database.begin() as tx:
            work = tx.clip_queue.get(team_id, clip_id)
            if work is None or work.run != run:
                return None
            tx.clips.move(team_id, clip_id, {"queued"}, "running", self.now())
            clip = tx.clips.get(team_id, clip_id)
            consent = tx.consent.latest(team_id, clip_id)
        if clip is None or clip.state != "running" or consent is None or not consent.given:
            return None
        may = all(consent.purposes.get(purpose) for purpose in _REQUIRED_PURPOSES)
        return (clip, work, consent) if may else None

    def _sound_of(self, clip: Clip, report: Report) -> tuple[Decoded, tuple[Segment, ...]]:
        """Return the clip's sound and its speech, fetched under the same consent where memory has lost it."""
        if self.in_hand.sound is None:
            report("fetch", 0.0)
            with fetch(clip.file_id, self.fetch_config, report) as source:
                self.in_hand.is_example = is_example(source, clip.size_bytes)
                decoded = pipeline.decode(source, None, report)
            self.in_hand.duration_s = decoded.duration_s
            with self.database.begin() as tx:
                tx.clip_queue.set_duration(clip.team_id, clip.clip_id, round(decoded.duration_s, 3))
            self.in_hand.sound = decoded, pipeline.find_speech(decoded.waveform, progress=report)
        return self.in_hand.sound

    def _label(
        self,
        clip: Clip,
        consent: ConsentRecord,
        decoded: Decoded,
        speech: tuple[Segment, ...],
        report: Report,
    ) -> dict[str, Any]:
        common = {
            "duration_s": round(decoded.duration_s, 3),
            "decode_notes": list(decoded.notes),
            "failure": None,
        }
        try:
            report("segment", 0.0)
            engine, fallback_notes = self.make_engine()
            labels = pipeline.label(decoded.waveform, clip.name, engine, _hint(clip), report)
        except (ClipCancelledError, StorageError):
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, the words are still delivered
            return {**common, "failure": _reason("Labelling", error)}
        labels = pipeline.if_anybody_is_heard(labels, speech)
        labels = replace(labels, notes=(*fallback_notes, *labels.notes))
        distrust = notes_on(labels)
        # How sure each label is belongs to the labels; what pictures are drawn from is another matter.
        certainty = {key: (labels.evidence or {}).get(key) for key in ("turns", "count")}
        if not consent.purposes.get(
            "pictures"
        ):  # evidence is for pictures, and its keeping was not agreed to
            labels = replace(labels, evidence=None)
        return {**common, **labels_to_dict(labels), "distrust": distrust, "certainty": certainty}

    def _transcribe(self, clip: Clip, report: Report) -> dict[str, Any]:
        try:
            decoded, speech = self._sound_of(clip, report)
            engine = self.make_words_engine(report)
            if engine is None:
                return {"failure": None}
            regions = speech or self._labelled_speech(clip)
            transcript = pipeline.transcribe(decoded.waveform, regions, engine, self._asked(clip), report)
        except (ClipCancelledError, StorageError):
            raise
        except Exception as error:
            if isinstance(error, FetchError) and not error.permanent:
                raise
            return {"failure": _reason("Writing down the words", error)}
        known = {"is_example": True} if self.in_hand.is_example else {}
        return {"failure": None, **transcript_to_dict(transcript), **known}

    def _labelled_speech(self, clip: Clip) -> tuple[Segment, ...]:
        """Return where somebody was labelled, for a clip in which the speech detector hears nobody."""
        with self.database.read() as tx:
            document = tx.clips.load(clip.team_id, clip.clip_id, "labels") or {}
        if "annotation" not in document:
            raise SilentClipError
        return labels_from_dict(document).annotation.speech()

    def _asked(self, clip: Clip) -> WordsRequest:
        """Return what the learner said about the words: their language, and names and jargon."""
        with self.database.read() as tx:
            asked = tx.clips.load(clip.team_id, clip.clip_id, "words_request") or {}
        return WordsRequest(asked.get("language"), tuple(asked.get("hot_words") or ()))

    def _save_result(self, team_id: str, clip_id: str) -> dict[str, Any]:
        """Store what is there so far in the shape that the bot shows."""
        with self.database.read() as tx:
            labelled = tx.clips.load(team_id, clip_id, "labels") or {}
            spoken = tx.clips.load(team_id, clip_id, "words") or {}
            recording = tx.clips.load(team_id, clip_id, "recording") or {}
        result = result_document(labelled, spoken, recording)
        with self.database.begin() as tx:
            tx.clips.save(team_id, clip_id, "result", result, self.now())
        return result

    def _let_go(self) -> Outcome:
        ended = self.in_hand.key
        self.in_hand.clear()
        with self.database.begin() as tx:
            if ended:
                tx.audit.vectors_deleted(*ended, self.now())
            tx.clip_queue.admit(self.now())
        return "stop"

    def _fail(self, team_id: str, clip_id: str, run: str, reason: str) -> Outcome:
        self.in_hand.clear()
        with self.database.begin() as tx:
            work = tx.clip_queue.get(team_id, clip_id)
            if work is None or work.run != run:
                return "stop"
            # A later run keeps the earlier result, and says under it why there is no newer one.
            to_state = "failed" if work.wants == "both" else "done"
            if tx.clips.move(team_id, clip_id, {"queued", "running"}, to_state, self.now()):
                tx.clips.update(team_id, clip_id, self.now(), error=reason)
                clip = tx.clips.get(team_id, clip_id)
                assert clip
                tx.clip_queue.ask_to_show(clip, run, "failed")
                tx.audit.vectors_deleted(team_id, clip_id, run, self.now())
            tx.clip_queue.admit(self.now())
        return "stop"

    def _reporter(self, team_id: str, clip_id: str, run: str) -> ClipProgress:
        return ClipProgress(self.database, self.now, team_id, clip_id, run)


def why(failed: StepFailedError) -> str:
    """Return what the learner reads when a step failed for good.

    >>> why(StepFailedError("UnicodeEncodeError", is_permanent=True)) == OUR_FAULT
    True
    """
    return failed.message or (OUR_FAULT if failed.is_permanent else NOT_NOW)


def _reason(what: str, error: Exception) -> str:
    """Return what went wrong for the learner; the log gets the kind alone, for a message may quote anything."""
    logger.warning("%s failed: %s", what, type(error).__name__)
    return pipeline.reason(what, error)


def _hint(clip: Clip) -> SpeakerHint:
    whole = SpeakerHint()
    return SpeakerHint(clip.min_speakers or whole.minimum, clip.max_speakers or whole.maximum)
