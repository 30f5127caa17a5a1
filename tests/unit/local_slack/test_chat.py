import pytest

from local_slack.server import LocalSlack

PLAIN = {"type": "plain_text", "text": "x"}
SECTION = {"type": "section", "text": PLAIN}


def texts(workspace, channel="C0GENERAL"):
    return [row["text"] for row in workspace.state()["messages"][channel]]


def test_who_am_i_comes_with_the_scopes(api):
    answer = api("auth.test")
    assert (answer["user_id"], answer["bot_id"], answer["team_id"]) == ("U0BOT", "B0BOT", "T0LOCAL")
    assert "chat:write" in api.headers["x-oauth-scopes"].split(",")


@pytest.mark.parametrize(
    ("method", "token", "error"),
    [
        ("auth.test", "", "not_authed"),
        ("auth.test", "xoxb-other", "invalid_auth"),
        ("auth.test", "xapp-local", "not_allowed_token_type"),
        ("apps.connections.open", "xoxb-local", "not_allowed_token_type"),
        ("no.such", "xoxb-local", "unknown_method"),
    ],
)
def test_strangers_and_unknown_methods_are_refused(api, method, token, error):
    assert api(method, token=token)["error"] == error


@pytest.mark.parametrize(
    ("channel", "error"),
    [("C0PRIVATE", "channel_not_found"), ("C0NOWHERE", "channel_not_found"), ("D0ADA", "channel_not_found")],
)
def test_the_bot_posts_only_where_it_is(api, channel, error):
    assert api("chat.postMessage", channel=channel, text="hi")["error"] == error


def test_joining_needs_a_scope_of_its_own(api):
    answer = api("conversations.join", channel="C0GENERAL")
    assert (answer["error"], answer["needed"]) == ("missing_scope", "channels:join")


def test_a_person_is_reached_by_id_in_direct_messages(api, workspace):
    answer = api("chat.postMessage", channel="U0ADA", text="hi")
    assert answer["channel"] == "D0ADA"
    assert texts(workspace, "D0ADA") == ["hi"]


def test_a_missing_scope_is_named(manifest_without, make_api):
    path = manifest_without("chat:write", "reactions:write")
    with LocalSlack(path) as workspace:
        answer = make_api(workspace)("chat.postMessage", channel="C0GENERAL", text="hi")
    assert (answer["error"], answer["needed"]) == ("missing_scope", "chat:write")
    assert "commands" in answer["provided"].split(",")


def test_an_update_replaces_text_and_drops_blocks_it_does_not_name(api, workspace):
    ts = api.post(text="one", blocks=[SECTION])
    assert api("chat.update", channel="C0GENERAL", ts=ts, text="two")["ok"]
    (message,) = workspace.state()["messages"]["C0GENERAL"]
    assert "blocks" not in message
    assert message["edited"]["user"] == "U0BOT"


def test_only_own_messages_can_be_changed(api, people):
    ts = people.message("U0ADA", "C0GENERAL", "mine")
    assert api("chat.update", channel="C0GENERAL", ts=ts, text="x")["error"] == "cant_update_message"
    assert api("chat.delete", channel="C0GENERAL", ts=ts)["error"] == "cant_delete_message"
    assert api("chat.update", channel="C0GENERAL", ts="1.000001", text="x")["error"] == "message_not_found"


def test_an_ephemeral_message_is_for_one_and_cannot_be_updated(api, workspace):
    answer = api("chat.postEphemeral", channel="C0GENERAL", user="U0ADA", text="psst")
    (message,) = workspace.state()["ephemerals"]["C0GENERAL"]
    assert message["ephemeral_for"] == "U0ADA"
    refused = api("chat.update", channel="C0GENERAL", ts=answer["message_ts"], text="x")
    assert refused["error"] == "message_not_found"
    assert (
        api("chat.postEphemeral", channel="C0RESEARCH", user="U0DEV", text="x")["error"]
        == "user_not_in_channel"
    )


