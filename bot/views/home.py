"""The Home tab, and the same in words."""

from collections.abc import Callable
from datetime import datetime

from slack_sdk.models.blocks import StaticSelectElement

from bot import ids
from bot.certificate import shown_id
from bot.messenger import Message
from bot.screens import Standing, Stop
from bot.views import blocks as b
from bot.views.review import review_blocks, review_words
from bot.views.text import escape, moment, moment_words, mrkdwn

_MARKS = {"done": ":white_check_mark:", "open": ":arrow_forward:", "locked": ":lock:"}
_WORDS = {"done": "done", "open": "open now", "locked": "opens later"}
_CLIP_WORDS = {
    "asking": "waiting for your consent",
    "queued": "waiting for its turn",
    "running": "being labelled",
    "replying": "being sent to you",
    "done": "labelled",
    "failed": "could not be labelled",
    "cancelled": "cancelled",
}
_NUM_CLIPS_SHOWN = 5


def build_home_blocks(standing: Standing) -> list[b.BlockJson]:
    """Return the Home tab: where I am, what is next, scores, review, my clips, privacy."""
    onward = "Start the course" if standing.num_done == 0 else "Continue"
    return [
        b.header(standing.module.title),
        b.section(f"*{standing.num_done} of {len(standing.stops)} stops done.* " + _next_words(standing)),
        b.actions(
            [
                b.button(onward, ids.COURSE_CONTINUE, style="primary", label=f"{onward} where you are")
                if standing.next_title
                else b.button("Look back", ids.COURSE_CONTINUE, label="Look back at the finished course"),
                *_look_back(standing),
            ]
        ),
        b.divider(),
        *b.sections(
            "\n".join(f"{_MARKS[stop.state]} {mrkdwn(_stop_words(stop))}" for stop in standing.stops)
        ),
        *([b.section(_test_words(standing, moment))] if _test_words(standing, moment) else []),
        *([b.section(_certificate_words(standing))] if standing.certificate_id else []),
        b.divider(),
        *review_blocks(standing.review),
        b.divider(),
        b.section("*My clips*\n" + _clips_words(standing)),
        b.actions([b.button("My privacy", ids.HOME_PRIVACY, label="What whospoke holds about you")]),
    ]


def build_progress_message(standing: Standing) -> Message:
    """Return the same in words, for `/whospoke progress`."""
    begin = f"{standing.num_done} of {len(standing.stops)} stops done."
    ends = [review_words(standing.review), f"My clips: {_clips_in_a_line(standing)}"]
    if test := _test_words(standing, moment_words):
        ends.insert(0, test)
    if standing.certificate_id:
        ends.insert(0, _certificate_words(standing).replace("`", ""))
    lines = [f"{begin} {_next_words(standing)}", *(_stop_words(stop) for stop in standing.stops), *ends]
    parts = [
        b.section(f"*{begin}* {_next_words(standing)}"),
        *b.sections("\n".join(f"{_MARKS[s.state]} {mrkdwn(_stop_words(s))}" for s in standing.stops)),
        b.section("\n".join(escape(line) for line in ends)),
        b.actions([b.button("Continue", ids.COURSE_CONTINUE, style="primary", label="Continue the course")]),
    ]
    return Message(text="\n".join(lines), blocks=parts)


def _look_back(standing: Standing) -> list[StaticSelectElement]:
    done = [(stop.step_id, stop.title) for stop in standing.stops if stop.state == "done"]
    return [b.select("Open a finished stop", ids.COURSE_OPEN, done)] if done else []


def _certificate_words(standing: Standing) -> str:
    shown = shown_id(standing.certificate_id or "")
    return f"Your certificate: {shown}. Others check it with `/whospoke verify {shown}`."


def _test_words(standing: Standing, say: Callable[[datetime], str]) -> str:
    """Return until when the module test is open, or from when on it is open again."""
    if standing.test_closes_at:
        return f"Your module test is open until {say(standing.test_closes_at)}."
    if standing.test_opens_at:
        return f"You may take the module test again from {say(standing.test_opens_at)}."
    return ""


def _clips_in_a_line(standing: Standing) -> str:
    if not standing.clips:
        return "none yet."
    shown = standing.clips[-_NUM_CLIPS_SHOWN:]
    return "; ".join(f"{clip.name} ({_CLIP_WORDS.get(clip.state, clip.state)})" for clip in shown) + "."


def _next_words(standing: Standing) -> str:
    return (
        f"Next: {escape(standing.next_title)}."
        if standing.next_title
        else "All there is, done. Well listened."
    )


def _stop_words(stop: Stop) -> str:
    score = f", {stop.score}" if stop.score else ""
    return f"{stop.title} ({_WORDS[stop.state]}{score})"


def _clips_words(standing: Standing) -> str:
    if not standing.clips:
        return "None yet. Upload a recording in the Messages tab; you are asked before anything is fetched."
    shown = standing.clips[-_NUM_CLIPS_SHOWN:]
    return "\n".join(
        f"• {escape(clip.name)}: {_CLIP_WORDS.get(clip.state, clip.state)}" for clip in reversed(shown)
    )
