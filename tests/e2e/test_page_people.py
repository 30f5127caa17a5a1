"""People at the page: presses, modals, files, threads, the keyboard, a phone."""

import threading

import pytest
from playwright.sync_api import expect

from tests.e2e.page_blocks import OPTIONS, PURPOSES, marked, plain

pytestmark = pytest.mark.e2e

MODAL = {
    "type": "modal",
    "callback_id": "names",
    "title": plain("Name the speakers"),
    "submit": plain("Save"),
    "close": plain("Not now"),
    "blocks": [
        {
            "type": "input",
            "block_id": "name",
            "label": plain("Name"),
            "element": {"type": "plain_text_input", "action_id": "v"},
        },
        {
            "type": "input",
            "block_id": "count",
            "label": plain("Voices"),
            "element": {
                "type": "number_input",
                "action_id": "v",
                "is_decimal_allowed": False,
                "min_value": "1",
                "max_value": "9",
            },
        },
        {
            "type": "input",
            "block_id": "engine",
            "label": plain("Engine"),
            "element": {"type": "static_select", "action_id": "v", "options": OPTIONS},
        },
        {
            "type": "input",
            "block_id": "also",
            "label": plain("Also"),
            "optional": True,
            "element": {"type": "multi_static_select", "action_id": "v", "options": OPTIONS},
        },
        {
            "type": "input",
            "block_id": "file",
            "label": plain("Reference"),
            "optional": True,
            "element": {"type": "file_input", "action_id": "v", "filetypes": ["rttm"]},
        },
    ],
}


@pytest.fixture
def dm(workspace):
    return workspace.client.open("U0ADA")


def buttons(*elements):
    return [
        {"type": "section", "text": marked("A card"), "accessory": PURPOSES},
        {"type": "actions", "block_id": "row", "elements": list(elements)},
    ]


def button(action_id, words, **fields):
    return {"type": "button", "action_id": action_id, "text": plain(words), **fields}


def test_a_press_is_busy_until_the_app_answers_and_carries_what_was_ticked(
    open_page, client, app, connect, dm
):
    may_answer, seen = threading.Event(), []

    @app.action("purposes")
    def _ticked(ack):
        ack()

    @app.action("next")
    def _next(ack, body, client):
        may_answer.wait(2.5)
        seen.append(body)
        client.chat_update(
            channel=body["channel"]["id"], ts=body["message"]["ts"], text="Card two", blocks=[]
        )
        ack()

    connect()
    client.chat_postMessage(channel=dm, text="Card one", blocks=buttons(button("next", "Next", value="2")))
    page = open_page(dm)
    page.get_by_role("checkbox", name="Keep pictures").check()
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_role("button", name="Next")).to_have_attribute("aria-busy", "true")
    may_answer.set()
    expect(page.get_by_text("Card two")).to_be_visible()
    assert seen[0]["actions"][0]["value"] == "2"
    chosen = [state["purposes"] for state in seen[0]["state"]["values"].values() if "purposes" in state]
    assert [option["value"] for option in chosen[0]["selected_options"]] == ["pictures"]


def test_a_press_that_nobody_answers_says_so(open_page, client, dm):
    client.chat_postMessage(channel=dm, text="Card", blocks=buttons(button("next", "Next")))
    page = open_page(dm)
    expect(page.locator("#banner")).to_contain_text("whospoke is not connected")
    page.get_by_role("button", name="Next").click()
    expect(page.locator(".press-error")).to_contain_text("That didn't work")
    expect(page.get_by_role("button", name="Next")).not_to_have_attribute("aria-busy", "true")