def test_faulty_blocks_come_back_with_the_place(api):
    answer = api("chat.postMessage", channel="C0GENERAL", text="x", blocks=[{"type": "section"}])
    assert answer["error"] == "invalid_blocks"
    assert answer["response_metadata"]["messages"] == [
        "[ERROR] missing required field [json-pointer:/blocks/0/text]"
    ]
    assert api("chat.postMessage", channel="C0GENERAL")["error"] == "no_text"
    ts = api.post(text="x")
    assert api("chat.update", channel="C0GENERAL", ts=ts, text="x" * 4001)["error"] == "msg_too_long"


def test_replies_are_counted_and_leave_with_their_message(api, workspace):
    ts = api.post(text="first")
    reply = api.post(text="second", thread_ts=ts)
    parent = workspace.state()["messages"]["C0GENERAL"][0]
    assert (parent["reply_count"], parent["thread_ts"], parent["reply_users"]) == (1, ts, ["U0BOT"])
    replies = api("conversations.replies", channel="C0GENERAL", ts=ts)["messages"]
    assert [row["text"] for row in replies] == ["first", "second"]
    assert [row["ts"] for row in api("conversations.history", channel="C0GENERAL")["messages"]] == [ts]
    api("chat.delete", channel="C0GENERAL", ts=reply)
    assert workspace.state()["messages"]["C0GENERAL"][0]["reply_count"] == 0
    assert (
        api("chat.postMessage", channel="C0GENERAL", text="x", thread_ts="1.000001")["error"]
        == "thread_not_found"
    )


def test_a_stream_grows_and_ends(api, people, workspace):
    channel = people.open("U0ADA")
    thread = people.message("U0ADA", channel, "hello")
    ts = api("chat.startStream", channel=channel, thread_ts=thread)["ts"]
    api("chat.appendStream", channel=channel, ts=ts, markdown_text="a")
    api("chat.appendStream", channel=channel, ts=ts, chunks=[{"type": "markdown_text", "text": "b"}])
    message = workspace.state()["messages"][channel][-1]
    assert (message["text"], message["streaming"]) == ("ab", True)
    assert api("chat.update", channel=channel, ts=ts, text="x")["error"] == "streaming_state_conflict"
    answer = api("chat.stopStream", channel=channel, ts=ts, markdown_text="c", blocks=[SECTION])
    assert answer["message"]["text"] == "abc"
    assert [block["type"] for block in answer["message"]["blocks"]] == ["markdown", "section"]
    late = api("chat.appendStream", channel=channel, ts=ts, markdown_text="d")
    assert late["error"] == "message_not_in_streaming_state"


def test_a_status_goes_when_the_bot_speaks(api, people, workspace):
    channel = people.open("U0ADA")
    thread = people.message("U0ADA", channel, "hello")
    status = {"channel_id": channel, "thread_ts": thread, "status": "is thinking..."}
    assert api("assistant.threads.setStatus", **status)["ok"]
    assert workspace.state()["statuses"] == {channel: {thread: "is thinking..."}}
    api.post(channel=channel, text="done", thread_ts=thread)
    assert workspace.state()["statuses"] == {}


@pytest.mark.parametrize(
    ("missing", "method", "answer"),
    [
        ("assistant:write", "assistant.threads.setStatus", None),
        ("assistant:write", "assistant.threads.setTitle", "missing_scope"),
        ("chat:write", "assistant.threads.setStatus", "missing_scope"),
    ],
)
def test_a_status_needs_the_scope_to_write_alone(manifest_without, make_api, missing, method, answer):
    with LocalSlack(manifest_without(missing)) as workspace:
        channel = workspace.client.open("U0ADA")
        thread = workspace.client.message("U0ADA", channel, "hello")
        fields = {"channel_id": channel, "thread_ts": thread, "status": "is thinking...", "title": "Hello"}
        assert make_api(workspace)(method, **fields).get("error") == answer


