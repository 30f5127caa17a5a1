import io
import json
from pathlib import Path

import pytest

from annotation.formats import rttm
from annotation.model import Annotation, Turn
from diarize_worker.__main__ import main
from diarize_worker.commands import doctor
from diarize_worker.commands.progress_bar import ProgressBar
from diarize_worker.settings import Settings
from diarize_worker.weights import missing_weights

SHORT = Path(__file__).parents[3] / "examples" / "short.flac"
WEIGHTS = Settings().cache_dir


@pytest.fixture
def no_weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WHOSPOKE_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def weights() -> None:
    if missing_weights(WEIGHTS):
        pytest.skip("the weights are not here; run `python -m diarize_worker models pull`")


@pytest.mark.slow
@pytest.mark.usefixtures("weights")
def test_transcribe_labels_the_short_example(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert (
        main(["transcribe", str(SHORT), "--out", str(tmp_path / "new" / "out"), "--words", "none", "-v"]) == 0
    )
    said = capsys.readouterr()
    written = {path.name for path in (tmp_path / "new" / "out").iterdir()}
    assert written == {f"short.{ending}" for ending in ("rttm", "txt", "vtt", "srt", "json", "png")}
    found = rttm.parse((tmp_path / "new" / "out" / "short.rttm").read_text())
    assert len(found.speakers) == 2
    assert "2 speakers" in said.out
    assert "real-time factor" in said.err
    assert "\r" not in said.err  # no bar where nobody watches


@pytest.mark.slow
@pytest.mark.usefixtures("weights")
def test_rttm_is_written_whatever_the_formats_and_the_hint_is_obeyed(tmp_path: Path):
    clip = tmp_path / "my clip ü.flac"
    clip.write_bytes(SHORT.read_bytes())
    assert (
        main(
            ["transcribe", str(clip), "--out", str(tmp_path), "--words=none", "--formats=txt", "--speakers=1"]
        )
        == 0
    )
    assert {path.suffix for path in tmp_path.iterdir()} == {".flac", ".rttm", ".txt"}
    assert len(rttm.parse((tmp_path / "my clip ü.rttm").read_text()).speakers) == 1


@pytest.mark.usefixtures("no_weights")
def test_without_weights_no_labels_are_invented(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["transcribe", str(SHORT), "--out", str(tmp_path / "out"), "--words", "none"]) == 1
    assert "models pull" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_bad_file_is_one_line_without_a_traceback(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "notes.mp3").write_text("not a recording")
    assert main(["transcribe", str(tmp_path / "notes.mp3"), "--out", str(tmp_path / "out")]) == 1
    assert capsys.readouterr().err.startswith("notes.mp3: This file is not a recording")
    assert main(["transcribe", str(tmp_path / "missing.mp3"), "--out", str(tmp_path / "out")]) == 2


@pytest.mark.parametrize(
    "arguments",
    [
        ["--speakers", "2", "--min-speakers", "1"],
        ["--min-speakers", "5", "--max-speakers", "2"],
        ["--speakers", "0"],
        ["--formats", "docx"],
    ],
)
def test_contradictions_are_refused(arguments, tmp_path: Path):
    with pytest.raises(SystemExit) as stop:
        main(["transcribe", str(SHORT), "--out", str(tmp_path / "out"), *arguments])
    assert stop.value.code not in {0, None}
    assert not (tmp_path / "out").exists()


@pytest.fixture
def two_files(tmp_path: Path) -> list[str]:
    reference = Annotation.of("clip", [Turn(0, 6, "Ada"), Turn(6, 10, "Ben")])
    hypothesis = Annotation.of("clip", [Turn(0, 7, "x"), Turn(7, 9, "y")])
    for name, annotation in (("ref", reference), ("hyp", hypothesis)):
        (tmp_path / f"{name}.rttm").write_text(rttm.serialize(annotation))
    return [str(tmp_path / "ref.rttm"), str(tmp_path / "hyp.rttm")]


def test_score_prints_json_by_setting(two_files, capsys: pytest.CaptureFixture[str]):
    assert main(["score", *two_files, "--json"]) == 0
    scores = json.loads(capsys.readouterr().out)
    assert scores["collar_0_overlap_scored"] == {
        "der_percent": 20.0,
        "missed_s": 1.0,
        "false_alarm_s": 0.0,
        "confusion_s": 1.0,
        "scored_speaker_s": 10.0,
    }
    assert len(scores) == 4


def test_score_prints_a_table_and_names_its_settings(two_files, capsys: pytest.CaptureFixture[str]):
    assert main(["score", *two_files]) == 0
    table = capsys.readouterr().out
    assert "20.00 %" in table
    assert "1.00 s  10.00 %" in table
    assert "collar 0.25 s each side, overlap left out" in table
    assert "no UEM" in table
    assert "Ada = x: 6.00 of 6.00 s found, 1.00 s too much" in table
    assert "JER: " in table
    assert "Worst stretches:" in table
    assert "Note" not in table


def test_score_reads_other_formats_and_their_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    truth = tmp_path / "truth.vtt"
    truth.write_bytes("WEBVTT\n\n00:00.000 --> 00:06.000\n<v Ada>good day\n".encode("utf-16"))
    found = tmp_path / "found.csv"
    found.write_text("start_time,end_time,speaker,text\n0,6,x,good night\n")
    assert main(["score", str(truth), str(found)]) == 0
    said = capsys.readouterr().out
    assert "0.00 %" in said
    assert "WER: 50.00 % of 2 words" in said
    assert "Note" not in said


def test_score_says_which_file_cannot_be_read(two_files, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["score", two_files[0], str(tmp_path / "missing.rttm")]) == 1
    assert "missing.rttm" in capsys.readouterr().err
    Path(two_files[1]).write_text("SPEAKER clip 1 zero\n")
    assert main(["score", *two_files]) == 1
    assert f"{two_files[1]}: line 1: the line has 4 fields" in capsys.readouterr().err


def test_doctor_names_the_command_that_helps(no_weights: Path):
    findings = {finding.part: finding for finding in doctor.examine(Settings(), may_ask_hub=False)}
    assert not findings["embedded engine"].is_ready
    assert findings["embedded engine"].remedy == "python -m diarize_worker models pull"
    assert "pyannote" in findings["neural engine"].state or findings["neural engine"].is_ready
    assert findings["device"].is_ready
    assert all(finding.is_ready or finding.remedy for finding in findings.values())
    assert not no_weights.exists()


def test_the_bar_draws_over_itself_on_a_terminal_only():
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal, file = Terminal(), io.StringIO()
    for stream in (terminal, file):
        bar = ProgressBar(stream)
        bar("decode", 0.5)
        bar("decode", 0.5)
        bar.clear()
    assert terminal.getvalue().count("Reading") == 1
    assert " 50%" in terminal.getvalue()
    assert file.getvalue() == ""
