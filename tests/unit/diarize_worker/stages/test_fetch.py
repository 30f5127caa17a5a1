import errno
import io
import os

import pytest

from diarize_worker.errors import ClipCancelledError, ClipTooLargeError, EmptyClipError, FetchError
from diarize_worker.stages.fetch import FetchConfig, fetch
from tests.slack_file_server import TOKEN, SlackFiles


@pytest.fixture
def slack():
    with SlackFiles() as files:
        files.contents["F1"] = b"sound" * 1000
        yield files


def get(slack, file_id="F1", progress=lambda *_: None, **limits):
    return fetch(file_id, FetchConfig(TOKEN, slack.api_url, **limits), progress)


def test_bytes_come_in_a_file_without_a_name(slack, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with get(slack) as file:
        assert file.read() == slack.contents["F1"]
        assert os.fstat(file.fileno()).st_nlink == 0
        assert list(tmp_path.iterdir()) == []
    assert {authorization for _, authorization in slack.asked} == {f"Bearer {TOKEN}"}


def test_progress_reaches_the_whole(slack):
    slack.contents["F1"] = bytes(600_000)
    seen = []
    get(slack, progress=lambda stage, share: seen.append((stage, share))).close()
    assert [stage for stage, _ in seen] == ["fetch"] * len(seen)
    assert len(seen) > 1
    assert seen[-1][1] == 1.0


def test_cancelled_while_it_comes(slack):
    def cancel(stage, share):
        raise ClipCancelledError

    with pytest.raises(ClipCancelledError):
        get(slack, progress=cancel)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_redirect_would_carry_the_token_elsewhere_and_is_refused(slack, status):
    with SlackFiles() as elsewhere:
        slack.statuses, slack.location = [status], f"{elsewhere.url}/files/F1"
        with pytest.raises(FetchError) as caught:
            get(slack)
        assert elsewhere.asked == []
    assert caught.value.permanent


def test_sign_in_page_in_place_of_the_file_is_refused(slack):
    slack.content_type = "text/html; charset=utf-8"
    with pytest.raises(FetchError, match="did not let us read"):
        get(slack)


@pytest.mark.parametrize(
    "url",
    [
        "https://files.example.com/F1",
        "http://files.slack.com/F1",
        "https://files.slack.com.example.com/F1",
        "https://files.slack.com@example.com/F1",
        "file:///etc/passwd",
        "",
    ],
)
def test_other_places_are_never_asked(slack, url):
    slack.infos["F1"] = {"url_private_download": url, "url_private": url}
    with pytest.raises(FetchError, match="do not fetch from"):
        get(slack)
    assert [path for path, _ in slack.asked] == ["/api/files.info"]


def test_said_size_over_the_limit_is_refused_before_a_byte_comes(slack):
    slack.infos["F1"] = {"size": 10_000}
    with pytest.raises(ClipTooLargeError):
        get(slack, max_bytes=9_999)
    assert len(slack.asked) == 1


def test_more_bytes_than_were_said_are_refused(slack):
    slack.infos["F1"] = {"size": 10}
    with pytest.raises(ClipTooLargeError):
        get(slack, max_bytes=100)


def test_empty_file(slack):
    slack.contents["F1"] = b""
    with pytest.raises(EmptyClipError):
        get(slack)


def test_file_outside_the_workspace_is_left_alone(slack):
    slack.infos["F1"] = {"is_external": True}
    with pytest.raises(FetchError, match="outside the workspace"):
        get(slack)


@pytest.mark.parametrize("error", ["file_not_found", "file_deleted", "not_in_channel"])
def test_file_that_is_gone_is_not_tried_again(slack, error):
    slack.infos["F1"] = {"error": error}
    with pytest.raises(FetchError) as caught:
        get(slack)
    assert caught.value.permanent


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_slack_in_trouble_is_worth_another_try(slack, status):
    slack.statuses = [status]
    with pytest.raises(FetchError, match=str(status)) as caught:
        get(slack)
    assert not caught.value.permanent
    with get(slack) as file:
        assert file.read() == slack.contents["F1"]


def test_refused_token_is_not(slack):
    slack.statuses = [403]
    with pytest.raises(FetchError) as caught:
        get(slack)
    assert caught.value.permanent


def test_api_in_trouble_is_worth_another_try(slack):
    slack.api_statuses = [500]
    with pytest.raises(FetchError) as caught:
        get(slack)
    assert not caught.value.permanent


def test_nobody_answers():
    with SlackFiles() as files:
        pass
    with pytest.raises(FetchError, match="could not be reached") as caught:
        get(files)
    assert not caught.value.permanent


@pytest.mark.parametrize("announces_length", [True, False])
@pytest.mark.parametrize("cut_at", [0, 1, 2500])
def test_download_that_breaks_off_is_not_taken_for_the_whole_and_tried_again(slack, cut_at, announces_length):
    slack.cut_at, slack.announces_length = cut_at, announces_length
    with pytest.raises(FetchError, match="broke off on its way") as caught:
        get(slack)
    assert not caught.value.permanent
    slack.cut_at = None
    with get(slack) as file:
        assert file.read() == slack.contents["F1"]


@pytest.mark.parametrize("body", [b"<html>busy</html>", b" ", b'{"ok": tr'])
def test_answer_that_is_not_slacks_is_worth_another_try(slack, body):
    slack.api_body = body
    with pytest.raises(FetchError) as caught:
        get(slack)
    assert not caught.value.permanent


@pytest.mark.parametrize("body", [b"[]", b'"ok"', b"{}", b'{"ok": true}', b'{"ok": true, "file": 1}'])
def test_answer_that_says_nothing_is_told_at_once(slack, body):
    slack.api_body = body
    with pytest.raises(FetchError, match="in a way that we cannot read") as caught:
        get(slack)
    assert caught.value.permanent


@pytest.mark.parametrize("size", ["large", [5]])
def test_size_that_is_no_number_is_told_at_once(slack, size):
    slack.infos["F1"] = {"size": size}
    with pytest.raises(FetchError, match="in a way that we cannot read") as caught:
        get(slack)
    assert caught.value.permanent


def test_name_with_a_space_in_its_address_is_fetched(slack):
    slack.contents["weekly%20pl%C3%A4n%20100%25.flac"] = b"sound"
    slack.infos["weekly%20pl%C3%A4n%20100%25.flac"] = {
        "url_private_download": f"{slack.url}/files/weekly plän 100%.flac"
    }
    with get(slack, "weekly%20pl%C3%A4n%20100%25.flac") as file:
        assert file.read() == b"sound"


@pytest.mark.parametrize("error", ["invalid_auth", "missing_scope", "not_visible", "some_new_error"])
def test_refusal_that_stays_is_said_as_one_and_never_as_an_outage(slack, error):
    slack.infos["F1"] = {"error": error}
    with pytest.raises(FetchError, match=rf"\({error}\)") as caught:
        get(slack)
    assert caught.value.permanent
    assert "later" not in str(caught.value)


@pytest.mark.parametrize("error", ["internal_error", "ratelimited", "service_unavailable"])
def test_slack_that_is_busy_is_worth_another_try(slack, error):
    slack.infos["F1"] = {"error": error}
    with pytest.raises(FetchError, match="busy") as caught:
        get(slack)
    assert not caught.value.permanent


def test_a_wait_that_slack_asks_for_is_kept(slack):
    waits = []
    slack.statuses, slack.retry_after = [429, 429], "2"
    with get(slack, pause=waits.append) as file:
        assert file.read() == slack.contents["F1"]
    assert sum(waits) == 4


def test_a_wait_of_the_api_is_kept_as_well(slack):
    waits = []
    slack.api_statuses, slack.retry_after = [429], "1.5"
    get(slack, pause=waits.append).close()
    assert sum(waits) == 1.5


@pytest.mark.parametrize("asked_for", ["3600", "Wed, 21 Oct 2026 07:28:00 GMT", ""])
def test_a_long_wait_is_left_to_the_next_try(slack, asked_for):
    slack.statuses, slack.retry_after = [429], asked_for
    with pytest.raises(FetchError, match="429") as caught:
        get(slack, pause=lambda _: pytest.fail("waited"))
    assert not caught.value.permanent


def test_slack_that_asks_to_wait_without_end_is_left_to_the_next_try(slack):
    slack.statuses, slack.retry_after = [429] * 9, "1"
    with pytest.raises(FetchError, match="429"):
        get(slack, pause=lambda _: None)
    assert len(slack.asked) == 1 + 4


def test_cancelled_while_slack_makes_us_wait(slack):
    def cancel(stage, share):
        raise ClipCancelledError

    slack.statuses, slack.retry_after = [429], "30"
    with pytest.raises(ClipCancelledError):
        get(slack, progress=cancel, pause=lambda _: pytest.fail("waited"))


@pytest.mark.parametrize(
    ("num", "told"), [(errno.ENOSPC, "no room left"), (errno.EIO, "could not keep the file")]
)
def test_disk_that_takes_no_more_is_said_in_words(slack, monkeypatch, num, told):
    class Full(io.BytesIO):
        def write(self, data):
            raise OSError(num, "no")

    monkeypatch.setattr("tempfile.TemporaryFile", Full)
    with pytest.raises(FetchError, match=told) as caught:
        get(slack)
    assert not caught.value.permanent
