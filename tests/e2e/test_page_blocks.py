"""What the page makes of blocks and text, harmful ones among them."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.page_blocks import OPTIONS, every_block, marked, plain

pytestmark = pytest.mark.e2e


@pytest.fixture
def dm(workspace):
    return workspace.client.open("U0ADA")


def post(client, channel, text="words", blocks=None, **fields):
    return client.chat_postMessage(channel=channel, text=text, blocks=blocks, **fields)["ts"]


def upload_picture(workspace, client, picture_png):
    file_id = client.files_upload_v2(content=picture_png, filename="timeline.png")["file"]["id"]
    workspace.client.wait_for(lambda state: state["files"][file_id]["state"] == "ready")
    return file_id


def test_every_block_is_drawn(open_page, workspace, client, dm, picture_png):
    picture_id = upload_picture(workspace, client, picture_png)
    post(client, dm, blocks=every_block(picture_id))
    page = open_page(dm)
    message = page.locator("article.message").last
    expect(message.get_by_role("heading", name="Lesson one 🎓")).to_be_visible()
    for tag, words in (
        ("strong", "Bold"),
        ("em", "slanted"),
        ("s", "gone"),
        ("code", "code"),
        ("li", "point"),
    ):
        expect(message.locator(f".section {tag}", has_text=words).first).to_be_visible()
    expect(message.locator(".mention")).to_have_text(["@Ben Osei", "#general"])
    expect(message.get_by_role("button", name="Remove the card")).to_have_text("❌")
    expect(message.get_by_role("link", name="Read more")).to_have_attribute(
        "href", "https://example.com/more"
    )
    for name in ("An engine", "Somebody", "A channel", "A conversation"):
        expect(message.get_by_role("combobox", name=name)).to_be_visible()
    expect(message.locator("input[type=date]")).to_have_value("2026-03-01")
    expect(message.locator("input[type=time]")).to_have_value("09:30")
    expect(message.get_by_role("checkbox", name="Keep pictures")).not_to_be_checked()
    expect(message.get_by_role("radio", name="Neural")).not_to_be_checked()
    expect(message.get_by_role("img", name="A grey timeline")).to_have_count(2)
    message.locator(".block-image").scroll_into_view_if_needed()
    expect(message.locator(".block-image")).to_have_js_property("naturalWidth", 40)
    message.locator("summary", has_text="Engines").click()
    expect(message.get_by_role("checkbox", name="Neural")).to_be_visible()
    markdown = message.locator(".markdown")
    expect(markdown.get_by_role("heading", name="A heading")).to_be_visible()
    expect(markdown.locator("ol > li")).to_have_count(2)
    expect(markdown.locator("ol ul li")).to_have_text("inside two")
    expect(markdown.locator("td").last).to_have_class("align-right")
    expect(markdown.locator("pre")).to_have_text("kept  as  it  is")
    expect(message.locator(".rich-text li")).to_have_text("a rich bullet")
    expect(message.get_by_role("columnheader", name="Turns")).to_be_visible()
    expect(message.locator(".unsupported")).to_have_count(0)


def test_an_unknown_block_is_named_and_the_others_are_drawn(open_page, client, workspace, dm):
    ts = post(client, dm, blocks=[{"type": "header", "text": plain("Before")}])
    workspace.workspace.state.messages[dm][ts]["blocks"].append({"type": "hologram", "block_id": "h"})
    page = open_page(dm)
    expect(page.get_by_role("heading", name="Before")).to_be_visible()
    expect(page.get_by_text("unsupported block: hologram")).to_be_visible()


def test_only_web_and_mail_links_are_live(open_page, client, workspace, dm):
    rich = {"type": "link", "url": "javascript:window.harmed = 4", "text": "four"}
    blocks = [
        {
            "type": "section",
            "text": marked(
                "<javascript:window.harmed=1|one> <data:text/html,x|two> <https://example.com|good>"
            ),
        },
        {
            "type": "markdown",
            "text": "[three](javascript:window.harmed=3) [mail](mailto:ada@example.com) [up](//example.com)",
        },
        {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [rich]}]},
        {
            "type": "actions",
            "elements": [
                {"type": "button", "action_id": "b", "text": plain("Go"), "url": "https://example.com"}
            ],
        },
    ]
    ts = post(client, dm, blocks=blocks)
    # Past the checks of the Web API: the page must not rely on them.
    workspace.workspace.state.messages[dm][ts]["blocks"][3]["elements"][0]["url"] = (
        "javascript:window.harmed = 5"
    )
    page = open_page(dm)
    message = page.locator("article.message").last
    expect(message.get_by_text("one", exact=True)).to_be_visible()
    hrefs = message.locator("a").evaluate_all("nodes => nodes.map(node => node.getAttribute('href'))")
    assert sorted(hrefs) == ["https://example.com/", "mailto:ada@example.com"]
    for words in ("one", "two", "three", "four"):
        message.get_by_text(words, exact=True).click()
    message.get_by_role("button", name="Go").click()
    assert page.evaluate("window.harmed") is None


@pytest.mark.parametrize(
    "harm", ["<img src=x onerror='window.harmed=1'>", "<script>window.harmed=1</script>", "</div><b>x</b>"]
)
def test_html_in_text_stays_text(open_page, client, workspace, dm, harm):
    escaped = harm.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    blocks = [
        {"type": "section", "text": marked(escaped)},
        {"type": "header", "text": plain(harm)},
        {"type": "markdown", "text": f"words {harm}"},
        {"type": "context", "elements": [plain(harm)]},
        {
            "type": "actions",
            "elements": [
                {"type": "static_select", "action_id": "s", "placeholder": plain(harm), "options": OPTIONS}
            ],
        },
    ]
    post(client, dm, blocks=blocks)
    workspace.client.message("U0ADA", dm, harm)
    workspace.client.upload("U0ADA", dm, {f"{harm.replace('/', '')}.txt": b"text"})
    page = open_page(dm)
    expect(page.locator("article.message")).to_have_count(3)
    expect(page.locator("article.message .text", has_text=harm)).to_have_text(harm)
    expect(page.get_by_role("heading", name=harm)).to_be_visible()
    assert page.locator("#main :is(script, b, img)").count() == 0
    assert page.evaluate("window.harmed") is None


def test_escapes_in_markdown_are_shown_as_what_they_stand_for(open_page, client, dm):
    text = (
        "Is 3 &lt; 4 &amp;&amp; 5 &gt; 4? **R&amp;D** says &quot;yes&quot;, `a &lt; b` stays, so does &nope;"
    )
    post(
        client,
        dm,
        blocks=[{"type": "markdown", "text": text + " &lt;img src=x onerror='window.harmed=1'&gt;"}],
    )
    page = open_page(dm)
    shown = page.locator(".markdown")
    expect(shown).to_contain_text('Is 3 < 4 && 5 > 4? R&D says "yes", a &lt; b stays, so does &nope;')
    expect(shown).to_contain_text("<img src=x onerror='window.harmed=1'>")
    expect(shown.locator("strong")).to_have_text("R&D")
    assert page.evaluate("window.harmed") is None


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_permalink_leads_to_its_thread_in_the_same_tab(open_page, client, workspace, dm, host):
    root = post(client, dm, "The lab begins")
    reply = post(client, dm, "The first answer", thread_ts=root)
    link = client.chat_getPermalink(channel=dm, message_ts=reply)["permalink"]
    markup = f"<{link.replace('127.0.0.1', host)}|in its thread>"
    post(client, dm, blocks=[{"type": "section", "text": marked(markup)}])
    page = open_page(dm)
    page.get_by_role("link", name="in its thread").click()
    expect(page.locator("#thread article.message")).to_have_count(2)
    expect(page.locator("#thread")).to_contain_text("The first answer")
    assert len(page.context.pages) == 1
    page.goto("about:blank")
    page.goto(link)  # from a bookmark, or another program
    expect(page.locator("#thread")).to_contain_text("The first answer")


def test_a_streamed_message_grows_in_place(open_page, client, workspace, dm):
    parent = workspace.client.message("U0ADA", dm, "Hello")
    page = open_page(f"{dm}/{parent}")
    stream = client.chat_stream(
        channel=dm, thread_ts=parent, recipient_user_id="U0ADA", recipient_team_id="T0LOCAL", buffer_size=1
    )
    stream.append(markdown_text="Good ")
    reply = page.locator("#thread article.message").last
    expect(reply).to_contain_text("Good")
    expect(reply).to_have_class(re.compile("streaming"))
    stream.append(markdown_text="**morning**")
    expect(reply.locator("strong", has_text="morning")).to_be_visible()
    stream.stop()
    expect(reply).not_to_have_class(re.compile("streaming"))


def test_typed_text_and_playback_survive_an_update(open_page, client, workspace, dm, recording):
    workspace.client.upload("U0ADA", dm, {recording.name: recording.read_bytes()})
    question = {
        "type": "input",
        "block_id": "q",
        "label": plain("Your name"),
        "element": {"type": "plain_text_input", "action_id": "v"},
    }
    ts = post(client, dm, blocks=[question])
    page = open_page(dm)
    page.get_by_label("Your name").fill("Ada")
    page.evaluate("document.querySelector('audio').mark = 'same'")
    client.chat_update(
        channel=dm, ts=ts, text="t", blocks=[{"type": "header", "text": plain("New above")}, question]
    )
    expect(page.get_by_role("heading", name="New above")).to_be_visible()
    expect(page.get_by_label("Your name")).to_have_value("Ada")
    expect(page.get_by_label("Your name")).to_be_focused()
    assert page.evaluate("document.querySelector('audio').mark") == "same"


def test_an_ephemeral_message_is_for_one_person(open_page, client):
    client.chat_postEphemeral(channel="C0GENERAL", user="U0BEN", text="For Ben alone")
    page = open_page()
    expect(page.get_by_text("For Ben alone")).to_have_count(0)
    page.get_by_role("button", name="You are Ada Quill").click()
    page.get_by_role("menuitemradio", name="Ben Osei").click()
    expect(page.get_by_text("For Ben alone")).to_be_visible()
    expect(page.get_by_text("Only visible to you")).to_be_visible()
