"""Each step of a clip's job on a real database, with fetching and decoding for real and two fake engines."""

import gc
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from annotation.model import Annotation, Segment, Turn, Word
from diarize_worker.clip_job import GIVEN_UP, MAX_BEGINNINGS, ClipJob
from diarize_worker.engines.protocol import Labels, SpeakerHint, no_progress
from diarize_worker.errors import EngineUnavailableError, FetchError
from diarize_worker.pipeline import LITTLE_SPEECH
from diarize_worker.stages.fetch import FetchConfig
from diarize_worker.words.protocol import Transcript, WordsRequest, WordsUnavailableError
from storage.clips import Clip
from storage.consent import ConsentRecord
from storage.database import Database
from tests.media_corpus import EXAMPLE, recipes, tone, wav
from tests.slack_file_server import TOKEN, SlackFiles

pytestmark = pytest.mark.thorough

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
IDS = ("T1", "c1", "1")
TURNS = [Turn(0, 4, "SPEAKER_00"), Turn(4, 8, "SPEAKER_01")]
EVIDENCE = {"turns": [[0, 4, "SPEAKER_00", 0.01], [4, 8, "SPEAKER_01", 0.4]], "tree": {"sizes": [1]}}
RECORDING = EXAMPLE.read_bytes()


class Voices:
    name = "two voices"

    def __init__(self) -> None:
        self.hints: list[SpeakerHint] = []
        self.error: Exception | None = None
        self.when_labelling = lambda: None
        self.turns = TURNS

    def __call__(self):
        if self.error:
            raise self.error
        return self, ("A fallback.",)

    def diarize(self, waveform, uri, hint, progress=no_progress) -> Labels:
        self.hints.append(hint)
        progress("segment", 0.5)
        self.when_labelling()
        progress("cluster", 0.0)
        annotation = Annotation.of(uri, self.turns)
        return Labels(annotation, annotation, self.name, len(waveform) / 16_000, ("A close call.",), EVIDENCE)


class Words:
    name, is_draft = "two words", False

    def __init__(self) -> None:
        self.error: Exception | None = None
        self.num_asked = 0
        self.requests: list[WordsRequest] = []
        self.when_writing = lambda: None

    def __call__(self, report):
        self.num_asked += 1
        if self.error:
            raise self.error
        return self

    def transcribe(self, waveform, speech, request, progress=no_progress) -> Transcript:
        self.requests.append(request)
        self.speech = speech
        progress("words", 0.5)
        self.when_writing()
        progress("fetch words", 1.0)
        return Transcript((Word(1, 2, "hello"), Word(5, 6, "there")), "en", self.name)


class Bench:
    """A clip that was agreed to, and the job at work on it."""

    def __init__(self, database: Database, slack: SlackFiles, tmp_path: Path) -> None:
        self.database, self.slack, self.tmp_path = database, slack, tmp_path
        self.voices, self.words, self.prepared = Voices(), Words(), 0
        self.job = self.make_job()

    def make_job(self) -> ClipJob:
        def prepare() -> None:
            self.prepared += 1

        return ClipJob(
            database=self.database,
            fetch_config=FetchConfig(TOKEN, self.slack.api_url),
            make_engine=self.voices,
            make_words_engine=self.words,
            prepare_words=prepare,
            now=lambda: NOW,
        )

    def share(self, content: bytes = RECORDING, name: str = "talk.flac", *purposes: str, **changes) -> None:
        self.slack.contents["F1"] = content
        clip = Clip(
            "c1", "T1", "F1", "U1", "D1", "1.0", name, "audio/flac", len(content), "queued", "queued", 0.0, None, None,
            None, None, None, NOW, NOW,
        )  # fmt: skip
        agreed = dict.fromkeys(purposes or ("label", "others", "pictures"), True)
        with self.database.begin() as tx:
            tx.clips.add(clip)
            tx.clips.update("T1", "c1", NOW, **changes)
            tx.consent.append(ConsentRecord("k1", "T1", "U1", "c1", agreed, "v1", True, NOW))
            tx.clip_queue.join(clip, "1", NOW)

    def again(self, wants: str, run: str = "2", **changes) -> None:
        with self.database.begin() as tx:
            assert tx.clips.move("T1", "c1", {"replying", "done"}, "queued", NOW)
            tx.clips.update("T1", "c1", NOW, **changes)
            tx.clip_queue.join(tx.clips.get("T1", "c1"), run, NOW, wants)

    def run(self, run: str = "1") -> Clip:
        """Do what the workflow does."""
        ids = ("T1", "c1", run)
        if self.job.begin(*ids) and "stop" not in (
            stage(*ids) for stage in (self.job.label, self.job.transcribe, self.job.assign, self.job.draw)
        ):
            self.job.reply(*ids)
        return self.clip

    @property
    def clip(self) -> Clip:
        with self.database.begin() as tx:
            return tx.clips.get("T1", "c1")

    def document(self, kind: str = "result"):
        with self.database.begin() as tx:
            return tx.clips.load("T1", "c1", kind)

    def shown(self, workflow: str = "show_clip") -> list[str]:
        """Return the moments at which the message is brought up to date, in order."""
        found = self.database.jobs_client.list_workflows(name=workflow, load_output=False)
        return [job.workflow_id.split(":", 3)[3] for job in found]

    def decide(self, state: str) -> None:
        with self.database.begin() as tx:
            tx.clips.move("T1", "c1", {"queued", "running"}, state, NOW)


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    file = tmp_path_factory.mktemp("template") / "whospoke.db"
    database = Database(f"sqlite:///{file}")
    database.migrate()
    database.close()
    return file


