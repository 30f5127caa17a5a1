"""The messenger against an API that refuses: pictures said in words, messages that are gone, stray answers."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.error import HTTPError

import pytest
from slack_sdk.errors import SlackApiError

from bot.errors import NotPostedError, UploadRefusedError
from bot.messenger import Message
from bot.slack_messenger import SlackMessenger

PICTURE = {"type": "image", "slack_file": {"id": "F1"}, "alt_text": "SPEAKER_00 speaks for 5 s"}
MESSAGE = Message("Who spoke", [{"type": "divider"}, PICTURE])


class Refusing:
    """Answers each call with the next thing laid out: an answer, or the name of an error."""

    def __init__(self, **answers):
        self.calls = []
        self._answers = {name: list(found) for name, found in answers.items()}

    def __getattr__(self, method):
        def call(**args):
            self.calls.append((method, args))
            laid_out = self._answers[method]
            answer = laid_out.pop(0) if len(laid_out) > 1 else laid_out[0]
            if isinstance(answer, str):
                raise SlackApiError(answer, {"ok": False, "error": answer})
            return answer

        return call


class TestPictures:
    @pytest.mark.parametrize("method", ["chat_update", "chat_postMessage"])
    def test_a_picture_that_slack_refuses_is_said_in_words(self, method):
        client = Refusing(**{method: ["invalid_blocks", {"ok": True, "ts": "1.1"}]})
        messenger = SlackMessenger(client)
        if method == "chat_update":
            assert messenger.update("D1", "1.1", MESSAGE)
        else:
            assert messenger.post("D1", MESSAGE) == "1.1"
        blocks = client.calls[-1][1]["blocks"]
        assert [block["type"] for block in blocks] == ["divider", "context"]
        assert blocks[1]["elements"][0]["text"] == PICTURE["alt_text"]

    def test_nor_does_it_take_a_home_tab_away(self):
        client = Refusing(views_publish=["invalid_blocks", {"ok": True}])
        SlackMessenger(client).publish_home("U1", MESSAGE.blocks)
        view = client.calls[-1][1]["view"]
        assert view["type"] == "home"
        assert view["blocks"][1]["elements"][0]["text"] == PICTURE["alt_text"]

    def test_blocks_that_are_wrong_without_a_picture_are_not_hidden(self):
        client = Refusing(chat_update=["invalid_blocks"])
        with pytest.raises(SlackApiError):
            SlackMessenger(client).update("D1", "1.1", Message("x", [{"type": "divider"}]))
        assert len(client.calls) == 1

    def test_an_upload_without_a_channel_is_waited_for(self):
        client = Refusing(
            files_completeUploadExternal=[{"ok": True}],
            files_info=[{"file": {"mimetype": ""}}, {"file": {"mimetype": "image/png"}}],
        )
        SlackMessenger(client).finish_upload("F1", "a picture")
        assert [name for name, _ in client.calls].count("files_info") == 2


class TestUploads:
    """What Slack will never take is told from what it could not take just now."""

    @pytest.mark.parametrize("error", ["storage_limit_reached", "invalid_name", "channel_not_found"])
    def test_refused_for_good(self, error):
        client = Refusing(files_getUploadURLExternal=[error], files_completeUploadExternal=[error])
        with pytest.raises(UploadRefusedError):
            SlackMessenger(client).start_upload("a.txt", 9)
        with pytest.raises(UploadRefusedError):
            SlackMessenger(client).finish_upload("F1", "a.txt", channel_id="D1")

    def test_words_for_a_picture_are_no_longer_than_slack_takes(self):
        client = Refusing(files_getUploadURLExternal=[{"file_id": "F1", "upload_url": "https://x"}])
        SlackMessenger(client).start_upload("timeline.png", 9, "SPEAKER_00 speaks. " * 90)
        ((_, asked),) = client.calls
        assert len(asked["alt_txt"]) <= 1000
        assert asked["alt_txt"].endswith("…")

    @pytest.mark.parametrize("error", ["internal_error", "ratelimited", "service_unavailable"])
    def test_not_just_now(self, error):
        client = Refusing(files_getUploadURLExternal=[error])
        with pytest.raises(SlackApiError):
            SlackMessenger(client).start_upload("a.txt", 9)

    @pytest.mark.parametrize(
        ("status", "expected"), [(413, UploadRefusedError), (429, HTTPError), (503, HTTPError)]
    )
    def test_bytes(self, status, expected):
        class Answering(BaseHTTPRequestHandler):
            def do_POST(self):
                self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(status)
                self.end_headers()

            def log_message(self, *_):
                pass

        server = HTTPServer(("127.0.0.1", 0), Answering)
        threading.Thread(target=server.handle_request, daemon=True).start()
        with pytest.raises(expected) as caught:
            SlackMessenger(Refusing()).send_bytes(f"http://127.0.0.1:{server.server_port}/up", b"bytes")
        server.server_close()
        assert isinstance(caught.value, OSError), "whoever can do without a file need not tell the two apart"


class TestClosedConversations:
    @pytest.mark.parametrize("error", ["not_in_channel", "channel_not_found", "is_archived"])
    def test_a_post_that_we_may_not_make_says_what_to_do(self, error):
        with pytest.raises(NotPostedError, match="/invite @whospoke"):
            SlackMessenger(Refusing(chat_postMessage=[error])).post("C1", Message("x"))

    @pytest.mark.parametrize("error", ["missing_scope", "not_in_channel", "channel_not_found"])
    @pytest.mark.parametrize("thread_ts", [None, "1.0"])
    def test_where_we_may_not_look_nothing_is_found(self, error, thread_ts):
        client = Refusing(conversations_history=[error], conversations_replies=[error])
        assert SlackMessenger(client).find("C1", thread_ts, "key", after_ts="0") is None

    def test_any_other_fault_of_looking_is_an_error(self):
        client = Refusing(conversations_replies=["fatal_error"])
        with pytest.raises(SlackApiError):
            SlackMessenger(client).find("C1", "1.0", "key", after_ts="0")


class TestGone:
    @pytest.mark.parametrize("error", ["message_not_found", "channel_not_found"])
    def test_what_is_gone_is_not_tried_again(self, error):
        messenger = SlackMessenger(Refusing(chat_update=[error], chat_delete=[error]))
        assert messenger.update("D1", "1.1", Message("x")) is False
        assert messenger.delete("D1", "1.1") is False

    def test_any_other_refusal_is_an_error(self):
        messenger = SlackMessenger(Refusing(chat_update=["fatal_error"], chat_delete=["fatal_error"]))
        with pytest.raises(SlackApiError):
            messenger.update("D1", "1.1", Message("x"))
        with pytest.raises(SlackApiError):
            messenger.delete("D1", "1.1")


class TestOurMessages:
    def test_all_pages_are_read_and_only_ours_kept(self):
        pages = [
            {
                "messages": [{"ts": "1"}, {"ts": "2", "bot_id": "B"}],
                "response_metadata": {"next_cursor": "n"},
            },
            {"messages": [{"ts": "3", "bot_id": "B"}], "response_metadata": {"next_cursor": ""}},
        ]
        assert SlackMessenger(Refusing(conversations_replies=pages)).our_messages("D1", "1") == ["2", "3"]

    def test_a_thread_that_is_gone_has_none(self):
        assert (
            SlackMessenger(Refusing(conversations_replies=["thread_not_found"])).our_messages("D1", "1") == []
        )


@pytest.fixture
def answers():
    """Where a press may be answered: a server that takes answers, or refuses them once `refuses` is set."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            server.taken.append(json.loads(body))
            self.send_response(404 if server.refuses else 200)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    server.taken, server.refuses = [], False
    server.url = f"http://127.0.0.1:{server.server_port}/respond/1"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


