"""Deciding about one's own clip."""

from typing import Any

from slack_bolt import Ack

from bot.deps import Deps
from bot.messenger import Message
from bot.presses import Press, hinted_speakers, person_of, read_press, recorded_how, ticked_purposes
from bot.show import remark, replace_pressed
from bot.use_cases import label_clip
from bot.use_cases.share_clip import share_clip
from bot.use_cases.show_clip import shown_result
from bot.views import clip as views
from bot.views.clip_again import build_again_view, read_bounds


def handle_agree(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Record the consent and start the work."""
    press = read_press(body)
    ticked, hint = ticked_purposes(press.state), hinted_speakers(press.state)
    clip = label_clip.agree(deps, press.person, press.value, ticked, hint, recorded_how(press.state))
    ack()
    _replace(deps, press, views.build_agreed_message(clip.name, f"{deps.now():%d %B %Y, %H:%M}"))


def handle_decline(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Leave the file alone."""
    press = read_press(body)
    clip = label_clip.decline(deps, press.person, press.value)
    ack()
    _replace(deps, press, views.build_declined_message(clip.name))


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
    label_clip.try_again(deps, press.person, press.value, deps.new_id())
    ack()


def handle_try_labels(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Label once more; the words are kept."""
    press = read_press(body)
    label_clip.try_part(deps, press.person, press.value, deps.new_id(), "labels")
    ack()


def handle_try_words(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Write down the words once more; the labels are kept."""
    press = read_press(body)
    label_clip.try_part(deps, press.person, press.value, deps.new_id(), "words")
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
    label_clip.run_with_hint(deps, person, clip_id, deps.new_id(), fewest, most)
    ack()


def handle_share(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Post the result where the recording was posted."""
    press = read_press(body)
    ack()
    share_clip(deps, press.person, press.value)
    remark(deps, press, "Shared in the thread of your recording. Deleting the clip takes it back.")


def handle_delete(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Delete what was made of the clip, here and in Slack."""
    press = read_press(body)
    label_clip.delete(deps, press.person, press.value, keep_ts=press.message_ts)
    ack()
    _replace(deps, press, views.build_deleted_message())


def _replace(deps: Deps, press: Press, message: Message) -> None:
    replace_pressed(deps, press, message)
