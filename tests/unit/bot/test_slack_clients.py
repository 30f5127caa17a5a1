"""Clients of Slack's Web API."""

import ssl

from bot.slack_clients import make_client


def test_certificates_are_read_once_and_checked():
    first, second = (
        make_client("xoxb-1", "https://slack.com/api/", longest_wait_s=wait_s) for wait_s in (None, 1)
    )
    assert first.ssl is second.ssl
    assert first.ssl.verify_mode == ssl.CERT_REQUIRED
    assert first.ssl.check_hostname