@pytest.fixture
def bench(template, tmp_path, monkeypatch):
    (tmp_path / "sound").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "sound"))
    (tmp_path / "whospoke.db").write_bytes(template.read_bytes())
    database = Database(f"sqlite:///{tmp_path}/whospoke.db")
    with SlackFiles() as slack:
        yield Bench(database, slack, tmp_path)
    database.close()


def open_sound(folder: Path) -> list[str]:
    """Return what this process holds open or mapped in the folder, named or not."""
    descriptors = Path("/proc/self/fd")
    links = [str(one.readlink()) for one in descriptors.iterdir() if one.is_symlink()]
    mapped = Path("/proc/self/maps").read_text().splitlines()
    return [line for line in [*links, *mapped] if str(folder) in line]


class TestFirstRun:
    def test_result_has_turns_words_and_what_to_distrust(self, bench):
        bench.share(min_speakers=2, max_speakers=2)
        assert bench.run().state == "replying"
        result = bench.document()
        assert [word["speaker"] for word in result["words"]] == ["SPEAKER_00", "SPEAKER_01"]
        assert (result["engine"], result["words_engine"]) == ("two voices", "two words")
        assert result["notes"][:2] == ["A fallback.", "A close call."]
        assert any("low confidence" in note for note in result["notes"])
        assert (result["failures"], result["failed_parts"]) == ([], [])
        assert bench.voices.hints == [SpeakerHint(2, 2)]
        assert bench.shown() == ["1:queued", "1:labelled", "1:result"]
        # Nobody has shown the first progress yet: when it is shown, it says how far the clip is by then.
        assert bench.shown("show_progress") == ["1:fetch:0.00"]

    def test_labels_are_stored_before_words_are_begun(self, bench):
        bench.share()
        seen = []
        bench.words.when_writing = lambda: seen.append(bench.document())
        bench.run()
        assert seen[0]["annotation"]
        assert seen[0]["words"] == []
        assert bench.prepared == 1

    def test_file_is_fetched_once(self, bench):
        bench.share()
        bench.run()
        assert [path for path, _ in bench.slack.asked] == ["/api/files.info", "/files/F1"]

    def test_pace_and_length_are_measured(self, bench):
        bench.share()
        bench.run()
        with bench.database.begin() as tx:
            assert tx.clip_queue.get("T1", "c1").duration_s == pytest.approx(13.8, abs=0.1)
            tx.clips.add(
                Clip("c2", "T1", "F2", "U2", "D2", None, "b.flac", "", 9, "queued", "queued", 0.0, None, None, None,
                None, None, NOW, NOW)
            )  # fmt: skip
            tx.clip_queue.join(tx.clips.get("T1", "c2"), "1", NOW)
            assert len(tx.clip_queue._paces()) == 1

    def test_how_it_was_recorded_is_kept_with_the_result(self, bench):
        bench.share()
        with bench.database.begin() as tx:
            tx.clips.save("T1", "c1", "recording", {"how": "room"}, NOW)
        bench.run()
        assert bench.document()["recorded"] == "room"
        assert any("Next time put it on the table" in note for note in bench.document()["notes"])

    def test_without_consent_to_pictures_nothing_for_pictures_is_kept(self, bench):
        bench.share(RECORDING, "talk.flac", "label", "others")
        bench.run()
        assert bench.document("labels")["evidence"] is None
        assert any("low confidence" in note for note in bench.document()["notes"])
        with bench.database.begin() as tx:
            assert tx.clips.picture("T1", "c1", "timeline") is None

    def test_with_it_picture_and_evidence_are_kept(self, bench):
        bench.share()
        bench.run()
        assert bench.document("labels")["evidence"] == EVIDENCE
        with bench.database.begin() as tx:
            png, alt_text = tx.clips.picture("T1", "c1", "timeline")
        assert png.startswith(b"\x89PNG")
        assert "2 speakers" in alt_text

    @pytest.mark.parametrize("purposes", [("label",), ("others",), ("pictures",)])
    def test_nothing_is_fetched_without_the_purposes_that_it_takes(self, bench, purposes):
        bench.share(RECORDING, "talk.flac", *purposes)
        bench.run()
        assert bench.slack.asked == []

    def test_nothing_is_fetched_once_consent_was_withdrawn(self, bench):
        bench.share()
        with bench.database.begin() as tx:
            tx.consent.append(ConsentRecord("k2", "T1", "U1", "c1", {}, "v1", False, NOW))
        bench.run()
        assert bench.slack.asked == []


