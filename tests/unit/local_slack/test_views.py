import threading

import pytest

from local_slack.client import ControlError
from local_slack.server import LocalSlack

PLAIN = {"type": "plain_text"}


def text(words):
    return PLAIN | {"text": words}


def option(value):
    return {"text": text(value.title()), "value": value}


QUESTION = {
    "type": "input",
    "block_id": "q",
    "label": text("Name"),
    "element": {"type": "plain_text_input", "action_id": "name", "max_length": 5},
}
CHOICES = {
    "type": "actions",
    "block_id": "c",
    "elements": [
        {"type": "static_select", "action_id": "one", "options": [option("a"), option("b")]},
        {"type": "checkboxes", "action_id": "many", "options": [option("x"), option("y")]},
        {"type": "button", "action_id": "go", "text": text("Go"), "value": "7"},
    ],
}


def modal(*blocks, **fields):
    return {
        "type": "modal",
        "callback_id": "m",
        "title": text("A"),
        "submit": text("Send"),
        "blocks": list(blocks),
    } | fields


class App:
    """Answers interactive envelopes in a thread, with what it was told to answer."""

    def __init__(self, socket):
        self.socket = socket
        self.answers = []
        self.payloads = []
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self):
        while True:
            try:
                envelope = self.socket.next(timeout_s=30)
            except Exception:  # noqa: BLE001 (the socket is closed at the end)
                return
            if envelope["type"] != "events_api":
                self.payloads.append(envelope["payload"])
            self.socket.ack(envelope, self.answers.pop(0) if self.answers else None)


@pytest.fixture(name="bolt")
def _bolt(open_socket):
    return App(open_socket())


@pytest.fixture(name="trigger")
def _trigger(bolt, people):
    def trigger():
        people.do("shortcut", user="U0ADA", callback_id="continue_course")
        return bolt.payloads[-1]["trigger_id"]

    return trigger


@pytest.fixture(name="opened")
def _opened(api, trigger):
    def opened(view):
        answer = api("views.open", trigger_id=trigger(), view=view)
        assert answer["ok"], answer
        return answer["view"]

    return opened


def test_a_trigger_works_once(api, trigger):
    trigger_id = trigger()
    view = api("views.open", trigger_id=trigger_id, view=modal(QUESTION))["view"]
    assert view["root_view_id"] == view["id"]
    assert view["state"]["values"] == {"q": {"name": {"type": "plain_text_input", "value": None}}}
    assert api("views.open", trigger_id=trigger_id, view=modal(QUESTION))["error"] == "exchanged_trigger_id"
    assert api("views.open", trigger_id="1.2.x", view=modal(QUESTION))["error"] == "invalid_trigger_id"


def test_a_trigger_works_for_three_seconds(manifest_path, make_api):
    now = [1000.0]
    with LocalSlack(manifest_path, clock=lambda: now[0]) as workspace:
        trigger_id = workspace.workspace.triggers.issue("U0ADA")
        now[0] += 3.1
        answer = make_api(workspace)("views.open", trigger_id=trigger_id, view=modal(QUESTION))
    assert answer["error"] == "expired_trigger_id"


def test_a_faulty_view_is_refused_with_the_place(api, trigger):
    answer = api("views.open", trigger_id=trigger(), view=modal(QUESTION, title=text("x" * 25)))
    assert answer["error"] == "invalid_arguments"
    assert "[json-pointer:/view/title/text]" in answer["response_metadata"]["messages"][0]


def test_an_update_against_an_old_hash_is_refused(api, opened):
    view = opened(modal(QUESTION))
    newer = api("views.update", view_id=view["id"], hash=view["hash"], view=modal(QUESTION))["view"]
    stale = api("views.update", view_id=view["id"], hash=view["hash"], view=modal(QUESTION))
    assert stale["error"] == "hash_conflict"
    assert newer["hash"] != view["hash"]
    assert api("views.update", view_id="V0NOPE", view=modal(QUESTION))["error"] == "not_found"


def test_three_modals_lie_on_one_another_and_no_more(api, opened, bolt, people):
    view = opened(modal(CHOICES))
    for _ in range(2):
        people.press("U0ADA", "go", view_id=view["id"])
        view = api("views.push", trigger_id=bolt.payloads[-1]["trigger_id"], view=modal(CHOICES))["view"]
    people.press("U0ADA", "go", view_id=view["id"])
    answer = api("views.push", trigger_id=bolt.payloads[-1]["trigger_id"], view=modal(CHOICES))
    assert answer["error"] == "push_limit_reached"


