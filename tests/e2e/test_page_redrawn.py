"""Views and messages that the app draws anew: a press goes by what is shown now, and what was typed stays where it may."""

import pytest
from playwright.sync_api import expect

from tests.e2e.page_blocks import OPTIONS, marked, option, plain

pytestmark = pytest.mark.e2e


def button(action_id, words):
    return {"type": "button", "action_id": action_id, "text": plain(words)}


def select(action_id, words, options=OPTIONS, **fields):
    return {
        "type": "static_select",
        "action_id": action_id,
        "placeholder": plain(words),
        "options": options,
        **fields,
    }


def row(*elements, **fields):
    """An actions block; without a block_id Slack gives it a new one at each drawing."""
    return {"type": "actions", "elements": list(elements), **fields}


def field(block_id, label, element_type="plain_text_input", **element):
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain(label),
        "optional": True,
        "element": {"type": element_type, "action_id": "v", **element},
    }


@pytest.fixture
def dm(workspace):
    return workspace.client.open("U0ADA")


def state_of(body):
    """What stands in the form, by action id."""
    held = body.get("view", body)["state"]["values"].values()
    return {action_id: state for block in held for action_id, state in block.items()}


def test_every_element_of_a_home_tab_works_after_each_drawing(open_page, workspace, client, app, connect):
    drawings, pressed = [], []

    @app.event("app_home_opened")
    def _opened(event, client):
        if event["tab"] != "home":
            return
        drawings.append(event)
        heading = {"type": "header", "text": plain(f"Drawing {len(drawings)}")}
        blocks = [
            heading,
            row(select("cohort", "Cohort"), button("new", "New")),
            row(select("sort", "Sort"), block_id="kept"),
        ]
        client.views_publish(user_id=event["user"], view={"type": "home", "blocks": blocks})

    for action_id in ("cohort", "new", "sort"):

        @app.action(action_id)
        def _pressed(ack, body):
            ack()
            pressed.append(body)

    connect()
    page = open_page("home")
    expect(page.get_by_role("heading", name="Drawing 1")).to_be_visible()
    page.get_by_role("combobox", name="Cohort").select_option("neural")
    page.get_by_role("combobox", name="Sort").select_option("neural")
    workspace.client.wait_for(lambda _: len(pressed) == 2)
    for number in (2, 3):
        page.get_by_role("tab", name="Messages").click()
        expect(page.get_by_role("tab", name="Messages")).to_have_attribute("aria-selected", "true")
        page.get_by_role("tab", name="Home").click()
        expect(page.get_by_role("heading", name=f"Drawing {number}")).to_be_visible()
        expect(page.get_by_role("combobox", name="Cohort")).to_have_value("")
        expect(page.get_by_role("combobox", name="Sort")).to_have_value("neural")
        page.get_by_role("button", name="New").click()
        workspace.client.wait_for(lambda _, number=number: len(pressed) == 2 * number - 1)
        assert state_of(pressed[-1])["cohort"]["selected_option"] is None
        assert state_of(pressed[-1])["sort"]["selected_option"]["value"] == "neural"
        page.get_by_role("combobox", name="Cohort").select_option("embedded")
        workspace.client.wait_for(lambda _, number=number: len(pressed) == 2 * number)
        assert state_of(pressed[-1])["cohort"]["selected_option"]["value"] == "embedded"
    expect(page.locator(".press-error")).to_have_count(0)
    assert len(drawings) == 3


@pytest.fixture
def dialog(open_page, client, app, connect, dm):
    """Opens a modal of these blocks, and returns the page's dialog and a way to give the view other blocks."""
    opened = []

    def view(blocks):
        return {"type": "modal", "title": plain("A form"), "submit": plain("Save"), "blocks": blocks}

    def run(blocks):
        @app.action("open")
        def _open(ack, body, client):
            ack()
            opened.append(client.views_open(trigger_id=body["trigger_id"], view=view(blocks))["view"]["id"])

        connect()
        client.chat_postMessage(channel=dm, text="Card", blocks=[row(button("open", "Open"))])
        page = open_page(dm)
        page.get_by_role("button", name="Open").click()
        found = page.get_by_role("dialog", name="A form")
        expect(found).to_be_visible()
        return found, lambda other: client.views_update(view_id=opened[0], view=view(other))

    return run


def test_a_button_that_stays_in_a_modal_sends_the_fields_that_stand_there_now(dialog, app, workspace):
    pressed = []

    @app.action("check")
    def _check(ack, body):
        ack()
        pressed.append(body)

    check = row(button("check", "Check"), block_id="check")
    name = field("name", "Name")
    found, update = dialog([name, row(select("old", "Old")), check])
    found.get_by_label("Name").fill("Ada")
    update([name, field("more", "More"), check])
    found.get_by_label("More").fill("words")
    found.get_by_role("button", name="Check").click()
    workspace.client.wait_for(lambda _: len(pressed) == 1)
    values = pressed[0]["view"]["state"]["values"]
    assert {block: values[block]["v"]["value"] for block in values} == {"name": "Ada", "more": "words"}