class TestHalves:
    def test_labels_alone_when_words_fail_and_words_again(self, bench):
        bench.share()
        bench.words.error = WordsUnavailableError("No words engine.")
        assert bench.run().state == "replying"
        assert bench.document()["failures"] == ["No words engine."]
        assert bench.document()["failed_parts"] == ["words"]
        bench.words.error = None
        bench.again("words")
        assert bench.run("2").state == "replying"
        assert bench.document()["failed_parts"] == []
        assert len(bench.document()["words"]) == 2
        assert len(bench.voices.hints) == 1, "the labels were kept"

    def test_trying_words_again_begins_to_bring_their_weights(self, bench):
        bench.share()
        bench.words.error = WordsUnavailableError("No words engine.")
        bench.run()
        bench.again("words")
        bench.run("2")
        assert bench.prepared == 2

    def test_words_that_fail_again_leave_what_was_there(self, bench):
        bench.share()
        bench.run()
        before = bench.document("words"), bench.document()
        bench.words.error = WordsUnavailableError("No words engine.")
        bench.again("words")
        clip = bench.run("2")
        assert (clip.state, clip.error) == ("done", "No words engine.")
        assert (bench.document("words"), bench.document()) == before
        assert bench.shown()[-1] == "2:failed"

    def test_words_alone_when_labels_fail_and_labels_again(self, bench):
        bench.share()
        bench.voices.error = EngineUnavailableError("No weights.")
        assert bench.run().state == "replying"
        assert bench.document()["annotation"] is None
        assert [word["text"] for word in bench.document()["words"]] == ["hello", "there"]
        assert bench.document()["failed_parts"] == ["labels"]
        bench.voices.error = None
        bench.again("labels")
        assert bench.run("2").state == "replying"
        assert [word["speaker"] for word in bench.document()["words"]] == ["SPEAKER_00", "SPEAKER_01"]
        assert bench.words.num_asked == 1, "the words were kept"

    @pytest.mark.parametrize("error", [RuntimeError("secret words"), MemoryError()])
    def test_any_error_in_one_half_leaves_the_other(self, bench, error):
        bench.share()
        bench.voices.error = error
        assert bench.run().state == "replying"
        assert bench.document()["failures"][0].startswith("Labelling")

    def test_nothing_at_all_is_a_failure_with_both_reasons(self, bench):
        bench.share()
        bench.voices.error, bench.words.error = (
            EngineUnavailableError("No weights."),
            WordsUnavailableError("No words."),
        )
        clip = bench.run()
        assert (clip.state, clip.error) == ("failed", "No weights. No words.")