def test_a_method_is_held_to_its_tier_on_request(manifest_path, make_api):
    with LocalSlack(manifest_path, rates=True) as workspace:
        api = make_api(workspace)
        answers = [api("conversations.list") for _ in range(21)]
        posts = [api("chat.postMessage", channel="C0GENERAL", text="x") for _ in range(8)]
    assert [answer["ok"] for answer in answers] == [True] * 20 + [False]
    assert answers[-1]["status"] == 429
    assert {answer.get("error") for answer in posts} == {None, "ratelimited"}


def test_a_fault_is_answered_as_often_as_was_asked(api, workspace):
    limit = {"method": "team.info", "times": 1, "retry_after_s": 7}
    fail = {"method": "users.info", "error": "internal_error", "times": 1}
    assert workspace.control("fault", rate_limit=limit, fail=fail) == {"ok": True}
    assert api("team.info")["error"] == "ratelimited"
    assert api.headers["retry-after"] == "7"
    assert api("team.info")["error"] == "missing_scope"
    assert api("users.info", user="U0ADA")["error"] == "internal_error"
    assert api("users.info", user="U0ADA")["user"]["real_name"] == "Ada Quill"


def test_a_reaction_is_added_once(api, workspace):
    ts = api.post(text="x")
    place = {"channel": "C0GENERAL", "timestamp": ts, "name": "eyes"}
    assert api("reactions.add", **place)["ok"]
    assert api("reactions.add", **place)["error"] == "already_reacted"
    assert workspace.state()["messages"]["C0GENERAL"][0]["reactions"][0]["count"] == 1
    assert api("reactions.remove", **place)["ok"]
    assert api("reactions.remove", **place)["error"] == "no_reaction"


def test_the_bot_sees_public_channels_and_its_own(api):
    names = [
        row["name"] for row in api("conversations.list", types="public_channel,private_channel")["channels"]
    ]
    assert names == ["general", "research", "partners"]
    assert api("conversations.info", channel="C0PARTNER")["channel"]["is_ext_shared"] is True
    assert api("conversations.info", channel="C0PRIVATE")["error"] == "channel_not_found"
    first = api("conversations.list", limit=2)
    second = api("conversations.list", limit=2, cursor=first["response_metadata"]["next_cursor"])
    assert [len(first["channels"]), len(second["channels"])] == [2, 1]


def test_a_stream_that_falls_silent_ends_and_can_be_updated(api, people, workspace):
    channel = people.open("U0ADA")
    thread = people.message("U0ADA", channel, "hello")
    ts = api("chat.startStream", channel=channel, thread_ts=thread, markdown_text="so far")["ts"]
    workspace.control("fault", expire_streams=True)
    late = api("chat.appendStream", channel=channel, ts=ts, markdown_text="more")
    assert late["error"] == "message_not_in_streaming_state"
    assert api("chat.update", channel=channel, ts=ts, text="so far, and more")["ok"]


def test_five_silent_minutes_end_a_stream(manifest_path, make_api):
    now = [1000.0]
    with LocalSlack(manifest_path, clock=lambda: now[0]) as workspace:
        api = make_api(workspace)
        thread = workspace.client.message("U0ADA", "D0ADA", "hello")
        ts = api("chat.startStream", channel="D0ADA", thread_ts=thread)["ts"]
        now[0] += 301
        answer = api("chat.appendStream", channel="D0ADA", ts=ts, markdown_text="more")
    assert answer["error"] == "message_not_in_streaming_state"


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({}, "missing_recipient_user_id"),
        ({"recipient_user_id": "U0ADA"}, "missing_recipient_team_id"),
        ({"recipient_user_id": "U0ADA", "recipient_team_id": "T0OTHER"}, "team_not_found"),
    ],
)
def test_a_stream_in_a_channel_names_its_reader(api, fields, error):
    assert api("chat.startStream", channel="C0GENERAL", **fields)["error"] == error


def test_arguments_of_a_strange_shape_are_answered(api):
    answer = api(
        "chat.postMessage", channel="C0GENERAL", text="x", blocks=[{"type": "actions", "elements": [1]}]
    )
    assert answer["error"] == "invalid_blocks"
    assert api("files.completeUploadExternal", files=7)["error"] == "internal_error"