def test_what_no_longer_fits_its_field_is_not_sent(dialog, app, workspace):
    submitted = []

    @app.view("")
    def _submitted(ack, view):
        ack()
        submitted.append(view)

    kept, gone = option("Kept", "kept"), option("Gone", "gone")
    boxes = {"element_type": "checkboxes"}
    found, update = dialog(
        [
            field("option", "Option", "static_select", options=[kept, gone]),
            field("boxes", "Boxes", **boxes, options=[kept, gone]),
            field("kind", "Kind"),
            field("away", "Away"),
        ]
    )
    found.get_by_role("combobox", name="Option (").select_option("gone")
    found.get_by_role("checkbox", name="Kept").check()
    found.get_by_role("checkbox", name="Gone").check()
    found.get_by_label("Kind").fill("words")
    found.get_by_label("Away").fill("words")
    fitting = [
        field("option", "Option", "static_select", options=[kept]),
        field("boxes", "Boxes", **boxes, options=[kept]),
        field("kind", "Kind", "static_select", options=[kept]),
    ]
    update(fitting)
    expect(found.get_by_label("Away")).to_have_count(0)
    update([*fitting, field("away", "Away")])
    expect(found.get_by_label("Away")).to_have_value("")
    expect(found.get_by_role("combobox", name="Option (")).to_have_value("")
    expect(found.get_by_role("checkbox", name="Kept")).to_be_checked()
    found.get_by_role("button", name="Save").click()
    expect(found).to_be_hidden()
    values = submitted[0]["state"]["values"]
    assert values["option"]["v"]["selected_option"] is None
    assert [one["value"] for one in values["boxes"]["v"]["selected_options"]] == ["kept"]
    assert values["kind"]["v"]["selected_option"] is None
    assert values["away"]["v"]["value"] is None


def test_a_field_that_was_emptied_is_sent_empty(dialog, app):
    submitted = []

    @app.view("")
    def _submitted(ack, view):
        ack()
        submitted.append(view)

    found, _ = dialog(
        [
            field("text", "Text", initial_value="before"),
            field("choice", "Choice", "static_select", options=OPTIONS, initial_option=OPTIONS[0]),
        ]
    )
    found.get_by_label("Text").fill("")
    found.get_by_role("combobox", name="Choice").select_option("")
    found.get_by_role("button", name="Save").click()
    expect(found).to_be_hidden()
    values = submitted[0]["state"]["values"]
    assert values["text"]["v"]["value"] is None
    assert values["choice"]["v"]["selected_option"] is None


def test_what_an_answer_said_is_gone_once_the_view_is_another(dialog):
    found, update = dialog([field("name", "Name")])
    found.get_by_role("button", name="Save").click()  # nobody listens for it
    expect(found.locator("footer [role=alert]")).to_contain_text("That didn't work")
    update([{"type": "section", "text": marked("Try later")}])
    expect(found.get_by_text("Try later")).to_be_visible()
    expect(found.locator("footer [role=alert]")).to_have_text("")


def test_a_button_that_stays_under_a_message_works_after_an_update(
    open_page, client, app, connect, dm, workspace
):
    pressed = []

    @app.action("one")
    @app.action("next")
    def _pressed(ack, body):
        ack()
        pressed.append(body)

    connect()
    stays = row(button("next", "Next"), block_id="row")
    ts = client.chat_postMessage(channel=dm, text="Card", blocks=[row(select("one", "One")), stays])["ts"]
    page = open_page(dm)
    page.get_by_role("combobox", name="One").select_option("neural")
    workspace.client.wait_for(lambda _: len(pressed) == 1)
    client.chat_update(channel=dm, ts=ts, text="Card", blocks=[row(select("two", "Two")), stays])
    expect(page.get_by_role("combobox", name="Two")).to_be_visible()
    page.get_by_role("button", name="Next").click()
    workspace.client.wait_for(lambda _: len(pressed) == 2)
    assert set(state_of(pressed[1])) == {"two"}


def test_a_choice_that_was_not_confirmed_goes_back_to_the_one_before(
    open_page, client, app, connect, dm, workspace
):
    chosen = []

    @app.action("engine")
    def _chosen(ack, action):
        ack()
        chosen.append(action["selected_option"]["value"])

    connect()
    question = {
        "title": plain("Sure?"),
        "text": plain("It counts."),
        "confirm": plain("Yes"),
        "deny": plain("No"),
    }
    options = [*OPTIONS, option("None", "none")]
    blocks = [row(select("engine", "Engine", options, initial_option=OPTIONS[0], confirm=question))]
    client.chat_postMessage(channel=dm, text="Card", blocks=blocks)
    page = open_page(dm)
    engine = page.get_by_role("combobox", name="Engine")
    engine.select_option("neural")
    page.get_by_role("dialog", name="Sure?").get_by_role("button", name="Yes").click()
    workspace.client.wait_for(lambda _: chosen == ["neural"])
    expect(engine).not_to_have_attribute("aria-busy", "true")
    engine.select_option("none")
    page.get_by_role("dialog", name="Sure?").get_by_role("button", name="No").click()
    expect(engine).to_have_value("neural")
    assert chosen == ["neural"]