class TestLaterRun:
    def test_bounds_are_obeyed_and_words_kept(self, bench):
        bench.share()
        bench.run()
        bench.again("labels", min_speakers=3, max_speakers=None)
        assert bench.run("2").state == "replying"
        assert bench.voices.hints[-1] == SpeakerHint(3, SpeakerHint().maximum)
        assert (bench.words.num_asked, len(bench.document()["words"])) == (1, 2)
        assert bench.shown()[-1] == "2:result"

    def test_earlier_result_stays_until_the_new_one_is_there(self, bench):
        bench.share()
        bench.run()
        before, seen = bench.document(), []
        bench.voices.when_labelling = lambda: seen.append(bench.document())
        bench.again("labels")
        bench.run("2")
        assert seen == [before]

    def test_upload_that_is_gone_keeps_the_earlier_result_and_says_so(self, bench):
        bench.share()
        bench.run()
        before = bench.document()
        bench.slack.contents.clear()
        bench.again("labels")
        clip = bench.run("2")
        assert clip.state == "done"
        assert "Check that it has not been deleted" in clip.error
        assert bench.document() == before
        assert bench.shown()[-1] == "2:failed"

    def test_engine_that_fails_keeps_the_earlier_labels(self, bench):
        bench.share()
        bench.run()
        before = bench.document("labels")
        bench.voices.error = EngineUnavailableError("No weights.")
        bench.again("labels")
        clip = bench.run("2")
        assert (clip.state, clip.error) == ("done", "No weights.")
        assert bench.document("labels") == before

    def test_earlier_run_that_wakes_up_late_changes_nothing(self, bench):
        bench.share()
        bench.run()
        bench.again("labels")
        before = bench.document()
        assert bench.run("1").state == "queued"
        assert bench.document() == before


class TestWordsRequest:
    def test_language_and_jargon_reach_the_engine(self, bench):
        bench.share()
        with bench.database.begin() as tx:
            asked = {"language": "de", "hot_words": ["Ada Quill", "DER"]}
            tx.clips.save("T1", "c1", "words_request", asked, NOW)
        bench.run()
        assert bench.words.requests == [WordsRequest("de", ("Ada Quill", "DER"))]

    def test_without_any_the_language_is_detected(self, bench):
        bench.share()
        bench.run()
        assert bench.words.requests == [WordsRequest()]


class TestVectors:
    """That voice vectors are gone is in the log at the end of every run, however it ended."""

    def ended(self, bench):
        with bench.database.begin() as tx:
            entries = tx.audit.of_subject("T1", "clip:c1")
        return [entry.detail["run"] for entry in entries if entry.action == "voice_vectors_deleted"]

    def test_after_a_result(self, bench):
        bench.share()
        bench.run()
        assert self.ended(bench) == ["1"]
        bench.again("labels")
        bench.run("2")
        assert self.ended(bench) == ["1", "2"]

    def test_after_a_failure(self, bench):
        bench.share(b"no recording" * 99)
        assert bench.run().state == "failed"
        assert self.ended(bench) == ["1"]

    def test_after_a_change_of_mind(self, bench):
        bench.share()
        bench.job.begin(*IDS)
        assert bench.job.label(*IDS) == "ok"
        bench.decide("deleted")
        assert bench.job.transcribe(*IDS) == "stop"
        assert self.ended(bench) == ["1"]