class TestPressedMessage:
    """Slack counts updates by the minute, but not answers to a press."""

    def client(self, base_url="http://127.0.0.1:7600/api/"):
        client = Refusing(chat_update=[{"ok": True}])
        client.base_url = base_url
        return client

    def test_is_replaced_by_answering_the_press(self, answers):
        client = self.client()
        assert SlackMessenger(client).replace(answers.url, "D1", "1.1", Message("next card"))
        assert answers.taken == [{"text": "next card", "replace_original": True}]
        assert client.calls == []

    def test_an_answer_leaves_the_pressed_message_as_it_is(self, answers):
        messenger = SlackMessenger(self.client())
        assert messenger.answer(answers.url, Message("only you"), thread_ts="1.0")
        assert messenger.answer(answers.url, Message("all of you"), is_for_all=True)
        kept = {"replace_original": False}
        assert answers.taken == [
            {"text": "only you", "response_type": "ephemeral", "thread_ts": "1.0"} | kept,
            {"text": "all of you", "response_type": "in_channel"} | kept,
        ]

    def test_an_answer_that_cannot_be_given_is_known(self, answers):
        answers.refuses, messenger = True, SlackMessenger(self.client())
        assert messenger.answer(answers.url, Message("x")) is False
        assert messenger.answer(None, Message("x")) is False

    def test_is_updated_when_the_answer_is_refused(self, answers):
        answers.refuses, client = True, self.client()
        assert SlackMessenger(client).replace(answers.url, "D1", "1.1", Message("next card"))
        assert [name for name, _ in client.calls] == ["chat_update"]

    def test_is_updated_where_a_press_brings_no_place_to_answer(self):
        client = self.client()
        assert SlackMessenger(client).replace(None, "D1", "1.1", Message("next card"))
        assert [name for name, _ in client.calls] == ["chat_update"]

    @pytest.mark.parametrize("base_url", ["https://slack.com/api/", "http://127.0.0.1:7600/api/"])
    def test_is_never_sent_to_a_place_that_is_not_slacks(self, answers, base_url):
        foreign = answers.url.replace("127.0.0.1", "evil.example") if "127" in base_url else answers.url
        client = self.client(base_url)
        assert SlackMessenger(client).replace(foreign, "D1", "1.1", Message("next card"))
        assert answers.taken == []
        assert [name for name, _ in client.calls] == ["chat_update"]


