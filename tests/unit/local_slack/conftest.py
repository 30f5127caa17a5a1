import http.client
import json
from pathlib import Path

import pytest
import yaml
from websockets.sync.client import connect

from local_slack.server import LocalSlack


class Api:
    """The Web API as an app without an SDK would call it."""

    def __init__(self, workspace):
        self.workspace = workspace
        self.headers = {}
        self.status = 0

    def __call__(self, method, token="xoxb-local", **args):
        headers = {"Content-Type": "application/json; charset=utf-8", "Authorization": f"Bearer {token}"}
        status, body = self.send("POST", f"/api/{method}", json.dumps(args), headers)
        return json.loads(body) | ({"status": status} if status != 200 else {})

    def send(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.workspace.port, timeout=20)
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            self.headers = {key.lower(): value for key, value in answer.getheaders()}
            return answer.status, answer.read()
        finally:
            connection.close()

    def post(self, channel="C0GENERAL", **args):
        answer = self("chat.postMessage", channel=channel, **args)
        assert answer["ok"], answer
        return answer["ts"]


class Socket:
    """One Socket Mode connection, driven by hand."""

    def __init__(self, api):
        url = api("apps.connections.open", token="xapp-local")["url"]
        self.url = url
        self._socket = connect(url, proxy=None)
        self.hello = self.next()

    def next(self, timeout_s=5.0):
        return json.loads(self._socket.recv(timeout=timeout_s))

    def ack(self, envelope, payload=None):
        body = {"envelope_id": envelope["envelope_id"]} | ({"payload": payload} if payload else {})
        self._socket.send(json.dumps(body))

    def take(self, kind=None):
        """Acks envelopes until one of a kind (an event or payload type) comes, and returns it."""
        while True:
            envelope = self.next()
            self.ack(envelope)
            payload = envelope["payload"]
            event = payload.get("event", payload)
            if kind in (None, envelope["type"], event.get("type"), event.get("subtype")):
                return envelope

    def close(self):
        self._socket.close()


@pytest.fixture(scope="session", name="manifest_path")
def _manifest_path():
    return Path(__file__).parent / "slack_manifest.yaml"


@pytest.fixture(name="manifest_without")
def _manifest_without(manifest_path, tmp_path):
    """Writes the manifest with scopes and events left out."""

    def write(*names):
        document = yaml.safe_load(manifest_path.read_text())
        scopes = document["oauth_config"]["scopes"]
        scopes["bot"] = [scope for scope in scopes["bot"] if scope not in names]
        events = document["settings"]["event_subscriptions"]
        events["bot_events"] = [event for event in events["bot_events"] if event not in names]
        path = tmp_path / "manifest.yaml"
        path.write_text(yaml.safe_dump(document))
        return path

    return write


@pytest.fixture(name="workspace")
def _workspace(manifest_path):
    with LocalSlack(manifest_path, event_retries_s=(0.0, 0.1, 0.2), share_delay_s=0.03) as workspace:
        yield workspace


@pytest.fixture(name="people")
def _people(workspace):
    return workspace.client


@pytest.fixture(name="api")
def _api(workspace):
    return Api(workspace)


@pytest.fixture(name="impatient")
def _impatient(manifest_path):
    """A workspace that waits less for an acknowledgement than Slack does."""
    with LocalSlack(manifest_path, event_retries_s=(0.0, 0.1, 0.2), ack_timeout_s=0.3) as workspace:
        socket = Socket(Api(workspace))
        yield workspace, socket
        socket.close()


@pytest.fixture(name="patient")
def _patient(manifest_path):
    """A workspace that waits for an acknowledgement as good as for ever."""
    with LocalSlack(manifest_path, ack_timeout_s=3600) as workspace:
        socket = Socket(Api(workspace))
        yield workspace, socket
        socket.close()


@pytest.fixture(name="make_api")
def _make_api():
    return Api


@pytest.fixture(name="open_socket")
def _open_socket(api):
    sockets = []

    def open_socket():
        sockets.append(Socket(api))
        return sockets[-1]

    yield open_socket
    for socket in sockets:
        socket.close()