def test_a_question_comes_before_a_press_that_asks_for_one(open_page, client, app, connect, dm):
    pressed = threading.Event()

    @app.action("forget")
    def _forget(ack):
        ack()
        pressed.set()

    connect()
    question = {
        "title": plain("Forget all?"),
        "text": marked("It is *final*."),
        "confirm": plain("Forget"),
        "deny": plain("Keep"),
    }
    client.chat_postMessage(
        channel=dm,
        text="Card",
        blocks=buttons(button("forget", "Forget me", style="danger", confirm=question)),
    )
    page = open_page(dm)
    page.get_by_role("button", name="Forget me").click()
    page.get_by_role("dialog", name="Forget all?").get_by_role("button", name="Keep").click()
    assert not pressed.is_set()
    page.get_by_role("button", name="Forget me").click()
    page.get_by_role("dialog", name="Forget all?").get_by_role("button", name="Forget").click()
    assert pressed.wait(5)


def test_a_modal_shows_errors_at_their_fields_and_sends_values(open_page, client, app, connect, dm, tmp_path):
    views = []

    @app.action("name")
    def _open(ack, body, client):
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=MODAL)

    @app.view("names")
    def _submitted(ack, view):
        views.append(view["state"]["values"])
        if view["state"]["values"]["name"]["v"]["value"] != "Ada":
            ack(response_action="errors", errors={"name": "Nobody is called that."})
        else:
            ack()

    connect()
    client.chat_postMessage(channel=dm, text="Card", blocks=buttons(button("name", "Name them")))
    page = open_page(dm)
    page.get_by_role("button", name="Name them").click()
    dialog = page.get_by_role("dialog", name="Name the speakers")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.locator(".field-error").first).to_have_text("Please complete this required field.")
    expect(dialog.get_by_label("Name")).to_be_focused()
    assert views == []
    dialog.get_by_label("Name").fill("Bob")
    dialog.get_by_label("Voices").fill("12")
    dialog.get_by_role("combobox", name="Engine").select_option("neural")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_text("Please enter at most 9.")).to_be_visible()
    dialog.get_by_label("Voices").fill("3")
    dialog.locator("summary").click()
    dialog.get_by_role("checkbox", name="Embedded").check()
    reference = tmp_path / "truth.rttm"
    reference.write_text("SPEAKER a 1 0 1 <NA> <NA> x <NA> <NA>\n")
    dialog.get_by_label("Reference").set_input_files(reference)
    expect(dialog.get_by_text("truth.rttm")).to_be_visible()
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_text("Nobody is called that.")).to_be_visible()
    expect(dialog.get_by_label("Voices")).to_have_value("3")
    dialog.get_by_label("Name").fill("Ada")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_be_hidden()
    assert views[-1]["count"]["v"]["value"] == "3"
    assert views[-1]["engine"]["v"]["selected_option"]["value"] == "neural"
    assert [one["value"] for one in views[-1]["also"]["v"]["selected_options"]] == ["embedded"]
    assert views[-1]["file"]["v"]["files"][0]["name"] == "truth.rttm"


def test_an_example_and_an_own_file_are_sent_and_played(open_page, workspace, dm, recording, tmp_path):
    page = open_page(dm)
    page.get_by_role("button", name="Try a recording").click()
    expect(page.locator(".tray")).to_contain_text("short_meeting.wav")
    note = tmp_path / "notes.txt"
    note.write_text("who said what")
    page.locator(".composer input[type=file]").set_input_files(note)
    page.get_by_role("textbox", name="Message whospoke").fill("Our meeting")
    page.get_by_role("button", name="Send").click()
    message = page.locator("article.message").last
    expect(message).to_contain_text("Our meeting")
    expect(message.locator("audio")).to_have_attribute("aria-label", "short_meeting.wav")
    expect(message.locator("audio")).to_have_js_property("duration", 1)
    expect(message.get_by_role("link", name="Download notes.txt")).to_be_visible()
    expect(page.locator(".tray li")).to_have_count(0)
    rows = workspace.state()["files"].values()
    assert {row["size"] for row in rows} == {recording.stat().st_size, note.stat().st_size}


