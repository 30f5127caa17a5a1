"""Cleo's Home tab as she uses it: opened again and again, each time drawn anew by the bot, and alive each time."""

import re

import pytest
from playwright.sync_api import expect

from tests.world import ADA, CLEO, World, wait_until

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(200)]

expect.set_options(timeout=20_000)


@pytest.fixture
def world(tmp_path):
    with World(tmp_path, WHOSPOKE_INSTALLER_ID=CLEO) as running:
        running.start("bot")
        yield running


@pytest.fixture(params=[390, 1200])
def page(request, browser, world):
    """The page as Cleo, on a phone and on a desk."""
    context = browser.new_context(viewport={"width": request.param, "height": 844})
    context.set_default_timeout(20_000)
    context.add_init_script(f"localStorage.setItem('local-slack.user', '\"{CLEO}\"')")
    faults = []
    opened = context.new_page()
    opened.on("pageerror", lambda error: faults.append(str(error)))
    yield opened
    context.close()
    assert faults == []


def redraw(page, world, act):
    """Do what makes the bot draw the Home tab anew, and wait until the page shows that drawing."""
    before = world.people.state()["homes"].get(CLEO, {})
    act()

    def is_shown():
        view = world.people.state()["homes"].get(CLEO, {})
        if view.get("hash") == before.get("hash"):
            return False
        row = next(block for block in view["blocks"] if block["type"] == "actions")
        return page.locator(f'[data-focus-key*="/{row["block_id"]}/"]').count() > 0

    wait_until(is_shown)


def open_home(page, world):
    def act():
        page.get_by_role("tab", name="Messages").click()
        expect(page.get_by_role("tab", name="Messages")).to_have_attribute("aria-selected", "true")
        page.get_by_role("tab", name="Home").click()

    redraw(page, world, act)


def choose(page, world, select, value):
    field = page.get_by_role("combobox", name=select)
    redraw(page, world, lambda: field.select_option(value))
    expect(field).to_have_value(value)


def close(page, title):
    dialog = page.get_by_role("dialog", name=title)
    expect(dialog).to_be_visible()
    dialog.get_by_role("button", name=re.compile("Close|Cancel|Not now")).last.click()
    expect(dialog).to_be_hidden()


def test_everything_on_it_works_after_the_second_drawing(page, world):
    page.goto(f"{world.url}/#{world.dm(CLEO)}")
    open_home(page, world)
    page.get_by_role("button", name="Make a new cohort").click()
    form = page.get_by_role("dialog", name="New cohort")
    form.get_by_label("Name").fill("Autumn")
    form.get_by_label(re.compile("People")).first.fill(ADA)
    form.get_by_role("button", name=re.compile("Make|Save|Create")).click()
    world.wait_message(world.dm(CLEO), "1 learner enrolled in Autumn")
    expect(page.get_by_role("img", name="of all stops completed")).to_be_visible()

    for _ in range(2):
        open_home(page, world)
        page.get_by_role("button", name="Add people to Autumn").click()
        close(page, "Add people")
        page.get_by_role("button", name="Managers and reviewers").click()
        close(page, "Roles")
        for sort in ("progress", "name"):
            choose(page, world, "Sort", sort)
        choose(page, world, "Show", "passed")
        expect(page.get_by_text("Nobody here has this status.")).to_be_visible()
        choose(page, world, "Show", "any")
        learner = page.locator(".section", has_text="Ada Quill")
        learner.get_by_role("button", name="More choices").click()
        page.get_by_role("menuitem", name="Give more time").click()
        close(page, "Give more time")
        page.get_by_role("button", name="Export Autumn as CSV and xAPI").click()
    expect(page.locator(".press-error")).to_have_count(0)
    page.get_by_role("tab", name="Messages").click()
    expect(page.get_by_text("The records of Autumn come here")).to_have_count(2)