class TestReplies:
    """What a lab's reply must survive while it is written."""

    @pytest.mark.parametrize(
        "fault", ["message_not_in_streaming_state", "fatal_error", "streaming_state_conflict"]
    )
    def test_a_stream_that_cannot_be_stopped_leaves_the_update_to_come(self, fault):
        SlackMessenger(Refusing(chat_stopStream=[fault])).stop_stream("D1", "1.1")

    def test_updates_in_between_give_way(self):
        patient, brief = Refusing(), Refusing(chat_update=["ratelimited", {"ok": True}])
        messenger = SlackMessenger(patient, brief)
        assert not messenger.update_soon("D1", "1.1", Message("a"))
        assert messenger.update_soon("D1", "1.1", Message("ab"))
        assert patient.calls == []

    @pytest.mark.parametrize(
        ("messages", "found"),
        [
            ([{"ts": "1.0", "bot_id": "B"}, {"ts": "1.1", "bot_id": "B"}], "1.1"),
            (
                [{"ts": "1.2", "metadata": {"event_payload": {"key": "k"}}}, {"ts": "1.1", "bot_id": "B"}],
                "1.2",
            ),
            (
                [{"ts": "1.3", "bot_id": "B"}, {"ts": "1.4", "bot_id": "B", "blocks": [1]}, {"ts": "1.5"}],
                None,
            ),
        ],
        ids=["stray", "marked", "known, whole, not ours"],
    )
    def test_a_reply_is_looked_for_in_one_call(self, messages, found):
        client = Refusing(conversations_replies=[{"messages": messages}])
        messenger = SlackMessenger(client)
        assert messenger.find_reply("D1", "1.0", "k", known={"1.3"}, after_ts="0.9") == found
        assert len(client.calls) == 1
