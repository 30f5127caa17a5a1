"""Whoever is not Slack is turned away over HTTP before anything is parsed, and nothing of theirs reaches the log."""

import asyncio
import http.client
import json
import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from copy import deepcopy
from itertools import product
from types import SimpleNamespace
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.front_door import BODY_LIMIT_BYTES, Refusals, make_web
from bot.serving import serve_http
from tests.signed import signed as signed_with
from tests.unit.bot.test_app import EVENT, PRESS

SECRET = "made up for this test"
#: Stands in everything that is sent; see `Log.is_clean`.
WORD = "zebraquagga7731"
PATH = "/slack/events"
FORM = "application/x-www-form-urlencoded"
COMMAND = {"command": "/whospoke", "text": "help", "team_id": "T1", "user_id": "U1", "channel_id": "C1"}
SUBMISSION = {
    "type": "view_submission",
    "user": {"id": "U1", "team_id": "T1"},
    "team": {"id": "T1", "domain": "harbour"},
    "view": {
        "id": "V1",
        "type": "modal",
        "callback_id": "clip.fix",
        "private_metadata": '{"clip": "c1"}',
        "state": {"values": {"b": {"a": {"type": "plain_text_input", "value": WORD}}}},
    },
}
SHORTCUT = {
    "type": "message_action",
    "callback_id": "clip.label",
    "user": {"id": "U1", "team_id": "T1"},
    "team": {"id": "T1", "domain": "harbour"},
    "channel": {"id": "C1", "name": "general"},
    "message": {"type": "message", "user": "U1", "ts": "1.1", "text": WORD, "files": []},
    "trigger_id": "1.2",
}
SAID = EVENT | {"event": EVENT["event"] | {"text": WORD}}
CHANGED = EVENT | {"event": {"type": "user_change", "user": {"id": "U1", "profile": {"real_name": WORD}}}}
EDITED = EVENT | {
    "event": {
        "type": "message",
        "subtype": "message_changed",
        "channel_type": "im",
        "channel": "D1",
        "ts": "1.2",
        "message": {"user": "U1", "ts": "1.1", "thread_ts": "1.0", "text": WORD},
        "previous_message": {"user": "U1", "ts": "1.1", "thread_ts": "1.0", "text": "before"},
    }
}
PAYLOADS = [SAID, CHANGED, EDITED, PRESS, SUBMISSION, SHORTCUT]


@contextmanager
def served(app):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number = free.getsockname()[1]
    stop = serve_http(app, SECRET, "127.0.0.1", number)
    yield number
    stop()


@pytest.fixture
def port(log, app):
    with served(app) as number:
        yield number


