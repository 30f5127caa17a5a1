"""Names, corrections and turns of one's own, as they come out of their modals."""

from typing import Any

from slack_bolt import Ack

from annotation.editing import EditError, speaker_key
from annotation.formats import FormatError
from annotation.formats.reading import read_clock
from bot import ids
from bot.deps import Deps
from bot.score_screens import FixScreen
from bot.use_cases import fix_labels, label_yourself, name_speakers
from bot.use_cases.fix_labels import FieldError, TurnChange
from bot.view_payloads import Submission, read_submission
from bot.views.fixing import JOIN, REMOVE, build_fix_view

_FIELDS = {"start": ids.FIX_START, "end": ids.FIX_END, "split": ids.FIX_SPLIT}
#: Slack shows an error under a field in a line or two.
_MAX_ERROR_CHARS = 1000


def handle_names(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Keep the names and show them in the result."""
    given = read_submission(body)
    form = name_speakers.name_form(deps, given.person, given.clip_id)
    labels = {speaker_key(label): label for label, _, _ in form.rows}
    typed = {
        labels[key]: given.typed(f"{ids.NAMES_FIELD}.{number}")
        for number, key in enumerate(given.metadata.get("labels") or [])
        if key in labels
    }
    name_speakers.name_speakers(deps, given.person, given.clip_id, typed)
    ack()


def handle_fix(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Make the corrections a reference, and score against it."""
    given = read_submission(body)
    fix_labels.save_draft(deps, given.person, given.clip_id)
    ack()


def handle_turn(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Change one turn of the draft, and show it in the modal below."""
    given = read_submission(body)
    page = int(given.metadata.get("page", 0))
    change, faults = _read_change(given)
    if change is None:
        ack(response_action="errors", errors=faults)
        return
    key = str(given.metadata.get("key", ""))
    try:
        screen = fix_labels.change_turn(deps, given.person, given.clip_id, page, key, change)
    except FieldError as error:
        ack(response_action="errors", errors={_FIELDS[error.field]: str(error)})
        return
    except EditError as error:
        ack(response_action="errors", errors={ids.FIX_SPEAKER: str(error)})
        return
    ack()
    _show_below(deps, given, screen)


def handle_add(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Add a turn to the draft, and show it in the modal below."""
    given = read_submission(body)
    change, faults = _read_change(given)
    if change is None:
        ack(response_action="errors", errors=faults)
        return
    page = int(given.metadata.get("page", 0))
    try:
        screen = fix_labels.add_turn(
            deps, given.person, given.clip_id, page, change.start_s, change.end_s, change.speaker
        )
    except FieldError as error:
        ack(response_action="errors", errors={_FIELDS[error.field]: str(error)})
        return
    ack()
    _show_below(deps, given, screen)


def handle_rename(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Call a speaker of the draft something else, and show it in the modal below."""
    given = read_submission(body)
    page = int(given.metadata.get("page", 0))
    choice, name = given.chosen(ids.FIX_SPEAKER), given.typed(ids.FIX_NAME)
    try:
        screen = fix_labels.rename(deps, given.person, given.clip_id, page, choice, name)
    except EditError as error:
        ack(response_action="errors", errors={ids.FIX_SPEAKER: str(error)})
        return
    ack()
    _show_below(deps, given, screen)


def handle_own(ack: Ack, body: dict[str, Any], *, deps: Deps) -> None:
    """Take the turns a learner typed; what cannot be read is said line by line."""
    given = read_submission(body)
    faults = label_yourself.write_turns(deps, given.person, given.clip_id, given.typed(ids.OWN_TURNS))
    if faults:
        ack(response_action="errors", errors={ids.OWN_TURNS: "\n".join(faults)[:_MAX_ERROR_CHARS]})
        return
    ack()


def _show_below(deps: Deps, given: Submission, screen: FixScreen) -> None:
    """Show the draft in the modal from which this one was opened."""
    messenger = deps.messenger_for(given.person.team_id)
    messenger.update_view(str(given.metadata.get("root", "")), build_fix_view(screen))


def _read_change(given: Submission) -> tuple[TurnChange | None, dict[str, str]]:
    faults: dict[str, str] = {}

    def read(block_id: str, what: str) -> float:
        try:
            return read_clock(given.typed(block_id), what)
        except FormatError as error:
            faults[block_id] = str(error)
            return 0.0

    start_s, end_s = read(ids.FIX_START, "the start"), read(ids.FIX_END, "the end")
    split_at_s = read(ids.FIX_SPLIT, "the split") if given.typed(ids.FIX_SPLIT).strip() else None
    if faults:
        return None, faults
    ticked = given.ticked(ids.FIX_MORE)
    change = TurnChange(
        start_s=start_s,
        end_s=end_s,
        speaker=given.chosen(ids.FIX_SPEAKER),
        split_at_s=split_at_s,
        is_joined=JOIN in ticked,
        is_removed=REMOVE in ticked,
    )
    return change, {}
