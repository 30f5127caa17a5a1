"""Corrections are counted where it was agreed to, pooled, and never shown for a handful of clips."""

from datetime import timedelta

import pytest

from annotation import editing
from bot.evaluation_report import evaluation_report
from bot.people import Person
from bot.use_cases import fix_labels
from bot.use_cases.label_clip import delete
from storage.consent import ConsentRecord
from tests.bot_parts import Bench, copy_of, migrated
from tests.clip_parts import OWNER, TEAM, put_clip

ADA = Person(TEAM, OWNER)


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    return migrated(tmp_path_factory.mktemp("template"))


@pytest.fixture
def bench(template, tmp_path):
    database = copy_of(template, tmp_path)
    yield Bench(database, None)
    database.close()


def corrected(bench, number, *, agrees=True):
    """Store a clip whose two speakers its uploader made one."""
    clip_id = f"c{number}"
    put_clip(bench, clip_id)
    if not agrees:
        with bench.database.begin() as tx:
            record = ConsentRecord(f"n{number}", TEAM, OWNER, clip_id, {"label": True}, "v1", True, bench.now)
            tx.consent.append(record)
    fix_labels.edit_draft(
        bench.deps, ADA, clip_id, 0, lambda draft: editing.merge_speakers(draft, "SPEAKER_01", "SPEAKER_00")
    )
    fix_labels.save_draft(bench.deps, ADA, clip_id)


def report(bench):
    return evaluation_report(bench.database, bench.now + timedelta(minutes=1))


class TestEvaluation:
    def test_without_any_it_says_so(self, bench):
        put_clip(bench)
        assert "not measured" in report(bench)

    def test_few_clips_are_counted_and_not_shown(self, bench):
        for number in range(4):
            corrected(bench, number)
        assert "all: 4 of at least 5 clips, so not shown" in report(bench)
        assert "%" not in report(bench)

    def test_enough_are_pooled_by_engine_and_microphone(self, bench):
        for number in range(5):
            corrected(bench, number)
        corrected(bench, 5, agrees=False)
        corrected(bench, 6)
        delete(bench.deps, ADA, "c6")
        text = report(bench)
        assert "all: 5 clips" in text
        assert "engine: embedded: 5 clips" in text
        assert "recorded: not said: 5 clips" in text
        # Each: 9.5 s of one speaker, of which 6 s are the better match, and 1 s in which we heard two.
        assert "47.4 % (missed 0.0 s, false alarm 5.0 s, wrong speaker 17.5 s, of 47.5 s)" in text