def test_a_file_dropped_on_the_conversation_is_attached(open_page):
    page = open_page()
    page.evaluate(
        """() => {
          const data = new DataTransfer();
          data.items.add(new File(['x'], 'dropped.txt', { type: 'text/plain' }));
          document.querySelector('#main .scroller').dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
        }"""
    )
    expect(page.locator(".tray")).to_contain_text("dropped.txt")


def test_the_home_tab_is_asked_for_and_drawn(open_page, app, connect):
    @app.event("app_home_opened")
    def _opened(event, client):
        if event["tab"] == "home":
            client.views_publish(
                user_id=event["user"],
                view={"type": "home", "blocks": [{"type": "header", "text": plain("Your course")}]},
            )

    connect()
    page = open_page()
    page.get_by_role("link", name="whospoke").click()
    page.get_by_role("tab", name="Home").click()
    expect(page.get_by_role("heading", name="Your course")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="Your course")).to_be_visible()
    expect(page.get_by_role("tab", name="Home")).to_have_attribute("aria-selected", "true")


def test_being_somebody_else_changes_what_is_there(open_page, workspace):
    page = open_page()
    expect(page.get_by_role("link", name="leadership")).to_have_count(0)
    page.get_by_role("button", name="You are Ada Quill").click()
    page.get_by_role("menuitemradio", name="Cleo Marsh").click()
    expect(page.get_by_role("link", name="leadership")).to_be_visible()
    page.get_by_role("textbox", name="Message #general").fill("Cleo here")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("article", name="Cleo Marsh")).to_contain_text("Cleo here")
    page.reload()
    expect(page.get_by_role("button", name="You are Cleo Marsh")).to_be_visible()
    assert workspace.state()["messages"]["C0GENERAL"][-1]["user"] == "U0CLEO"


def test_own_messages_can_be_edited_and_deleted_and_drafts_stay(open_page, workspace):
    workspace.client.message("U0ADA", "C0GENERAL", "Frist & <first>")
    page = open_page()
    message = page.locator("article.message").last
    message.hover()
    message.get_by_role("button", name="More actions").click()
    page.get_by_role("menuitem", name="Edit message").click()
    expect(page.get_by_role("textbox", name="Edit message")).to_have_value("Frist & <first>")
    page.get_by_role("textbox", name="Edit message").fill("First")
    page.keyboard.press("Enter")
    expect(message).to_contain_text("First(edited)")
    page.get_by_role("textbox", name="Message #general").fill("not sent yet")
    page.reload()
    expect(page.get_by_role("textbox", name="Message #general")).to_have_value("not sent yet")
    page.locator("article.message").last.hover()
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("menuitem", name="Delete message").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.locator("article.message")).to_have_count(0)


def test_a_whole_errand_by_keyboard_alone(open_page, workspace, client, app, connect, dm):
    shortcuts = []

    @app.command("/whospoke")
    def _command(ack, command):
        ack(f"You typed {command['text']}")

    @app.shortcut("label_speakers")
    def _label(ack, shortcut):
        ack()
        shortcuts.append(shortcut["message"]["text"])

    connect()
    page = open_page()

    def tab_to(locator, most=40):
        for _ in range(most):
            if locator.evaluate("node => node === document.activeElement"):
                return
            page.keyboard.press("Tab")
        raise AssertionError("Tab does not get there")

    page.evaluate("document.activeElement.blur()")
    tab_to(page.get_by_role("link", name="general"))
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("link", name="partners")).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    tab_to(page.get_by_role("textbox", name="Message #general"))
    page.keyboard.type("/who")
    expect(page.get_by_role("option", name="/whospoke")).to_be_visible()
    page.keyboard.press("Enter")
    page.keyboard.type("progress")
    page.keyboard.press("Enter")
    expect(page.get_by_text("You typed progress")).to_be_visible()
    page.keyboard.type("one")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("two")
    page.keyboard.press("Enter")
    expect(page.get_by_role("article", name="Ada Quill")).to_contain_text("one\ntwo", use_inner_text=True)
    page.keyboard.press("Shift+Tab")
    own = page.get_by_role("article", name="Ada Quill")
    more = own.get_by_role("button", name="More actions")
    assert more.evaluate(
        "node => node === document.activeElement || document.activeElement.matches('.jump, .scroller')"
    )
    more.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitem", name="Label the speakers")).to_be_focused()
    page.keyboard.press("Enter")
    workspace.client.wait_for(lambda _: shortcuts == ["one\ntwo"])
    own.get_by_role("button", name="Reply in thread").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox", name="Reply in thread")).to_be_focused()
    page.keyboard.type("a reply")
    page.keyboard.press("Enter")
    expect(page.locator("#thread article.message")).to_have_count(2)
    page.keyboard.press("Escape")
    expect(page.locator("#thread")).to_be_hidden()
    expect(page.get_by_role("button", name="1 reply in thread")).to_be_visible()


