"""Naming, correcting, scoring and doubting labels, and labelling oneself."""

from collections.abc import Callable
from typing import Any

from slack_bolt import Ack

from annotation import editing
from annotation.editing import EditError
from annotation.model import Annotation
from bot import ids
from bot.deps import Deps
from bot.errors import StaleButtonError
from bot.presses import Press, about_clip, read_press, ticked_purposes
from bot.score_screens import FixScreen
from bot.show import replace_pressed, show_in_dm
from bot.use_cases import (
    doubt_clip,
    fix_labels,
    label_clip,
    label_yourself,
    name_speakers,
    practise,
    score_clip,
    take_labels,
)
from bot.use_cases.continue_course import turn_to_card
from bot.view_payloads import ViewPress, read_view_press
from bot.views.clip_notice import build_agreed_message
from bot.views.doubt import build_doubt_message
from bot.views.fixing import (
    build_add_view,
    build_fix_view,
    build_name_view,
    build_rename_view,
    build_turn_view,
)
from bot.views.help import build_remark_message
from bot.views.own import build_own_view
from bot.views.text import escape


def handle_names_open(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Open the form for names."""
    press = read_press(body)
    view = build_name_view(name_speakers.name_form(deps, press.person, press.value))
    ack()
    _open(deps, press, body, view)


def handle_fix_open(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Open the turns to be corrected."""
    press = read_press(body)
    view = build_fix_view(fix_labels.open_draft(deps, press.person, press.value))
    ack()
    _open(deps, press, body, view)


def handle_fix_page(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Turn to another page of turns."""
    press = read_view_press(body)
    page = int(press.value) if press.value.isdigit() else 0
    screen = fix_labels.open_draft(deps, press.person, press.clip_id, page)
    ack()
    _show(deps, press, screen)


def handle_fix_reassign(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Give a turn to the speaker chosen beside it."""
    press = read_view_press(body)
    key = press.block_id.split(".", 1)[1]

    def edit(draft: Annotation) -> Annotation:
        turn = editing.find(draft, key)
        if turn is None:
            raise EditError("That turn had changed meanwhile; this is how things stand now.")
        return editing.reassign(draft, turn, fix_labels.speaker_chosen(draft, press.value))

    ack()
    _edit(deps, press, edit)


def handle_fix_merge(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Make two speakers one."""
    press = read_view_press(body)
    gone, into = press.chosen(ids.FIX_MERGE_FROM), press.chosen(ids.FIX_MERGE_INTO)

    def edit(draft: Annotation) -> Annotation:
        if not gone or not into:
            raise EditError("Choose both speakers first: the one who is really the other, and that other.")
        first, second = fix_labels.speaker_chosen(draft, gone), fix_labels.speaker_chosen(draft, into)
        return editing.merge_speakers(draft, first, second)

    ack()
    _edit(deps, press, edit)


def handle_fix_drop(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Forget the corrections that were not saved."""
    press = read_view_press(body)
    screen = fix_labels.drop_draft(deps, press.person, press.clip_id)
    ack()
    _show(deps, press, screen)


def handle_fix_turn(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Open one turn."""
    press = read_view_press(body)
    form = fix_labels.turn_form(deps, press.person, press.clip_id, press.page, press.value, press.view_id)
    ack()
    deps.messenger_for(press.person.team_id).push_view(str(body["trigger_id"]), build_turn_view(form))


def handle_fix_add(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Open the form for a turn that was not heard."""
    press = read_view_press(body)
    screen = fix_labels.open_draft(deps, press.person, press.clip_id, press.page)
    ack()
    messenger = deps.messenger_for(press.person.team_id)
    messenger.push_view(str(body["trigger_id"]), build_add_view(screen, press.view_id))


def handle_fix_rename(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Open the form in which a speaker is called something else."""
    press = read_view_press(body)
    screen = fix_labels.open_draft(deps, press.person, press.clip_id, press.page)
    ack()
    messenger = deps.messenger_for(press.person.team_id)
    messenger.push_view(str(body["trigger_id"]), build_rename_view(screen, press.view_id))


def handle_score(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Score against the newest reference; without one, say so and be honest instead."""
    press = read_press(body)
    if not score_clip.score_again(deps, press.person, press.value):
        doubt_clip.ask_how_sure(deps, press.person, press.value)
    ack()


def handle_undo(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Go back one version."""
    press = read_press(body)
    clip_id, version = press.values(2)
    if not version.isdigit():
        raise StaleButtonError
    current = score_clip.undo(deps, press.person, clip_id, int(version))
    ack()
    text = (
        f"Version {version} was taken back; version {current.version} counts again, scored below."
        if current
        else f"Version {version} was taken back. There is no reference now, and so no score."
    )
    if press.channel_id and press.message_ts:
        replace_pressed(deps, press, build_remark_message(text))


def handle_doubt(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Say how far to trust the labels."""
    press = read_press(body)
    doubt_clip.ask_how_sure(deps, press.person, press.value)
    ack()


def handle_yes(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Confirm a turn."""
    press = read_press(body)
    _confirm(ack, deps, press, [*press.values(2), "yes"])


def handle_unsure(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Leave a turn in doubt."""
    press = read_press(body)
    _confirm(ack, deps, press, [*press.values(2), "unsure"])


def handle_no(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Say who it is instead."""
    press = read_press(body)
    option = body["actions"][0].get("selected_option") or {}
    parts = str(option.get("value") or "").split("|")
    if len(parts) != 3:  # noqa: PLR2004 - clip, turn, speaker
        raise StaleButtonError
    _confirm(ack, deps, press, [*parts[:2], f"no:{parts[2]}"])


def handle_own_first(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Agree to the labelling, and hold its result back for a go of one's own."""
    press = read_press(body)
    ticked, about = ticked_purposes(press.state), about_clip(press.state)
    clip = label_clip.agree(deps, press.person, press.value, ticked, about, is_held=True)
    ack()
    if press.channel_id and press.message_ts:
        message = build_agreed_message(clip.name, f"{deps.now():%d %B %Y, %H:%M}")
        replace_pressed(deps, press, message)


def handle_own_write(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Open the form in which turns are typed."""
    press = read_press(body)
    screen, before = label_yourself.own_form(deps, press.person, press.value)
    ack()
    _open(deps, press, body, build_own_view(screen, before))


def handle_own_show_now(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Let the result come."""
    press = read_press(body)
    label_yourself.show_now(deps, press.person, press.value)
    ack()


def handle_practice(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Send the practice clip."""
    press = read_press(body)
    practise.start_practice(deps, press.person)
    ack()


def handle_accept(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Score a questioned reference after all."""
    press = read_press(body)
    name = take_labels.accept(deps, press.person, press.value)
    ack()
    _replace(deps, press, f"{escape(name)} is scored anyway, at your word.")


def handle_reject(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Leave a questioned reference."""
    press = read_press(body)
    name = take_labels.reject(deps, press.person, press.value)
    ack()
    _replace(deps, press, f"{escape(name)} was not scored.")


def handle_lesson(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Show the lesson card that says more, as a new message."""
    press = read_press(body)
    screen = turn_to_card(deps, press.person, *press.values(2))
    ack()
    show_in_dm(deps, press.person, screen)


def _confirm(ack: Ack, deps: Deps, press: Press, parts: list[str]) -> None:
    clip_id, key, answer = parts
    found = doubt_clip.confirm(deps, press.person, clip_id, key, answer)
    ack()
    replace_pressed(deps, press, build_doubt_message(found))


def _edit(deps: Deps, press: ViewPress, edit: Callable[[Annotation], Annotation]) -> None:
    try:
        screen = fix_labels.edit_draft(deps, press.person, press.clip_id, press.page, edit)
    except EditError as error:
        screen = fix_labels.open_draft(deps, press.person, press.clip_id, press.page)
        _show(deps, press, screen, str(error))
    else:
        _show(deps, press, screen)


def _show(deps: Deps, press: ViewPress, screen: FixScreen, fault: str = "") -> None:
    deps.messenger_for(press.person.team_id).update_view(press.view_id, build_fix_view(screen, fault))


def _open(deps: Deps, press: Press, body: dict[str, Any], view: dict[str, Any]) -> None:
    deps.messenger_for(press.person.team_id).open_view(str(body["trigger_id"]), view)


def _replace(deps: Deps, press: Press, text: str) -> None:
    replace_pressed(deps, press, build_remark_message(text))


LISTENERS = {
    ids.NAMES_OPEN: handle_names_open,
    ids.FIX_OPEN: handle_fix_open,
    ids.FIX_PAGE: handle_fix_page,
    ids.FIX_REASSIGN: handle_fix_reassign,
    ids.FIX_MERGE: handle_fix_merge,
    ids.FIX_DROP: handle_fix_drop,
    ids.FIX_TURN: handle_fix_turn,
    ids.FIX_ADD: handle_fix_add,
    ids.FIX_RENAME: handle_fix_rename,
    ids.SCORE_SHOW: handle_score,
    ids.SCORE_UNDO: handle_undo,
    ids.SCORE_LESSON: handle_lesson,
    ids.DOUBT_SHOW: handle_doubt,
    ids.DOUBT_YES: handle_yes,
    ids.DOUBT_NO: handle_no,
    ids.DOUBT_UNSURE: handle_unsure,
    ids.OWN_FIRST: handle_own_first,
    ids.OWN_WRITE: handle_own_write,
    ids.OWN_SHOW_NOW: handle_own_show_now,
    ids.PRACTICE_START: handle_practice,
    ids.REFERENCE_ACCEPT: handle_accept,
    ids.REFERENCE_REJECT: handle_reject,
}
SILENT = (ids.FIX_MERGE_FROM, ids.FIX_MERGE_INTO)
