import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from local_slack.client import ControlError
from local_slack.server import LocalSlack


def test_a_ticket_is_good_for_one_connection(open_socket):
    socket = open_socket()
    assert socket.hello["type"] == "hello"
    with pytest.raises(InvalidStatus):
        connect(socket.url, proxy=None)


def test_an_envelope_goes_to_the_newest_connection_alone(open_socket, people):
    first, second = open_socket(), open_socket()
    people.message("U0ADA", "C0GENERAL", "hello")
    assert second.take()["payload"]["event"]["text"] == "hello"
    with pytest.raises(TimeoutError):
        first.next(timeout_s=0.3)


def test_an_event_is_wrapped_as_slack_wraps_it(open_socket, people):
    socket = open_socket()
    ts = people.message("U0ADA", "C0GENERAL", "hello")
    envelope = socket.take()
    payload = envelope["payload"]
    assert (envelope["type"], envelope["retry_attempt"], envelope["accepts_response_payload"]) == (
        "events_api",
        0,
        False,
    )
    assert payload["type"] == "event_callback"
    assert payload["event"] == {
        "type": "message",
        "text": "hello",
        "team": "T0LOCAL",
        "ts": ts,
        "user": "U0ADA",
        "event_ts": ts,
        "channel": "C0GENERAL",
        "channel_type": "channel",
    }


@pytest.mark.thorough
def test_an_event_not_taken_comes_again_three_times_and_is_lost(impatient):
    workspace, socket = impatient
    people = workspace.client
    people.message("U0ADA", "C0GENERAL", "hello")
    envelopes = [socket.next() for _ in range(4)]
    assert [envelope["retry_attempt"] for envelope in envelopes] == [0, 1, 2, 3]
    assert [envelope["retry_reason"] for envelope in envelopes] == ["", "timeout", "timeout", "timeout"]
    assert len({envelope["payload"]["event_id"] for envelope in envelopes}) == 1
    people.wait_for(lambda state: state["events_lost"] == 1)


def test_events_wait_while_nobody_is_connected(manifest_path, make_api):
    with LocalSlack(manifest_path, event_retries_s=(0.0, 60.0, 300.0)) as workspace:
        workspace.client.message("U0ADA", "C0GENERAL", "anybody?")
        api = make_api(workspace)
        url = api("apps.connections.open", token="xapp-local")["url"]
        with connect(url, proxy=None) as socket:
            socket.recv(timeout=5)
            assert '"anybody?"' in socket.recv(timeout=5)


def test_an_app_that_is_away_is_shown_to_the_person(people, workspace):
    with pytest.raises(ControlError, match="dispatch_failed"):
        people.command("U0ADA", "C0GENERAL", "/whospoke")
    (message,) = workspace.state()["ephemerals"]["C0GENERAL"]
    assert message["text"] == '/whospoke failed with the error "dispatch_failed"'


def test_an_app_that_is_slow_is_shown_to_the_person(impatient):
    workspace, _ = impatient
    with pytest.raises(ControlError, match="operation_timeout"):
        workspace.client.command("U0ADA", "C0GENERAL", "/whospoke")


def test_dropped_sockets_are_gone(open_socket, people, workspace):
    open_socket()
    assert workspace.state()["connected"] is True
    workspace.control("fault", drop_sockets=True)
    people.wait_for(lambda state: not state["connected"])


def test_events_can_be_repeated(open_socket, people, workspace):
    socket = open_socket()
    people.message("U0ADA", "C0GENERAL", "hello")
    first = socket.take()
    people.wait_for(lambda _: workspace.control("fault", repeat_events=1)["repeated"])
    again = socket.take()
    assert again["payload"] == first["payload"]
    assert again["retry_attempt"] == 1


@pytest.mark.parametrize(
    ("user", "channel", "text", "expected"),
    [
        ("U0ADA", "C0GENERAL", "plain", ["message"]),
        ("U0ADA", "C0GENERAL", "<@U0BOT> look", ["message", "app_mention"]),
        ("U0ADA", "D0ADA", "<@U0BOT> look", ["message"]),
        ("U0CLEO", "C0PRIVATE", "<@U0BOT> look", []),
    ],
)
def test_events_come_from_where_the_bot_is(open_socket, people, user, channel, text, expected):
    socket = open_socket()
    people.message(user, channel, text)
    people.do("join", user="U0DEV", channel="C0RESEARCH")
    seen = []
    while (kind := socket.take()["payload"]["event"]["type"]) != "member_joined_channel":
        seen.append(kind)
    assert sorted(seen) == sorted(expected)


def test_what_is_not_subscribed_is_not_sent(manifest_without, make_api):
    path = manifest_without("message.channels")
    with LocalSlack(path) as workspace:
        url = make_api(workspace)("apps.connections.open", token="xapp-local")["url"]
        with connect(url, proxy=None) as socket:
            socket.recv(timeout=5)
            workspace.client.message("U0ADA", "C0GENERAL", "quiet")
            workspace.client.do("join", user="U0DEV", channel="C0RESEARCH")
            assert "member_joined_channel" in socket.recv(timeout=5)


def test_edits_and_deletions_are_told(open_socket, people):
    socket = open_socket()
    ts = people.message("U0ADA", "C0GENERAL", "one")
    people.do("edit", user="U0ADA", channel="C0GENERAL", ts=ts, text="two")
    people.do("delete", user="U0ADA", channel="C0GENERAL", ts=ts)
    changed = socket.take("message_changed")["payload"]["event"]
    assert (changed["previous_message"]["text"], changed["message"]["text"]) == ("one", "two")
    deleted = socket.take("message_deleted")["payload"]["event"]
    assert (deleted["deleted_ts"], deleted["hidden"]) == (ts, True)