class TestCancelled:
    @pytest.mark.parametrize("state", ["cancelled", "deleted"])
    def test_while_labelling(self, bench, state, monkeypatch):
        monkeypatch.setattr("diarize_worker.clip_progress._LOOK_EVERY_S", 0.0)
        bench.share()
        bench.voices.when_labelling = lambda: bench.decide(state)
        assert bench.run().state == state
        assert bench.document("labels") is None
        assert bench.words.num_asked == 0

    def test_while_the_file_comes(self, bench, monkeypatch):
        monkeypatch.setattr("diarize_worker.clip_progress._LOOK_EVERY_S", 0.0)
        bench.share()
        bench.slack.when_asked = lambda: bench.decide("cancelled")
        assert bench.run().state == "cancelled"
        assert bench.job.in_hand.sound is None
        assert bench.voices.hints == []

    def test_while_it_is_decoded_ends_the_child(self, bench, monkeypatch):
        monkeypatch.setattr("diarize_worker.clip_progress._LOOK_EVERY_S", 0.0)
        bench.share(wav(tone(300, 600)))
        children = []
        real = subprocess.Popen

        def popen(*arguments, **options):
            child = real(*arguments, **options)
            children.append(child)
            bench.decide("cancelled")
            return child

        monkeypatch.setattr("subprocess.Popen", popen)
        assert bench.run().state == "cancelled"
        assert [child.returncode is not None for child in children] == [True]
        assert bench.voices.hints == []

    def test_while_words_are_written(self, bench, monkeypatch):
        monkeypatch.setattr("diarize_worker.clip_progress._LOOK_EVERY_S", 0.0)
        bench.share()
        bench.words.when_writing = lambda: bench.decide("deleted")
        assert bench.run().state == "deleted"
        assert bench.document("words") is None

    def test_between_stages(self, bench):
        bench.share()
        bench.job.begin(*IDS)
        assert bench.job.label(*IDS) == "ok"
        bench.decide("cancelled")
        assert bench.job.transcribe(*IDS) == "stop"
        assert bench.words.num_asked == 0
        assert bench.job.draw(*IDS) == "stop"


class TestDeath:
    def test_words_after_a_restart_fetch_again_under_the_same_consent(self, bench):
        bench.share()
        bench.job.begin(*IDS)
        bench.job.label(*IDS)
        bench.job = bench.make_job()
        bench.job.begin(*IDS)
        assert bench.job.transcribe(*IDS) == "ok"
        assert [path for path, _ in bench.slack.asked].count("/files/F1") == 2

    def test_poison_is_given_up_after_three_deaths(self, bench):
        bench.share()
        for _ in range(MAX_BEGINNINGS):
            assert bench.make_job().begin(*IDS)
        assert not bench.make_job().begin(*IDS)
        assert (bench.clip.state, bench.clip.error) == ("failed", GIVEN_UP)
        assert bench.shown()[-1] == "1:failed"

    def test_processes_that_stop_in_order_do_not_count(self, bench):
        bench.share()
        for _ in range(3 * MAX_BEGINNINGS):
            job = bench.make_job()
            assert job.begin(*IDS)
            job.put_back()
        assert bench.run().state == "replying"

    def test_labels_of_a_clip_that_kills_the_words_are_delivered(self, bench):
        bench.share()
        bench.job.begin(*IDS)
        bench.job.label(*IDS)
        for _ in range(MAX_BEGINNINGS - 1):
            bench.make_job().begin(*IDS)
        assert not bench.make_job().begin(*IDS)
        assert bench.clip.state == "replying"
        assert bench.document()["annotation"]
        assert bench.document()["failed_parts"] == ["words"]
        assert "three times" in bench.document()["failures"][0]

    def test_trying_again_counts_anew(self, bench):
        bench.share()
        for _ in range(MAX_BEGINNINGS + 1):
            bench.make_job().begin(*IDS)
        with bench.database.begin() as tx:
            tx.clips.move("T1", "c1", {"failed"}, "queued", NOW)
            tx.clip_queue.join(tx.clips.get("T1", "c1"), "2", NOW)
        assert bench.run("2").state == "replying"

    def test_slack_in_trouble_is_left_to_the_next_try(self, bench):
        bench.share()
        bench.slack.statuses = [503]
        bench.job.begin(*IDS)
        with pytest.raises(FetchError):
            bench.job.label(*IDS)
        assert bench.job.label(*IDS) == "ok"


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="looks into /proc")
class TestNothingIsLeft:
    def test_sound_has_no_name_while_it_is_there_and_is_gone_after(self, bench):
        folder = bench.tmp_path / "sound"
        bench.share()
        seen = []

        def look():
            seen.append((list(folder.iterdir()), open_sound(folder)))

        bench.voices.when_labelling = look
        bench.words.when_writing = look
        bench.run()
        gc.collect()
        for named, held in seen:
            assert named == []
            assert held
            assert all("deleted" in line for line in held)
        assert open_sound(folder) == []

    @pytest.mark.parametrize("content", [b"this is no recording" * 100, wav(tone(300, 2))])
    def test_nor_after_a_clip_that_fails(self, bench, content):
        bench.voices.turns = []
        bench.share(content, "talk.wav")
        assert bench.run().state == "failed"
        gc.collect()
        assert open_sound(bench.tmp_path / "sound") == []


