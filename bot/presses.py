"""Reading Slack's payloads: who pressed what, where."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from bot import ids
from bot.about_clip import AboutClip, WordsWish, read_hot_words
from bot.errors import StaleButtonError
from bot.people import Person
from bot.views.clip_words import LANGUAGES


@dataclass(frozen=True, slots=True)
class Press:
    """One press of a button, or one choice in a list, in a message or on the Home tab."""

    person: Person
    #: None on the Home tab.
    channel_id: str | None
    message_ts: str | None
    thread_ts: str | None
    #: Of the button, or of what was chosen in a list.
    value: str
    state: dict[str, Any]
    #: Where Slack takes an answer to this very press; None on the Home tab.
    response_url: str | None = None

    def values(self, number: int) -> list[str]:
        """Return the button's value in so many parts; raises `StaleButtonError` for another shape."""
        parts = self.value.split("|")
        if len(parts) != number:
            raise StaleButtonError
        return parts

    def answer(self) -> tuple[str, str, int]:
        """Return paper, question and option of an answer's button; raises `StaleButtonError` for another shape."""
        paper_id, question_id, option = self.values(3)
        if not option.isdigit():
            raise StaleButtonError
        return paper_id, question_id, int(option)


def read_press(body: dict[str, Any]) -> Press:
    """Return the press in a block_actions payload."""
    container = body.get("container") or {}
    message = body.get("message") or {}
    return Press(
        person=person_of(body),
        channel_id=container.get("channel_id") or (body.get("channel") or {}).get("id"),
        message_ts=container.get("message_ts"),
        thread_ts=message.get("thread_ts") or container.get("thread_ts"),
        value=chosen_value(body),
        state=(body.get("state") or {}).get("values") or {},
        response_url=body.get("response_url"),
    )


def person_of(body: dict[str, Any]) -> Person:
    """Return who acts, in any payload: interactive ones nest ids, commands do not."""
    if "user_id" in body:
        return Person(team_id=str(body["team_id"]), user_id=str(body["user_id"]))
    user = body["user"]
    team_id = (body.get("team") or {}).get("id") or user.get("team_id")
    return Person(team_id=str(team_id), user_id=str(user["id"]))


def ticked_purposes(state: dict[str, Any]) -> Collection[str]:
    """Return the purposes ticked under a consent notice."""
    chosen = state.get(ids.CLIP_PURPOSES_BLOCK, {}).get(ids.CLIP_PURPOSES, {}).get("selected_options") or []
    return frozenset(str(option["value"]) for option in chosen)


def recorded_how(state: dict[str, Any]) -> str | None:
    """Return how the recording was made, as chosen under a consent notice; None for "do not know"."""
    chosen = state.get(ids.CLIP_RECORDED_BLOCK, {}).get(ids.CLIP_RECORDED, {}).get("selected_option") or {}
    value = str(chosen.get("value") or "unknown")
    return None if value == "unknown" else value


def hinted_bounds(state: dict[str, Any]) -> tuple[int | None, int | None]:
    """Return the fewest and the most speakers chosen under a consent notice; None to find out."""
    exactly = _number(
        state, ids.CLIP_SPEAKERS_BLOCK, ids.CLIP_SPEAKERS
    )  # notices from before there were bounds
    fewest = _number(state, ids.CLIP_BOUNDS_BLOCK, ids.CLIP_AT_LEAST)
    most = _number(state, ids.CLIP_BOUNDS_BLOCK, ids.CLIP_AT_MOST)
    return fewest or exactly, most or exactly


def words_wish(state: dict[str, Any]) -> WordsWish:
    """Return language, names and jargon as they stand in the fields of `bot.views.clip_words`."""
    chosen = state.get(ids.CLIP_LANGUAGE, {}).get(ids.CLIP_LANGUAGE, {}).get("selected_option") or {}
    language = str(chosen.get("value") or "")
    typed = state.get(ids.CLIP_HOT_WORDS, {}).get(ids.CLIP_HOT_WORDS, {}).get("value") or ""
    is_known = language in LANGUAGES
    return WordsWish(language=language if is_known else None, hot_words=read_hot_words(str(typed)))


def about_clip(state: dict[str, Any]) -> AboutClip:
    """Return all that was said about a recording under its consent notice."""
    fewest, most = hinted_bounds(state)
    return AboutClip(
        min_speakers=fewest, max_speakers=most, recorded=recorded_how(state), words=words_wish(state)
    )


def _number(state: dict[str, Any], block_id: str, action_id: str) -> int | None:
    chosen = state.get(block_id, {}).get(action_id, {}).get("selected_option") or {}
    value = str(chosen.get("value") or "auto")
    return int(value) if value.isdigit() else None


def chosen_value(body: dict[str, Any]) -> str:
    """Return what was chosen in a list, or the value of the button that was pressed."""
    action = body["actions"][0]
    chosen = action.get("selected_option") or {}
    return str(chosen.get("value") or action.get("value") or "")
