"""Who people are, asked of a workspace over HTTP: pages, user groups, channels, and what the app may see."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from slack_sdk import WebClient

from bot.directory import Channel, Group
from bot.slack_directory import SlackDirectory
from local_slack.server import LocalSlack

MANIFEST = Path(__file__).parents[2] / "slack_manifest.yaml"


@pytest.fixture
def workspace() -> Iterator[LocalSlack]:
    with LocalSlack(MANIFEST) as running:
        yield running


@pytest.fixture
def directory(workspace: LocalSlack) -> SlackDirectory:
    return SlackDirectory(WebClient(token="xoxb-local", base_url=workspace.api_url))


def test_more_than_a_thousand_people_are_read_in_pages(
    workspace: LocalSlack, directory: SlackDirectory
) -> None:
    crowd = [{"id": f"U1{number:04}", "name": f"person{number}"} for number in range(1_100)]
    workspace.client.do("hire", people=crowd, channel="C0GENERAL")
    everybody = directory.everyone()
    assert len({one.user_id for one in everybody}) == 1_106
    members = directory.members_of("C0GENERAL")
    assert members
    assert len(set(members)) == len(members) == 1_105


def test_user_groups(directory: SlackDirectory) -> None:
    assert directory.groups() == [
        Group("S0DESK", "desk", "Help desk"),
        Group("S0FIELD", "field", "Field team"),
    ]
    assert directory.members_of_group("S0DESK") == ["U0ADA", "U0DEV"]
    assert directory.members_of_group("S0NONE") is None


def test_channels(workspace: LocalSlack, directory: SlackDirectory) -> None:
    assert directory.channel("C0RESEARCH") == Channel("C0RESEARCH", "research", is_private=False, has_us=True)
    assert directory.channel("C0PRIVATE") is None, "a private channel is hidden until we are invited"
    workspace.client.do("invite", user="U0BOT", channel="C0PRIVATE")
    assert directory.channel("C0PRIVATE") == Channel("C0PRIVATE", "leadership", is_private=True, has_us=True)
    workspace.client.do("leave", user="U0BOT", channel="C0RESEARCH")
    found = directory.channel("C0RESEARCH")
    assert found
    assert not found.has_us


def test_addresses_are_seen_only_with_their_scope(directory: SlackDirectory, tmp_path: Path) -> None:
    assert not directory.sees_emails()
    more = tmp_path / "manifest.yaml"
    more.write_text(
        MANIFEST.read_text().replace("      - users:read #", "      - users:read.email\n      - users:read #")
    )
    with LocalSlack(more) as workspace:
        assert SlackDirectory(WebClient(token="xoxb-local", base_url=workspace.api_url)).sees_emails()


def test_workspace_that_does_not_show_its_groups_has_none(tmp_path: Path) -> None:
    fewer = tmp_path / "manifest.yaml"
    lines = MANIFEST.read_text().splitlines(keepends=True)
    fewer.write_text("".join(line for line in lines if "usergroups:read" not in line))
    with LocalSlack(fewer) as workspace:
        found = SlackDirectory(WebClient(token="xoxb-local", base_url=workspace.api_url))
        assert found.groups() == []
        assert found.members_of_group("S0DESK") is None