class TestLittleSpeech:
    """The speech detector is one opinion, the diarization engine another."""

    HUM = wav(0.01 * tone(300, 9))

    def test_what_the_engine_alone_hears_is_delivered_with_a_warning(self, bench):
        bench.share(self.HUM, "murmur.wav")
        assert bench.run().state == "replying"
        result = bench.document()
        assert LITTLE_SPEECH in result["notes"]
        assert len(result["annotation"]["turns"]) == 2
        assert [word["speaker"] for word in result["words"]] == ["SPEAKER_00", "SPEAKER_01"]
        assert bench.words.speech == (Segment(0, 8),)

    def test_words_alone_are_written_where_it_was_labelled_before(self, bench):
        bench.share(self.HUM, "murmur.wav")
        bench.run()
        bench.job = bench.make_job()
        bench.again("words")
        assert bench.run("2").state == "replying"
        assert bench.words.speech == (Segment(0, 8),)

    def test_what_neither_hears_is_no_speech(self, bench):
        bench.voices.turns = []
        bench.share(self.HUM, "murmur.wav")
        assert "no speech" in bench.run().error

    def test_without_an_engine_both_reasons_are_said(self, bench):
        bench.voices.error = EngineUnavailableError("No weights.")
        bench.share(self.HUM, "murmur.wav")
        clip = bench.run()
        assert clip.state == "failed"
        assert "No weights." in clip.error
        assert "no speech" in clip.error


BAD_INPUT = {
    "empty.wav": "This file is empty",
    "silence.wav": "no speech",
    "noise.wav": "no speech",
    "music.wav": "no speech",
    "text.mp3": "not a recording we can read",
    "picture.wav": "not a recording we can read",
    "playlist.m3u8": "not a recording we can read",
    "archive.zip": "not a recording we can read",
    "no_sound.mp4": "no sound track",
    "no_index.m4a": "breaks off",
    "header_only.wav": "breaks off",
    "one_sample.wav": "no speech",
}


@pytest.mark.slow
class TestCorpus:
    @pytest.mark.parametrize("name", BAD_INPUT)
    def test_what_nothing_can_be_made_of_fails_with_what_to_do(self, bench, name):
        recipe = next(recipe for recipe in recipes() if recipe.name == name)
        bench.voices.turns = []
        bench.share(recipe.make(), name)
        clip = bench.run()
        assert clip.state == "failed"
        assert BAD_INPUT[name] in clip.error
        assert bench.shown()[-1] == "1:failed"

    def test_every_recording_of_the_corpus_gets_a_result_or_a_reason(self, bench):
        for number, recipe in enumerate(recipes()):
            run = f"r{number}"
            if number == 0:
                bench.share(recipe.make(), recipe.name)
                run = "1"
            else:
                bench.slack.contents["F1"] = recipe.make()
                with bench.database.begin() as tx:
                    tx.clips.move("T1", "c1", {"failed", "replying"}, "queued", NOW)
                    tx.clip_queue.join(tx.clips.get("T1", "c1"), run, NOW)
            clip = bench.run(run)
            expected = "failed" if recipe.error or not recipe.has_speech else "replying"
            if recipe.error or recipe.has_speech:
                assert clip.state == expected, recipe.name
            assert clip.state in {"failed", "replying"}, recipe.name
            assert clip.state == "replying" or len(clip.error) > 20, recipe.name
            if recipe.note:
                assert any(recipe.note in note for note in bench.document()["notes"]), recipe.name
