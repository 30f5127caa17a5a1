"""Everything is exported, then deleted, in the running product: afterwards no word of it is in database, log or Slack."""

import json
from pathlib import Path

import pytest

from tests.clip_world import ClipWorld, modal
from tests.world import ADA, ROOT, bot_messages, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
SHORT = (ROOT / "examples" / "short.flac").read_bytes()
FILE, JARGON, NAME, IN_LAB, IN_DM = "zqfile7731", "zqjargon7732", "zqname7733", "zqlab7734", "zqmessage7735"
WORDS = (FILE, JARGON, NAME, IN_LAB, IN_DM)


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    with ClipWorld(tmp_path_factory.mktemp("forgetting")) as running:
        running.start("bot", "worker")
        yield running


def ours(world, channel):
    """The messages of the app in a conversation that say any of it; the export that was sent is the person's own."""
    said = {message["text"]: json.dumps(message) for message in bot_messages(world.people.state(), channel)}
    return [text for text, whole in said.items() if any(word in whole for word in WORDS)]


def test_what_a_person_said_is_theirs_to_take_and_then_gone(world):
    channel = world.dm(ADA)
    with_words = _label_a_recording(world, channel)
    _talk_in_a_lab(world, channel)
    world.people.message(ADA, channel, f"What is {IN_DM}?")
    world.wait_message(channel, "please answer in its thread")

    world.people.open(ADA, "home")
    world.people.press(ADA, "home.privacy", view_id=world.wait(lambda state: state["homes"].get(ADA))["id"])
    held = world.wait_message(channel, "What whospoke holds about you")
    world.press(ADA, held, "privacy.export_clips", channel=channel)
    exported = wait_until(lambda: _file(world, channel, "my-clips-and-consents.json"))
    assert {word for word in WORDS if word in exported} == {FILE, JARGON, NAME, IN_LAB}, (
        "a message is not kept"
    )
    assert with_words in exported

    world.press(ADA, held, "privacy.delete_all", channel=channel)
    world.wait_message(channel, "Deleted: 1 clip")
    files = [path for path in world.folder.iterdir() if path.name.startswith("whospoke.db")]
    assert len(files) == 3
    wait_until(lambda: not any(word.encode() in _bytes(files) for word in WORDS), 60)
    wait_until(lambda: not ours(world, channel), 30)
    for process in ("bot", "worker"):
        assert not [word for word in WORDS if word in world.log(process)], process
        assert "Traceback" not in world.log(process)


def _label_a_recording(world, channel):
    """Have it labelled with jargon and a name; returns a word that was heard in it."""
    upload = world.people.upload(ADA, channel, {f"{FILE}.flac": SHORT})
    notice = world.wait_message(channel, "May we label", thread_ts=upload["ts"])
    where = (channel, str(upload["ts"]))
    world.press(ADA, notice, "clip.purposes", channel=channel, selected=["label", "others", "pictures"])
    typed = {"clip.hot_words": {"clip.hot_words": JARGON}}
    world.press(ADA, notice, "clip.agree", channel=channel, values=typed)
    result = world.wait_done(where)
    world.press(ADA, result, "names.open", channel=channel)
    view = modal(world, ADA, "names.save")
    field = next(block for block in view["blocks"] if block["type"] == "input")
    world.people.submit(ADA, view["id"], {field["block_id"]: {field["element"]["action_id"]: NAME}})
    world.wait_said(where, NAME)
    (document,) = world.rows("SELECT document FROM clip_document WHERE kind = 'result'")
    return json.loads(document.document)["words"][0]["text"]


def _talk_in_a_lab(world, channel):
    _, card = world.start_course(ADA)
    summary = world.take_quiz(ADA, channel, world.read_lesson(ADA, channel, card))
    world.press(ADA, summary, "lab.open", channel=channel)
    lab = world.wait_message(channel, "Your mission")
    said = f"We enrol each judge of {IN_LAB} with consent, from three hearings in the courtroom."
    world.people.message(ADA, channel, said, thread_ts=lab["ts"])
    world.wait_message(channel, "Exchange 1 of 3", thread_ts=lab["ts"])


def _file(world, channel, name):
    state = world.people.state()
    ids = [one for message in bot_messages(state, channel) for one in message.get("files") or []]
    found = [
        one for one in ids if state["files"][one]["name"] == name and state["files"][one]["state"] == "ready"
    ]
    return world.people._request("GET", f"/_control/file/{found[0]}?user={ADA}").decode() if found else None


def _bytes(files: list[Path]) -> bytes:
    return b"".join(path.read_bytes() for path in files)
