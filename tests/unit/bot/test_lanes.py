"""What comes over a socket is looked at as what comes over HTTP is."""

from slack_sdk.socket_mode.request import SocketModeRequest

from bot.courtesies import Crowd
from bot.lanes import LanedSocketMode
from tests.unit.bot.test_app import EVENT, PRESS

WORD = "zebraquagga7731"


class NotingClient:
    """Notes which envelopes were acknowledged."""

    def __init__(self):
        self.acked = []

    def send_socket_mode_response(self, response):
        self.acked.append(response.envelope_id)


RUBBISH = {
    "no event_id": ("events_api", EVENT | {"event_id": None}),
    "nobody changed": ("events_api", EVENT | {"event": {"type": "user_change", "user": {"name": WORD}}}),
    "a number as user": ("events_api", EVENT | {"user": 5}),
    "a name as user": ("interactive", PRESS | {"user": WORD}),
    "another type": ("interactive", {"type": WORD}),
    "nobody's command": ("slash_commands", {"command": "/whospoke", "text": WORD}),
}


def test_what_is_of_no_use_is_acknowledged_so_that_it_does_not_come_again(app, log):
    handler, client = LanedSocketMode(app, "xapp-1", Crowd()), NotingClient()
    for name, (kind, payload) in RUBBISH.items():
        handler.handle(client, SocketModeRequest(type=kind, envelope_id=name, payload=payload))
    handler._events.shutdown()
    handler._presses.shutdown()
    assert sorted(client.acked) == sorted(RUBBISH)
    said = log.getvalue()
    assert said.count("is of no use") == len(RUBBISH)
    assert WORD not in said
    assert "Traceback" not in said
    handler.client.close()
