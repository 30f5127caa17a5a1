"""Deciding about one's own clip."""

from typing import Any

from slack_bolt import Ack

from bot import ids
from bot.deps import Deps
from bot.messenger import Message
from bot.presses import Press, about_clip, person_of, read_press, ticked_purposes, words_wish
from bot.show import remark, replace_pressed
from bot.use_cases import label_clip, run_again
from bot.use_cases.clip_result import shown_result
from bot.use_cases.deliver_clip import send_files_again
from bot.use_cases.object_to_clip import object_to_clip
from bot.use_cases.share_clip import share_clip
from bot.view_payloads import read_submission
from bot.views import clip as views
from bot.views.clip_again import build_again_view, read_bounds
from bot.views.clip_notice import build_agreed_message, build_declined_message
from bot.views.clip_shared import build_objected_message
from bot.views.clip_words import build_words_view


def handle_agree(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Record the consent and start the work."""
    press = read_press(body)
    clip = label_clip.agree(
        deps, press.person, press.value, ticked_purposes(press.state), about_clip(press.state)
    )
    ack()
    _replace(deps, press, build_agreed_message(clip.name, f"{deps.now():%d %B %Y, %H:%M}"))


def handle_decline(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Leave the file alone."""
    press = read_press(body)
    clip = label_clip.decline(deps, press.person, press.value)
    ack()
    _replace(deps, press, build_declined_message(clip.name))


def handle_cancel(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Stop the work."""
    press = read_press(body)
    with deps.database.read() as tx:
        name = label_clip.own_clip(tx, press.person, press.value).name
    is_gone = label_clip.cancel(deps, press.person, press.value, keep_ts=press.message_ts)
    ack()
    if is_gone:
        _replace(deps, press, views.build_cancelled_message(name))


def handle_retry(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Start the work once more."""
    press = read_press(body)
    run_again.try_again(deps, press.person, press.value, deps.new_id())
    ack()


def handle_try_labels(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Label once more; the words are kept."""
    press = read_press(body)
    run_again.label_again(deps, press.person, press.value, deps.new_id())
    ack()


def handle_try_words(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Ask what helps to write down the words."""
    press = read_press(body)
    wish = run_again.words_wish_of(deps, press.person, press.value)
    deps.messenger_for(press.person.team_id).open_view(
        str(body["trigger_id"]), build_words_view(press.value, wish)
    )
    ack()


def handle_words_again(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Write down the words once more; the labels are kept."""
    given = read_submission(body)
    run_again.write_words_again(deps, given.person, given.clip_id, deps.new_id(), words_wish(given.state))
    ack()


def handle_send_files(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Send the files that Slack did not take before."""
    press = read_press(body)
    send_files_again(deps, press.person, press.value)
    ack()


def handle_again_open(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Ask how many people speak."""
    press = read_press(body)
    with deps.database.read() as tx:
        clip = label_clip.own_clip(tx, press.person, press.value)
    labels = shown_result(deps, clip).annotation
    view = build_again_view(clip.clip_id, clip.name, len(labels.speakers) if labels else 0)
    deps.messenger_for(press.person.team_id).open_view(str(body["trigger_id"]), view)
    ack()


def handle_again(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Run again with what the person knows about the number of speakers."""
    view = body["view"]
    fewest, most = read_bounds(view["state"]["values"])
    person, clip_id = person_of(body), str(view["private_metadata"])
    run_again.label_with_bounds(deps, person, clip_id, deps.new_id(), fewest, most)
    ack()


def handle_share(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Post the result where the recording was posted."""
    press = read_press(body)
    ack()
    share_clip(deps, press.person, press.value)
    remark(deps, press, "Shared in the thread of your recording. Deleting the clip takes it back.")


def handle_object(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Delete at once what somebody who was recorded objects to."""
    press = read_press(body)
    object_to_clip(deps, press.person, press.value, press.channel_id or "", keep_ts=press.message_ts)
    ack()
    _replace(deps, press, build_objected_message())


def handle_delete(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Delete what was made of the clip, here and in Slack."""
    press = read_press(body)
    label_clip.delete(deps, press.person, press.value, keep_ts=press.message_ts)
    ack()
    _replace(deps, press, views.build_deleted_message())


def _replace(deps: Deps, press: Press, message: Message) -> None:
    replace_pressed(deps, press, message)


#: What is ticked, chosen or typed under a notice counts when the button under it is pressed.
SILENT = (
    ids.CLIP_PURPOSES,
    ids.CLIP_SPEAKERS,
    ids.CLIP_AT_LEAST,
    ids.CLIP_AT_MOST,
    ids.CLIP_RECORDED,
    ids.CLIP_LANGUAGE,
    ids.CLIP_HOT_WORDS,
)