def test_on_a_phone_there_is_a_drawer_and_threads_fill_the_screen(open_page, workspace, client, dm):
    parent = workspace.client.message("U0ADA", dm, "A clip of ours")
    client.chat_postMessage(channel=dm, thread_ts=parent, text="Heard it")
    client.chat_postMessage(
        channel=dm,
        text="Card",
        blocks=buttons(*(button(f"b{i}", f"A rather long choice {i}") for i in range(5))),
    )
    page = open_page(is_phone=True)
    expect(page.get_by_role("link", name="whospoke")).to_be_hidden()
    page.get_by_role("button", name="Open conversations").tap()
    page.get_by_role("link", name="whospoke").tap()
    expect(page.locator("#sidebar")).to_be_hidden()
    page.get_by_role("button", name="1 reply in thread").tap()
    box = page.locator("#thread").bounding_box()
    assert (box["x"], box["width"]) == (0, 390)
    expect(page.locator("#thread")).to_contain_text("Heard it")
    page.get_by_role("button", name="Back to the conversation").tap()
    expect(page.locator("#thread")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    edges = page.locator("#main .button").evaluate_all(
        "nodes => nodes.map(node => node.getBoundingClientRect().right)"
    )
    assert max(edges) <= 390


def test_news_elsewhere_is_marked_until_it_is_seen(open_page, workspace, dm):
    page = open_page()
    workspace.client.message("U0BEN", "C0RESEARCH", "Look at this")
    unread = page.get_by_role("link", name="research").get_by_role("img", name="unread")
    expect(unread).to_be_visible()
    page.get_by_role("link", name="research").click()
    expect(page.get_by_text("Look at this")).to_be_visible()
    expect(unread).to_have_count(0)


def test_a_long_card_is_read_from_its_top(open_page, client, app, connect, dm):
    def card(number):
        lines = "\n".join(f"line {line}" for line in range(60))
        head = {"type": "header", "text": plain(f"Card {number}")}
        return [head, {"type": "section", "text": marked(lines)}, *buttons(button("next", "Next"))]

    @app.action("next")
    def _next(ack, body, client):
        ack()
        client.chat_update(channel=dm, ts=body["message"]["ts"], text="Card", blocks=card(2))

    connect()
    page = open_page(dm)
    client.chat_postMessage(channel=dm, text="Card", blocks=card(1))
    expect(page.get_by_role("heading", name="Card 1")).to_be_in_viewport()
    expect(page.get_by_role("button", name="Next")).not_to_be_in_viewport()
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_role("heading", name="Card 2")).to_be_in_viewport()


def test_a_large_file_arrives_whole(open_page, workspace, dm, tmp_path):
    content = bytes(range(256)) * 30_000 + b"end"
    large = tmp_path / "long.bin"
    large.write_bytes(content)
    page = open_page(dm)
    page.locator(".composer input[type=file]").set_input_files(large)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("link", name="Download long.bin")).to_be_visible()
    (file_id,) = workspace.state()["files"]
    assert (workspace.workspace.files_dir / file_id).read_bytes() == content