def test_a_press_in_a_modal_carries_the_view_and_its_state(opened, bolt, people):
    view = opened(modal(CHOICES))
    people.press("U0ADA", "one", view_id=view["id"], selected="b")
    people.press("U0ADA", "many", view_id=view["id"], selected=["x", "y"])
    payload = bolt.payloads[-1]
    assert payload["type"] == "block_actions"
    assert payload["container"] == {"type": "view", "view_id": view["id"]}
    assert "response_url" not in payload
    assert payload["actions"][0]["selected_options"] == [option("x"), option("y")]
    values = payload["view"]["state"]["values"]["c"]
    assert values["one"] == {"type": "static_select", "selected_option": option("b")}


@pytest.mark.parametrize(
    ("press", "error"),
    [
        ({"action_id": "nope"}, "no_such_element"),
        ({"action_id": "go", "value": "8"}, "no_such_element"),
        ({"action_id": "go", "block_id": "other"}, "no_such_element"),
        ({"action_id": "one", "selected": "z"}, "no_such_option"),
    ],
)
def test_only_what_is_there_can_be_pressed(opened, people, press, error):
    view = opened(modal(CHOICES))
    with pytest.raises(ControlError, match=error):
        people.press("U0ADA", view_id=view["id"], **press)


def test_a_form_is_checked_before_the_app_hears_of_it(opened, bolt, people):
    view = opened(modal(QUESTION))
    before = len(bolt.payloads)
    assert "required" in people.submit("U0ADA", view["id"])["errors"]["q"]
    assert "at most 5" in people.submit("U0ADA", view["id"], {"q": {"name": "too long"}})["errors"]["q"]
    assert len(bolt.payloads) == before


def test_a_submission_can_be_answered_with_another_view(opened, bolt, people, workspace):
    view = opened(modal(QUESTION))
    bolt.answers.append({"response_action": "update", "view": modal(QUESTION, callback_id="second")})
    people.submit("U0ADA", view["id"], {"q": {"name": "Ada"}})
    (shown,) = workspace.state()["modals"]["U0ADA"]
    assert (shown["id"], shown["callback_id"]) == (view["id"], "second")
    bolt.answers.append({"response_action": "push", "view": modal(QUESTION, callback_id="third")})
    people.submit("U0ADA", view["id"], {"q": {"name": "Ada"}})
    top = workspace.state()["modals"]["U0ADA"][-1]
    assert (top["previous_view_id"], top["root_view_id"]) == (view["id"], view["id"])
    bolt.answers.append({"response_action": "clear"})
    people.submit("U0ADA", top["id"], {"q": {"name": "Ada"}})
    assert workspace.state()["modals"] == {}


def test_errors_may_name_only_inputs(opened, bolt, people):
    view = opened(modal(QUESTION))
    bolt.answers.append({"response_action": "errors", "errors": {"elsewhere": "no"}})
    with pytest.raises(ControlError, match="invalid_response_errors"):
        people.submit("U0ADA", view["id"], {"q": {"name": "Ada"}})


def test_a_closed_modal_is_told_only_where_it_was_asked_for(opened, bolt, people, workspace):
    people.close("U0ADA", opened(modal(QUESTION))["id"])
    assert bolt.payloads[-1]["type"] == "shortcut"
    people.close("U0ADA", opened(modal(QUESTION, notify_on_close=True))["id"])
    assert (bolt.payloads[-1]["type"], bolt.payloads[-1]["is_cleared"]) == ("view_closed", False)
    assert workspace.state()["modals"] == {}


def test_a_home_tab_is_published_and_comes_with_the_event(api, open_socket, people):
    home = {"type": "home", "blocks": [CHOICES]}
    first = api("views.publish", user_id="U0ADA", view=home)["view"]
    second = api("views.publish", user_id="U0ADA", view=home, hash=first["hash"])["view"]
    assert second["id"] == first["id"]
    assert api("views.publish", user_id="U0ADA", view=home, hash=first["hash"])["error"] == "hash_conflict"
    socket = open_socket()
    people.open("U0ADA", "home")
    event = socket.take()["payload"]["event"]
    assert (event["type"], event["tab"], event["view"]["id"]) == ("app_home_opened", "home", first["id"])


def test_what_was_chosen_stays_when_a_view_is_updated(api, opened, people, workspace):
    view = opened(modal(CHOICES))
    people.press("U0ADA", "one", view_id=view["id"], selected="b")
    api("views.update", view_id=view["id"], view=modal(CHOICES))
    (shown,) = workspace.state()["modals"]["U0ADA"]
    assert shown["state"]["values"]["c"]["one"]["selected_option"] == option("b")


