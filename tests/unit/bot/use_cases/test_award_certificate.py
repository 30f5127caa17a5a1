"""A certificate is issued once, sent once, and known only in its own workspace."""

import struct
from dataclasses import replace

import pytest

from bot.use_cases.award_certificate import (
    award_of,
    issue_certificate,
    say_certificate,
    send_certificate,
    verify_certificate,
)
from bot.use_cases.take_test import answer_test, go_on_with_test, start_test
from bot.views.test import build_verified_message

pytestmark = pytest.mark.thorough


@pytest.fixture
def passed(before_test, ada):
    """Ada has passed; returns the bench and her attempt."""
    screen = start_test(before_test.deps, ada, "test")
    attempt_id = screen.attempt_id
    for _ in range(15):
        right = next(n for n, option in enumerate(screen.question.options) if option.is_correct)
        answer_test(before_test.deps, ada, attempt_id, screen.question.id, right)
        screen = go_on_with_test(before_test.deps, ada, attempt_id)
    return before_test, attempt_id


def test_issued_once(passed, ada):
    bench, attempt_id = passed
    first = issue_certificate(bench.deps, ada, attempt_id)
    assert issue_certificate(bench.deps, ada, attempt_id) == first


def test_sent_once_as_a_picture_that_is_also_told_in_words(passed, ada):
    bench, attempt_id = passed
    certificate_id = issue_certificate(bench.deps, ada, attempt_id)
    for _ in range(2):
        send_certificate(bench.deps, ada, certificate_id, "D1")
    (message,) = bench.messenger.posts.values()
    (png,) = bench.messenger.uploads.values()
    assert png.startswith(b"\x89PNG")
    assert struct.unpack(">II", png[16:24]) == (1600, 1120)
    for part in ("Ada Quill", "15 of 15", "23 November 2026", "/whospoke verify"):
        assert part in message.text
    picture = next(block for block in message.blocks if block["type"] == "image")
    assert "Ada Quill has passed" in picture["alt_text"]
    assert list(bench.messenger.alt_texts.values()) == [picture["alt_text"]]


@pytest.mark.parametrize("moment", ["send_bytes", "finish_upload", "post"])
def test_sent_once_when_the_process_dies_on_the_way(passed, ada, moment):
    bench, attempt_id = passed
    certificate_id = issue_certificate(bench.deps, ada, attempt_id)
    bench.messenger.dies_after.add(moment)
    with pytest.raises(ConnectionResetError):
        send_certificate(bench.deps, ada, certificate_id, "D1")
    send_certificate(bench.deps, ada, certificate_id, "D1")
    assert len(bench.messenger.posts) == 1
    assert len(bench.messenger.uploads) == 1


class TestPictureThatCannotBeUploaded:
    def test_the_certificate_is_said_in_words_once(self, passed, ada):
        bench, attempt_id = passed
        certificate_id = issue_certificate(bench.deps, ada, attempt_id)
        bench.messenger.dies_after.add("send_bytes")
        with pytest.raises(ConnectionResetError):
            send_certificate(bench.deps, ada, certificate_id, "D1")
        for _ in range(2):
            say_certificate(bench.deps, ada, certificate_id, "D1")
        (message,) = bench.messenger.posts.values()
        assert not any(block["type"] == "image" for block in message.blocks)
        for part in ("Ada Quill has passed", "/whospoke verify"):
            assert part in str(message.blocks)

    def test_words_do_not_follow_a_picture_that_arrived(self, passed, ada):
        bench, attempt_id = passed
        certificate_id = issue_certificate(bench.deps, ada, attempt_id)
        send_certificate(bench.deps, ada, certificate_id, "D1")
        say_certificate(bench.deps, ada, certificate_id, "D1")
        (message,) = bench.messenger.posts.values()
        assert any(block["type"] == "image" for block in message.blocks)


def test_carries_the_learners_own_date(before_test, ada):
    """Half past eleven at night in London is the next morning in Tokyo."""
    before_test.messenger.zone = "Asia/Tokyo"
    before_test.now = before_test.now.replace(hour=23, minute=30)
    screen = start_test(before_test.deps, ada, "test")
    attempt_id = screen.attempt_id
    for _ in range(15):
        right = next(n for n, option in enumerate(screen.question.options) if option.is_correct)
        answer_test(before_test.deps, ada, attempt_id, screen.question.id, right)
        screen = go_on_with_test(before_test.deps, ada, attempt_id)
    certificate_id = issue_certificate(before_test.deps, ada, attempt_id)
    found = verify_certificate(before_test.deps, "T1", certificate_id)
    assert award_of(found).passed_on.isoformat() == "2026-11-24"
    assert "24 November 2026" in build_verified_message(award_of(found), certificate_id).text
    assert replace(found, passed_on=None).day.isoformat() == "2026-11-23", "issued before the date was kept"


class TestVerify:
    def test_known_however_it_is_typed(self, passed, ada):
        bench, attempt_id = passed
        certificate_id = issue_certificate(bench.deps, ada, attempt_id)
        for typed in (
            certificate_id,
            f" {certificate_id.upper()} ",
            f"{certificate_id[:4]}-{certificate_id[4:]}",
        ):
            found = verify_certificate(bench.deps, "T1", typed)
            assert found
            said = build_verified_message(award_of(found), typed).text
            assert "Ada Quill passed the module test" in said
            assert "15 of 15" in said

    def test_other_workspaces_do_not_know_it(self, passed, ada):
        bench, attempt_id = passed
        certificate_id = issue_certificate(bench.deps, ada, attempt_id)
        assert verify_certificate(bench.deps, "T2", certificate_id) is None

    @pytest.mark.parametrize("typed", ["0000-1111", "<!channel>", "x" * 5000])
    def test_unknown(self, bench, typed):
        assert verify_certificate(bench.deps, "T1", typed) is None
        message = build_verified_message(None, typed)
        assert "No certificate of this workspace" in message.text
        assert "<!" not in str(message.blocks)

    def test_nothing_typed(self):
        assert "Type the id" in build_verified_message(None, "").text


@pytest.mark.parametrize(
    "name", ["$x_1$", "W" * 300, "山田 太郎", "👩‍🚀", "\u202egnirts\n<!here>", "Ada_*`Quill`"]
)
def test_any_name_can_be_drawn(passed, ada, name):
    bench, attempt_id = passed
    bench.messenger.name = name
    certificate_id = issue_certificate(bench.deps, ada, attempt_id)
    send_certificate(bench.deps, ada, certificate_id, "D1")
    (message,) = bench.messenger.posts.values()
    sections = [block for block in message.blocks if block["type"] == "section"]
    assert "<!here>" not in str(sections)
    assert len(bench.messenger.uploads) == 1