def send(port, body=b"", headers=(), *, method="POST", path=PATH):
    """Send a request as it is given, however odd; returns the status and the body of the answer."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        connection.putrequest(method, path, skip_accept_encoding=True)
        for name, value in dict(headers).items():
            connection.putheader(name, value)
        if "Content-Length" not in dict(headers):
            connection.putheader("Content-Length", len(body))
        connection.endheaders(body)
        answer = connection.getresponse()
        return answer.status, answer.read()


def signed(body, *, secret=SECRET, **how):
    return signed_with(body, secret, **how)


def send_signed(port, body, **how):
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return send(port, raw, signed(raw, **how))


def check_log(log):
    said = log.getvalue()
    assert WORD not in said
    assert "Traceback" not in said
    return said


BODIES = {
    "event": json.dumps(SAID).encode(),
    "command": urlencode(COMMAND | {"text": WORD}).encode(),
    "payload": urlencode({"payload": json.dumps(PRESS | {"word": WORD})}).encode(),
    "nothing": b"",
    "list": b"[]",
    "null": b"null",
    "number": b"5",
    "brackets": b"[" * 20_000,
    "payload of brackets": b"payload=" + b"[" * 20_000,
    "payload=5": b"payload=5",
    "no JSON": b'{"' + WORD.encode(),
    "no UTF-8": b"\xff\xfe" + WORD.encode(),
    "zeros": b"\0" * 1000 + WORD.encode(),
    "almost too large": WORD.encode() * (BODY_LIMIT_BYTES // len(WORD)),
    "parts": f'--x\r\nContent-Disposition: form-data; name="payload"\r\n\r\n{WORD}\r\n--x--'.encode(),
    "certificate in JSON": b'{"ssl_check": "1"}',
}
NOW = signed(b"")["X-Slack-Request-Timestamp"]
TIMESTAMPS = {
    "word": "abc", "nan": "nan", "inf": "inf", "none": "", "negative": "-1", "float": f"{NOW}.5", "space": " ",
    "huge": "9" * 400, "more digits than Python reads": "9" * 5000, "square": "²", "long ago": "0", "own word": WORD,
}  # fmt: skip
SIGNATURES = {
    "none": "", "version alone": "v0=", "no hex": "v0=zz", "umlaut": "v0=ü".encode("latin-1"), "long": "v0=" + "0" * 9000,
    "of zeros": "v0=" + "0" * 64, "other version": "v1=" + "0" * 64, "bytes": b"v0=\xff\xfe", "own word": WORD,
}  # fmt: skip


def unsigned_headers(body):
    """Every way of not being Slack."""
    good = signed(body) if body.isascii() else {"X-Slack-Request-Timestamp": NOW, "X-Slack-Signature": "v0=0"}
    yield "no headers", {}
    for name in ("X-Slack-Request-Timestamp", "X-Slack-Signature"):
        yield f"no {name}", {one: value for one, value in good.items() if one != name}
    for name, timestamp in TIMESTAMPS.items():
        yield f"timestamp: {name}", good | {"X-Slack-Request-Timestamp": timestamp}
    for name, signature in SIGNATURES.items():
        yield f"signature: {name}", good | {"X-Slack-Signature": signature}
    if body.isascii():
        yield "another secret", signed(body, secret=WORD)
        yield "five minutes old", signed(body, age_s=302)
        yield "from the future", signed(body, age_s=-302)
        yield "of another body", signed(body + b" ")


def test_what_slack_did_not_sign_gets_nothing_but_a_401(port, log, database):
    corpus = [
        (f"{name}, {how}", body, headers)
        for name, body in BODIES.items()
        for how, headers in unsigned_headers(body)
    ]
    assert len(corpus) > 300
    answers = {name: send(port, body, headers) for name, body, headers in corpus}
    assert {name: answer for name, answer in answers.items() if answer != (401, b"")} == {}
    said = check_log(log)
    assert said.count("requests turned away") == 1
    assert "SLACK_SIGNING_SECRET" in said
    assert "clock" in said
    with database.read() as tx:
        assert tx.inbox.get(EVENT["event_id"]) is None


def test_an_odd_content_type_changes_nothing(port, log):
    kinds = ("text/plain", "", WORD, "application/json; charset=klingon", "a" * 3000)
    assert {send(port, BODIES["event"], {"Content-Type": kind})[0] for kind in kinds} == {401}
    assert {send_signed(port, SAID, content_type=kind)[0] for kind in kinds} == {200}
    check_log(log)


def test_other_methods_are_405(port, log):
    methods = ("GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", WORD)
    assert {send(port, body, method=one)[0] for one in methods for body in (b"", BODIES["event"])} == {405}
    check_log(log)


def test_there_is_no_other_way_in(port, log):
    body = json.dumps(SAID).encode()
    paths = (
        "/",
        "/slack",
        f"{PATH}/",
        f"/{PATH}",
        "/SLACK/EVENTS",
        f"{PATH}%00",
        f"/{WORD}",
        "/%ff",
        "/a?b=%",
    )
    assert {send(port, body, signed(body), path=path)[0] for path in paths} == {404}
    check_log(log)


def test_the_sign_of_life_takes_no_posts(port):
    assert send(port, method="GET", path="/healthz") == (200, b"ok")
    assert send(port, BODIES["event"], path="/healthz")[0] == 405


RAW = {
    "no HTTP": WORD.encode() + b"\r\n\r\n",
    "zeros": b"\0" * 200 + b"\r\n\r\n",
    "no host": b"POST /slack/events HTTP/1.1\r\n\r\n",
    "two lengths": b"POST /slack/events HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    "a length of words": b"POST /slack/events HTTP/1.1\r\nHost: a\r\nContent-Length: zebra\r\n\r\n",
    "a length below nothing": b"POST /slack/events HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\n",
    "pieces without a size": b"POST /slack/events HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzebra\r\n",
    "a header without end": (b"POST /slack/events HTTP/1.1\r\nHost: a\r\nX-A: " + WORD.encode() * 5000)[
        : 64 * 1024 + 1
    ],
}


def test_what_is_no_http_is_refused(port, log):
    statuses = {}
    for name, raw in RAW.items():
        with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
            connection.sendall(raw)
            statuses[name] = connection.recv(100).split(b" ")[1]
    assert statuses == dict.fromkeys(RAW, b"400")
    check_log(log)


def test_a_socket_is_not_opened(port, log):
    headers = {
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Version": "13",
    }
    assert send(port, headers=headers, method="GET")[0] == 405
    check_log(log)


def test_who_hangs_up_in_the_middle_leaves_no_trace(port, log):
    for _ in range(5):
        with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
            connection.sendall(
                f"POST {PATH} HTTP/1.1\r\nHost: a\r\nContent-Length: 900\r\n\r\n{WORD}".encode()
            )
    assert send(port, method="GET", path="/healthz") == (200, b"ok")
    check_log(log)


class TestSize:
    def test_a_large_body_is_refused_by_its_length_alone(self, port, log):
        assert send(port, headers={"Content-Length": str(400_000_000)}) == (413, b"")
        assert send(port, headers={"Content-Length": "9" * 19}) == (413, b"")
        check_log(log)

    def test_a_large_body_in_pieces_is_refused_once_it_is_too_large(self, port, log):
        with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
            connection.sendall(
                f"POST {PATH} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
            )
            connection.sendall(b"%x\r\n" % (BODY_LIMIT_BYTES + 1) + b"a" * (BODY_LIMIT_BYTES + 1))
            assert connection.recv(100).startswith(b"HTTP/1.1 413 ")
        check_log(log)

    def test_one_without_end_is_hung_up_on(self, port, log):
        """Else whoever sends it would keep us reading, if not remembering, for ever."""
        with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
            connection.sendall(
                f"POST {PATH} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
            )
            with pytest.raises(ConnectionError):
                pour(connection, 400_000_000)
        check_log(log)

    @pytest.mark.parametrize("piece_bytes", [1, 100, 65_536])
    def test_no_more_than_the_limit_and_a_piece_is_ever_read(self, app, piece_bytes):
        read = 0

        async def receive():
            nonlocal read
            read += piece_bytes
            return {"type": "http.request", "body": b"a" * piece_bytes, "more_body": True}

        sent = ask(make_web(app, SECRET, Refusals(lambda: 0.0)), receive)
        assert sent[0]["status"] == 413
        assert BODY_LIMIT_BYTES < read <= BODY_LIMIT_BYTES + piece_bytes

    def test_nothing_is_read_of_a_body_that_says_it_is_too_large(self, app):
        async def receive():
            raise AssertionError("read")

        web = make_web(app, SECRET, Refusals(lambda: 0.0))
        assert ask(web, receive, [(b"content-length", b"400000000")])[0]["status"] == 413

    def test_a_body_that_does_not_come_is_not_waited_for(self, app):
        async def receive():
            await asyncio.Event().wait()

        assert (
            ask(make_web(app, SECRET, Refusals(lambda: 0.0), body_wait_s=0.01), receive)[0]["status"] == 408
        )

    def test_the_largest_that_slack_may_send_gets_through(self, port):
        body = json.dumps(SAID).encode()
        padded = body + b" " * (BODY_LIMIT_BYTES - len(body))
        assert send_signed(port, padded)[0] == 200


def pour(connection, num_bytes):
    piece = b"10000\r\n" + b"a" * 0x10000 + b"\r\n"
    for _ in range(num_bytes // len(piece)):
        connection.sendall(piece)


def ask(web, receive, headers=()):
    """Hand a request to the application as a server does; returns what it sends."""
    sent = []

    async def take(message):
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": PATH, "headers": list(headers), "query_string": b""}
    asyncio.run(web(scope, receive, take))
    return sent


RUBBISH = {
    **{f"event of {value!r}": SAID | {"event": value} for value in (None, 5, [], WORD, {}, {"type": 5})},
    **{
        f"{kind} without {name}": {one: value for one, value in payload.items() if one != name}
        for kind, payload, names in (
            ("event", SAID, ("event_id", "team_id", "event", "type")),
            ("press", PRESS, ("user", "actions", "type")),
            ("submission", SUBMISSION, ("user", "view")),
            ("shortcut", SHORTCUT, ("user", "channel", "message", "trigger_id")),
            ("command", COMMAND, ("user_id", "team_id", "command")),
        )
        for name in names
    },
    **{
        f"{kind} with {name} {value!r}": payload | {name: value}
        for (kind, payload, names), value in product(
            (
                ("event", SAID, ("event_id", "team_id", "authorizations")),
                ("press", PRESS, ("user", "actions", "team", "message", "view", "state")),
                ("submission", SUBMISSION, ("user", "view")),
            ),
            (5, [5], {"a": [WORD]}),
        )
        for name in names
        if not (name in {"message", "team", "view", "state"} and value == {"a": [WORD]})
    },
    "user_change without id": EVENT | {"event": {"type": "user_change", "user": {"name": WORD}}},
    "user_change of a name": EVENT | {"event": {"type": "user_change", "user": WORD}},
    "message nowhere": EVENT | {"event": {"type": "message", "user": "U1", "ts": "1.1", "text": WORD}},
    "message never": EVENT | {"event": {"type": "message", "user": "U1", "channel": "D1", "text": WORD}},
    "message without words": EVENT | {"event": EVENT["event"] | {"text": 5}},
    "another type": {"type": WORD},
    "legacy button": PRESS | {"type": "interactive_message", "callback_id": WORD},
    "no type": {"word": WORD},
    "challenge without one": {"type": "url_verification"},
    "no actions": PRESS | {"actions": []},
}
RAW_RUBBISH = {
    name: BODIES[name]
    for name in BODIES.keys() - {"event", "command", "payload", "no UTF-8", "certificate in JSON"}
}  # fmt: skip


class TestRubbishThatSlackSigned:
    """Signed and of no use: 400, with the word that it would be of no more use a second time."""

    def test_it_is_a_400_that_slack_does_not_repeat_and_a_line_without_content(self, port, log):
        corpus = {name: json.dumps(body).encode() for name, body in RUBBISH.items()} | RAW_RUBBISH
        answers = {name: send_signed(port, body) for name, body in corpus.items()}
        assert {name: answer for name, answer in answers.items() if answer != (400, b"")} == {}
        assert check_log(log).count("is of no use") == len(corpus)

    def test_slack_is_told_not_to_send_it_again(self, port):
        body = b"[]"
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
            connection.request("POST", PATH, body, signed(body))
            assert connection.getresponse().getheader("X-Slack-No-Retry") == "1"

    def test_the_line_says_where(self, port, log):
        send_signed(port, RUBBISH["user_change without id"])
        assert "event.user" in check_log(log)

    def test_a_button_that_nobody_knows_is_named_nowhere(self, port, log):
        press = PRESS | {"actions": [{"type": "button", "action_id": WORD, "block_id": WORD, "value": WORD}]}
        assert send_signed(port, press)[0] < 500
        check_log(log)

    values = st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(), st.just(WORD), st.just("\ud800"), st.just("\0"),
        st.lists(st.just(WORD), max_size=2), st.dictionaries(st.sampled_from([WORD, "id", "type"]), st.just(WORD)),
    )  # fmt: skip

    @settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(payload=st.sampled_from(PAYLOADS), data=st.data(), value=values)
    def test_no_change_to_what_slack_sends_breaks_anything(self, port, log, payload, data, value):
        changed = deepcopy(payload)
        parent, key = data.draw(st.sampled_from(list(places(changed))))
        if data.draw(st.booleans()):
            del parent[key]
        else:
            parent[key] = value
        status, _ = send_signed(port, changed)
        assert status < 500
        assert WORD not in log.getvalue()


def places(part):
    """Every place in a payload, as a container and a key."""
    for key, value in list(part.items() if isinstance(part, dict) else enumerate(part)):
        yield part, key
        if isinstance(value, dict | list):
            yield from places(value)


class TestSlack:
    def test_events_commands_and_presses_get_through(self, port, database):
        assert send_signed(port, SAID)[0] == 200
        with database.read() as tx:
            assert tx.inbox.get(EVENT["event_id"]).payload["text"] == WORD
        body = urlencode(COMMAND).encode()
        status, answer = send(port, body, signed(body, content_type=FORM))
        assert (status, "/whospoke start" in answer.decode()) == (200, True)
        body = urlencode({"payload": json.dumps(PRESS)}).encode()
        assert send(port, body, signed(body, content_type=FORM))[0] == 200

    def test_the_challenge_of_the_first_install_is_answered(self, port):
        answer = send_signed(port, {"type": "url_verification", "challenge": "3eZbrw1aB", "token": "x"})
        assert answer == (200, b'{"challenge": "3eZbrw1aB"}')

    @pytest.mark.parametrize("is_signed", [True, False])
    def test_a_look_at_the_certificate_is_answered(self, port, is_signed):
        body = b"token=abc&ssl_check=1"
        assert send(port, body, signed(body, content_type=FORM) if is_signed else {}) == (200, b"")

    def test_many_at_once_are_all_answered(self, port):
        with ThreadPoolExecutor(8) as pool:
            bodies = [SAID | {"event_id": f"Ev{number}"} for number in range(40)]
            assert {status for status, _ in pool.map(lambda body: send_signed(port, body), bodies)} == {200}


def test_a_fault_of_ours_is_a_500_and_its_line_has_no_words(log, capfd):
    def dispatch(asked):
        raise ValueError(asked.body["event"]["text"])

    with served(SimpleNamespace(dispatch=dispatch)) as port:
        assert send_signed(port, SAID)[0] == 500
    assert "ValueError" in log.getvalue()
    assert WORD not in log.getvalue()
    assert capfd.readouterr().err == ""


class TestRefusals:
    def test_the_same_is_said_once_a_minute_with_how_many_there_were(self, log):
        now = 5.0
        refusals = Refusals(lambda: now)
        for _ in range(10):
            refusals.note("too blue")
        now += 59
        refusals.note("too blue")
        refusals.note("too red")
        now += 1
        refusals.note("too blue")
        said = [line.split(": ", 1)[1] for line in log.getvalue().splitlines()]
        assert said == [
            "requests turned away: 1. too blue.",
            "requests turned away: 1. too red.",
            "requests turned away: 11. too blue.",
        ]


def test_without_a_secret_nothing_is_let_in(app):
    with pytest.raises(ValueError, match="empty"):
        make_web(app, "", Refusals(lambda: 0.0))
