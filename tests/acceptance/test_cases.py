"""A label is wrong: Ada opens a case in the running product, one reviewer steps down, another answers."""

import json
from pathlib import Path

import pytest

from tests.world import ADA, BEN, CLEO, World, action_ids, bot_messages, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]
DEV = "U0DEV"
MEETING = (Path(__file__).parents[2] / "examples" / "short.flac").read_bytes()
SENTENCE = "I was still speaking here."


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    with World(tmp_path_factory.mktemp("cases"), WHOSPOKE_INSTALLER_ID=CLEO) as running:
        running.start("bot", "worker")
        yield running


def modal(world, user, title):
    def found(state):
        stack = state["modals"].get(user) or []
        return stack[-1] if stack and stack[-1]["title"]["text"] == title else None

    return world.wait(found)


def submit(world, user, view, **values):
    fields = {name.replace("__", "."): value for name, value in values.items()}
    answer = world.people.submit(user, view["id"], {k: {k: v} for k, v in fields.items()})
    assert answer["response_action"] in {None, "update"}, answer


def home(world, user, said):
    """The Home tab, once it says this."""

    def shown():
        world.people.open(user, "home")
        view = world.people.state()["homes"].get(user)
        return view if view and said in json.dumps(view["blocks"], ensure_ascii=False) else None

    return wait_until(shown)


def set_role(world, user, deed):
    view = home(world, CLEO, "My cohorts")
    world.people.press(CLEO, "manage.roles", view_id=view["id"])
    view = modal(world, CLEO, "Roles")
    submit(world, CLEO, view, role__who=user, role__what=f"{deed}|reviewer")
    world.people.close(CLEO, modal(world, CLEO, "Roles")["id"])


def said_to(world, user):
    """All that the app's messages to a person show at this moment."""
    return json.dumps([m.get("blocks") for m in world.messages(world.dm(user))], ensure_ascii=False)


@pytest.fixture(scope="module")
def result(world):
    channel = world.dm(ADA)
    thread_ts = world.people.upload(ADA, channel, {"standup.flac": MEETING})["ts"]
    notice = world.wait_message(channel, "May we label", thread_ts=thread_ts)
    world.agree(ADA, channel, notice, "label", "others")

    def found(state):
        messages = bot_messages(state, channel, thread_ts)
        return next(
            (m for m in messages if "appeal.open" in action_ids(m) and "Who spoke" in m["text"]), None
        )

    return channel, world.wait(found, 120)


def test_case_from_its_opening_to_its_answer(world, result):
    channel, message = result
    set_role(world, BEN, "appoint")
    world.press(ADA, message, "appeal.open", channel=channel)
    view = modal(world, ADA, "This label is wrong")
    assert "forward your recording to them yourself" in json.dumps(view["blocks"])
    labels = [
        option["value"]
        for block in view["blocks"]
        if block.get("block_id") == "appeal.given"
        for option in block["element"]["options"]
    ]
    submit(
        world,
        ADA,
        view,
        appeal__start="0:01",
        appeal__end="0:03",
        appeal__given=labels[0],
        appeal__right="nobody",
        appeal__sentence=SENTENCE,
        appeal__reviewer=BEN,
        appeal__words=["words"],
    )
    world.wait_message(channel, "Your case is open")
    world.wait_message(world.dm(BEN), "A case for you")
    assert SENTENCE in said_to(world, BEN)
    assert "standup.flac" not in said_to(world, BEN)
    assert "Cases for me to answer" in json.dumps(home(world, BEN, SENTENCE)["blocks"])

    # Ben steps down: he sees nothing of it any more, and Ada chooses again.
    set_role(world, BEN, "dismiss")
    asked = world.wait_message(channel, "Who shall answer instead?")
    wait_until(lambda: SENTENCE not in said_to(world, BEN))
    set_role(world, DEV, "appoint")
    world.press(ADA, asked, "appeal.choose", channel=channel)
    submit(world, ADA, modal(world, ADA, "Somebody else"), appeal__reviewer=DEV)
    case = world.wait_message(world.dm(DEV), "A case for you")

    world.press(DEV, case, "appeal.answer", channel=world.dm(DEV))
    view = modal(world, DEV, "Answer the case")
    assert SENTENCE in json.dumps(view["blocks"])
    submit(world, DEV, view, appeal__verdict="upheld", appeal__reply="You are right.")
    answered = world.wait_message(channel, "the label was wrong")
    assert "You are right." in answered["text"]
    shown = json.dumps(home(world, ADA, "You are right.")["blocks"], ensure_ascii=False)
    for words in ("its reviewer stepped down", "given to somebody else", "Audit log (UTC)"):
        assert words in shown
    wait_until(lambda: "appeal.answer" not in said_to(world, DEV))


def test_what_was_shared_of_the_clip_goes_with_it(world, result):
    channel, message = result
    world.press(ADA, message, "clip.delete", channel=channel)
    wait_until(lambda: "Words of that span" not in said_to(world, DEV) + said_to(world, ADA))
    home(world, ADA, SENTENCE)
