"""Answers have the fields that Slack publishes; the pages are named in tests/data/slack_shapes.yaml."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import yaml

from local_slack.server import LocalSlack
from tests.world import ROOT

SHAPES = yaml.safe_load((ROOT / "tests/data/slack_shapes.yaml").read_text())
KINDS = {"bool": bool, "dict": dict, "int": int, "list": list, "str": str}
MODAL = {"type": "modal", "title": {"type": "plain_text", "text": "A form"}, "blocks": [{"type": "divider"}]}


def faults(answer, fields, place=""):
    """What is missing or of another kind, by its place in the answer."""
    for name, wanted in fields.items():
        where = f"{place}{name}"
        value = answer.get(name, "missing") if isinstance(answer, dict) else "missing"
        if isinstance(wanted, dict):
            yield from faults(value, wanted, f"{where}.")
        elif name not in answer:
            yield f"{where} is missing"
        elif not (value is None and wanted.endswith("?")) and type(value) is not KINDS[wanted.rstrip("?")]:
            yield f"{where} is {value!r} and not {wanted}"


def ask(method, api, people, open_socket):
    if method == "chat.postMessage":
        return api(method, channel="C0GENERAL", text="x", blocks=[{"type": "divider"}])
    if method == "files.info":
        sent = people.upload("U0ADA", "C0GENERAL", {"talk.wav": b"RIFF"})
        return api(method, file=sent["file_ids"][0])
    if method == "views.open":
        socket = open_socket()
        with ThreadPoolExecutor(1) as pool:
            pressing = pool.submit(people.command, "U0ADA", "C0GENERAL", "/whospoke", "x")
            trigger_id = socket.take("slash_commands")["payload"]["trigger_id"]
            pressing.result()
        return api(method, trigger_id=trigger_id, view=MODAL)
    arguments = {"users.info": {"user": "U0ADA"}, "conversations.info": {"channel": "C0GENERAL"}}
    return api(method, **arguments.get(method, {}))


@pytest.mark.parametrize("method", sorted(SHAPES))
def test_the_published_fields_are_there(method, api, people, open_socket):
    answer = ask(method, api, people, open_socket)
    assert list(faults(answer, SHAPES[method]["fields"])) == []


def test_every_shape_says_where_it_was_published():
    assert all("://" in shape["from"] for shape in SHAPES.values())


@pytest.mark.parametrize(
    ("method", "name", "arguments"),
    [
        ("users.list", "members", {}),
        ("conversations.list", "channels", {}),
        ("conversations.members", "members", {"channel": "C0GENERAL"}),
        ("conversations.history", "messages", {"channel": "C0GENERAL"}),
    ],
)
def test_lists_come_in_pages(method, name, arguments, api):
    for number in range(5):
        api.post(text=f"message {number}")
    whole = api(method, **arguments)[name]
    found, cursor = [], ""
    while True:
        page = api(method, limit=2, cursor=cursor, **arguments)
        assert len(page[name]) <= 2
        found += page[name]
        cursor = page["response_metadata"]["next_cursor"]
        if not cursor:
            break
    assert found == whole
    assert len(found) > 2
    assert api(method, cursor="nonsense", **arguments)["error"] == "invalid_cursor"


def test_short_history_is_15_messages_once_a_minute(manifest_path, make_api):
    with LocalSlack(manifest_path, short_history=True) as workspace:
        api = make_api(workspace)
        root = api.post(text="the first")
        for number in range(20):
            api.post(text=f"answer {number}", thread_ts=root)
        page = api("conversations.replies", channel="C0GENERAL", ts=root, limit=100)
        assert len(page["messages"]) == 15
        assert page["has_more"]
        again = api("conversations.replies", channel="C0GENERAL", ts=root)
        assert (again["status"], again["error"]) == (429, "ratelimited")
        assert 0 < int(api.headers["retry-after"]) <= 61
        assert api("conversations.history", channel="C0GENERAL")["ok"], "each method has a minute of its own"
        assert api("users.list")["ok"], "other methods are as they were"
