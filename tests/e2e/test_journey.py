"""The first day as Ada lives it, on a phone-wide page: command, lesson, quiz, lab, clip; then all stops and starts again."""

import re

import pytest
from playwright.sync_api import expect

from tests.world import ADA, ROOT, World

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(300)]

_PHONE = {"width": 390, "height": 844}
_SLOW_MS = 90_000
expect.set_options(timeout=20_000)


@pytest.fixture
def world(tmp_path):
    with World(tmp_path) as running:
        running.start("bot", "worker")
        yield running


@pytest.fixture
def page(browser, world):
    context = browser.new_context(viewport=_PHONE, has_touch=True, is_mobile=True)
    context.set_default_timeout(20_000)
    faults = []
    opened = context.new_page()
    opened.on("pageerror", lambda error: faults.append(str(error)))
    yield opened
    context.close()
    assert faults == []


def say(page, text, label):
    """Type into a composer and press Enter, as a person would."""
    box = page.get_by_role("textbox", name=re.compile(label)).last
    box.fill(text)
    box.press("Enter")


def test_from_the_command_in_a_channel_to_the_labelled_clip_and_back_again(page, world):
    page.goto(f"{world.url}/#C0GENERAL")
    say(page, "/whospoke start", "Message")
    expect(page.get_by_text("Your lesson is in our direct messages")).to_be_visible()

    dm = world.dm(ADA)
    page.goto(f"{world.url}/#{dm}")
    expect(page.get_by_text("card 1 of")).to_be_visible()
    for _ in range(40):
        if page.locator("button", has_text="Take the quiz").count():
            break
        place = page.get_by_text(re.compile(r"card \d+ of")).inner_text()
        page.locator("button", has_text=re.compile("^Next$")).last.click()
        expect(page.get_by_text(place)).to_have_count(0)
    page.locator("button", has_text="Take the quiz").click()
    page.locator("button", has_text="Start the quiz").last.click()
    for number in range(1, 5):
        expect(page.get_by_text(f"question {number} of 4")).to_be_visible()
        page.get_by_role("button", name=re.compile("^2: ")).click()
        expect(page.get_by_text("You chose")).to_be_visible()
        page.locator("button", has_text=re.compile("Next question|See how it went")).last.click()
    page.locator("button", has_text="Go to the lab").last.click()

    lab = world.wait_message(dm, "Your mission")
    page.goto(f"{world.url}/#{dm}/{lab['ts']}")
    say(page, "Diarization alone will tell us the names of the judges, right?", "Reply")
    expect(page.get_by_text("I am the scripted guide").first).to_be_visible()
    expect(page.get_by_text(re.compile("Exchange 1 of 3")).first).to_be_visible()

    page.goto(f"{world.url}/#{dm}")
    page.locator("input[type=file]").first.set_input_files(str(ROOT / "examples" / "short.flac"))
    page.get_by_role("button", name=re.compile("^Send")).last.click()
    notice = world.wait_message(dm, "May we label the speakers in short.flac")
    page.goto(f"{world.url}/#{dm}/{notice['thread_ts']}")
    page.get_by_text("Label who spoke when in this clip").click()
    page.get_by_text("Everybody who can be heard").click()
    page.get_by_text("Draw the timeline").click()
    page.locator("button", has_text="Label this clip").last.click()
    expect(page.get_by_text("You agreed on")).to_be_visible()
    expect(page.get_by_role("heading", name="Who spoke when: short.flac").first).to_be_visible(
        timeout=_SLOW_MS
    )
    expect(page.get_by_text("short.rttm").first).to_be_visible(timeout=_SLOW_MS)
    expect(page.get_by_alt_text(re.compile("SPEAKER_00")).first).to_be_visible()

    for name in ("bot", "worker", "workspace"):
        world.stop(name)
    world.start("workspace")
    world.people.wait_ready(20)
    world.start("bot", "worker")
    page.reload()
    expect(page.get_by_role("heading", name="Who spoke when: short.flac").first).to_be_visible()
    page.goto(f"{world.url}/#{dm}/{lab['ts']}")
    say(page, "Then we enrol each judge: how much speech, and on which microphone?", "Reply")
    expect(page.get_by_text(re.compile("Exchange 2 of 3")).first).to_be_visible()