def test_shortcuts_and_commands_have_to_be_declared(bolt, people):
    for call in (
        lambda: people.command("U0ADA", "C0GENERAL", "/nope"),
        lambda: people.do("shortcut", user="U0ADA", callback_id="nope"),
        lambda: people.do("shortcut", user="U0ADA", callback_id="label_speakers"),
    ):
        with pytest.raises(ControlError, match="no_such"):
            call()


def test_a_message_shortcut_carries_the_message(bolt, people):
    ts = people.message("U0CLEO", "C0PRIVATE", "label me")
    people.do("shortcut", user="U0CLEO", callback_id="label_speakers", channel="C0PRIVATE", message_ts=ts)
    payload = bolt.payloads[-1]
    assert (payload["type"], payload["message"]["text"]) == ("message_action", "label me")
    assert payload["channel"] == {"id": "C0PRIVATE", "name": "privategroup"}


def test_a_command_escapes_mentions_where_it_asked_for_it(bolt, people):
    people.command("U0ADA", "C0GENERAL", "/escaped", "@Ben Osei & co")
    people.command("U0ADA", "C0GENERAL", "/whospoke", "@Ben Osei & co")
    assert [payload["text"] for payload in bolt.payloads] == ["<@U0BEN> &amp; co", "@Ben Osei & co"]
    assert bolt.payloads[0]["channel_name"] == "general"


def test_a_file_typed_into_a_modal_reaches_the_app(api, opened, bolt, people):
    block = {
        "type": "input",
        "block_id": "f",
        "label": text("Clip"),
        "element": {"type": "file_input", "action_id": "clip"},
    }
    view = opened(modal(block))
    content = {"name": "a.wav", "content_base64": "UklGRg=="}
    (file_id,) = people.do("upload", user="U0ADA", view_id=view["id"], files=[content])["file_ids"]
    people.submit("U0ADA", view["id"], {"f": {"clip": [file_id]}})
    (file,) = bolt.payloads[-1]["view"]["state"]["values"]["f"]["clip"]["files"]
    assert (file["id"], file["name"]) == (file_id, "a.wav")
    assert api("files.info", file=file_id)["ok"]


def respond(api, url, **body):
    path = url.split(str(api.workspace.port))[1]
    import json

    return api.send("POST", path, json.dumps(body), {"Content-Type": "application/json"})


def test_a_response_url_answers_five_times(api, bolt, people, workspace):
    people.command("U0CLEO", "C0PRIVATE", "/whospoke")
    url = bolt.payloads[-1]["response_url"]
    answers = [respond(api, url, text=f"answer {number}")[0] for number in range(6)]
    assert answers == [200] * 5 + [404]
    rows = workspace.state()["ephemerals"]["C0PRIVATE"]
    assert {row["ephemeral_for"] for row in rows} == {"U0CLEO"}


def test_a_response_url_replaces_and_deletes_even_what_one_person_sees(api, bolt, people, workspace):
    api("chat.postEphemeral", channel="C0GENERAL", user="U0ADA", text="one", blocks=[CHOICES])
    (message,) = workspace.state()["ephemerals"]["C0GENERAL"]
    people.press("U0ADA", "go", channel="C0GENERAL", message_ts=message["ts"])
    payload = bolt.payloads[-1]
    assert payload["container"]["is_ephemeral"] is True
    assert "message" not in payload
    respond(api, payload["response_url"], text="two", replace_original=True)
    assert workspace.state()["ephemerals"]["C0GENERAL"][0]["text"] == "two"
    respond(api, payload["response_url"], delete_original=True)
    assert workspace.state()["ephemerals"]["C0GENERAL"] == []


def test_a_response_url_can_speak_to_the_channel(api, bolt, people, workspace):
    people.command("U0ADA", "C0GENERAL", "/whospoke")
    url = bolt.payloads[-1]["response_url"]
    respond(api, url, text="for all", response_type="in_channel")
    assert [row["text"] for row in workspace.state()["messages"]["C0GENERAL"]] == ["for all"]
    status, body = respond(api, url, text="x", blocks=[{"type": "section"}])
    assert (status, b"invalid_blocks" in body) == (400, True)


def test_a_command_answers_at_once_with_what_it_was_acked_with(patient):
    """Not when the time for it is over: that is an hour, and the client waits half a minute."""
    workspace, socket = patient
    App(socket).answers.append({"text": "here", "response_type": "ephemeral"})
    assert workspace.client.command("U0ADA", "C0GENERAL", "/whospoke")["text"] == "here"
