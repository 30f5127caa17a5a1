"""Whatever Slack's address of a file holds, it can be asked, and the token goes to Slack or this machine alone."""

from urllib.parse import quote, unquote, urlsplit

import pytest
from hypothesis import given, settings

from clip_rules.addresses import AddressError, file_address, is_loopback
from tests.file_names import names

SLACK, HERE = "https://slack.com/api/", "http://127.0.0.1:7600/api/"


class TestFileAddress:
    @given(names)
    @settings(max_examples=300, deadline=None)
    def test_an_encoded_one_stays_as_it_is(self, name):
        url = f"https://files.slack.com/files-pri/T1-F1/download/{quote(name, safe='')}"
        assert file_address(url, SLACK).url == url

    @given(names.filter(lambda name: not set(name) & set("#?%\t\r\n") and name.isprintable()))
    @settings(max_examples=300, deadline=None)
    def test_a_bare_one_is_encoded(self, name):
        url = file_address(f"https://files.slack.com/T1-F1/{name}", SLACK).url
        assert url.isascii()
        assert " " not in url
        assert unquote(urlsplit(url).path) == f"/T1-F1/{name}"

    @pytest.mark.parametrize(
        "url",
        [
            "",
            "http://files.slack.com/F1",
            "https://files.slack.com.example.com/F1",
            "https://files.slack.com@example.com/F1",
            "https://example.com\\@files.slack.com/F1",
            "https://ada:word@files.slack.com/F1",
            "https://files.slack.com:8443/F1",
            "https://files.slack.com:port/F1",
            "https://[::1/F1",
            "http://127.0.0.1:9/F1",
            "file:///etc/passwd",
        ],
    )
    def test_other_places_are_refused(self, url):
        with pytest.raises(AddressError, match="do not fetch from"):
            file_address(url, SLACK)

    def test_files_of_a_workspace_on_this_machine_are_on_this_machine(self):
        address = file_address("http://127.0.0.1:7600/files-pri/T-F/weekly planning.flac", HERE)
        assert (address.url, address.is_local) == (
            "http://127.0.0.1:7600/files-pri/T-F/weekly%20planning.flac",
            True,
        )
        assert not file_address("https://files.slack.com/F1", HERE).is_local


@pytest.mark.parametrize(("url", "found"), [(HERE, True), ("http://[::1]:7600/", True), (SLACK, False)])
def test_this_machine_is_known_by_its_names(url, found):
    assert is_loopback(url) is found
