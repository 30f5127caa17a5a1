"""Correcting labels in a draft of one's own, page by page; saving makes the draft a reference."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from annotation import editing
from annotation.editing import EditError, speaker_key
from annotation.formats import whospoke_json
from annotation.model import Annotation, Turn
from bot.deps import Deps
from bot.errors import NotThereAnyMoreError
from bot.people import Person
from bot.score_screens import NEW_SPEAKER, FixScreen, TurnForm
from bot.use_cases.clip_labels import ask_to_show_again, own_labels
from bot.use_cases.effective_labels import fingerprint
from bot.use_cases.label_draft import correcting, forget_draft, keep_draft
from bot.use_cases.name_speakers import clean_name
from bot.use_cases.score_clip import add_reference


@dataclass(frozen=True, kw_only=True, slots=True)
class TurnChange:
    """What a person wrote about one turn."""

    start_s: float
    end_s: float
    speaker: str
    split_at_s: float | None = None
    is_joined: bool = False
    is_removed: bool = False


class FieldError(EditError):
    """One field of a form says something that cannot be done."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(message)


def open_draft(deps: Deps, person: Person, clip_id: str, page: int = 0) -> FixScreen:
    """Return a page of the draft, begun from the newest reference, or from the machine's labels."""
    with deps.database.read() as tx:
        return correcting(tx, person, clip_id).screen(page)


def edit_draft(
    deps: Deps, person: Person, clip_id: str, page: int, edit: Callable[[Annotation], Annotation]
) -> FixScreen:
    """Apply one correction to the draft, keep it, and return its page.

    Raises:
        EditError: It cannot be done; the draft stays as it was.
    """
    with deps.database.begin() as tx:
        before = correcting(tx, person, clip_id)
        changed = replace(before.draft, annotation=edit(before.draft.annotation))
        keep_draft(deps, tx, before.clip, changed)
    return replace(before, draft=changed).screen(page)


def rename(deps: Deps, person: Person, clip_id: str, page: int, choice: str, typed: str) -> FixScreen:
    """Call a speaker of the draft something else; an empty name gives the label back its number.

    Raises:
        EditError: The speaker is not there any more.
    """
    with deps.database.begin() as tx:
        before = correcting(tx, person, clip_id)
        speaker = speaker_chosen(before.draft.annotation, choice)
        changed = before.draft.with_names({speaker: clean_name(typed)})
        keep_draft(deps, tx, before.clip, changed)
    return replace(before, draft=changed).screen(page)


def drop_draft(deps: Deps, person: Person, clip_id: str) -> FixScreen:
    """Forget the corrections that were not saved."""
    with deps.database.begin() as tx:
        before = correcting(tx, person, clip_id)
        forget_draft(deps, tx, before.clip)
    return replace(before, draft=before.base).screen(0)


def turn_form(deps: Deps, person: Person, clip_id: str, page: int, key: str, root_view_id: str) -> TurnForm:
    """Return one turn of the draft, to be changed in a form."""
    with deps.database.read() as tx:
        draft = correcting(tx, person, clip_id).draft
    labels = draft.annotation
    turn = editing.find(labels, key)
    if turn is None:
        raise NotThereAnyMoreError("That turn has changed meanwhile. Open *Fix labels* again.")
    following = editing.next_turn(labels, turn)
    return TurnForm(clip_id, page, turn, key, following, labels.speakers, draft.names, root_view_id)


def change_turn(
    deps: Deps, person: Person, clip_id: str, page: int, key: str, change: TurnChange
) -> FixScreen:
    """Do all that a form says about one turn.

    Raises:
        FieldError: One of its fields cannot be; nothing was changed.
    """
    with deps.database.read() as tx:
        _, labelled = own_labels(tx, person, clip_id)
    return edit_draft(
        deps, person, clip_id, page, lambda draft: _changed(draft, key, change, labelled.duration_s)
    )


def add_turn(
    deps: Deps, person: Person, clip_id: str, page: int, start_s: float, end_s: float, speaker: str
) -> FixScreen:
    """Add a turn where somebody speaks who was not heard.

    Raises:
        FieldError: The times cannot be.
    """
    with deps.database.read() as tx:
        _, labelled = own_labels(tx, person, clip_id)

    def edit(draft: Annotation) -> Annotation:
        try:
            return editing.add(
                draft, start_s, end_s, speaker_chosen(draft, speaker), max(labelled.duration_s, draft.end_s)
            )
        except EditError as error:
            raise FieldError("end", str(error)) from None

    return edit_draft(deps, person, clip_id, page, edit)


def save_draft(deps: Deps, person: Person, clip_id: str) -> None:
    """Make the draft the newest reference, and ask for its score, in one commit."""
    with deps.database.begin() as tx:
        found = correcting(tx, person, clip_id)
        draft, base = found.draft, found.draft.version
        before = tx.references.get(person.team_id, clip_id, base) if base else None
        words = whospoke_json.words_from_list((before.document if before else {}).get("words") or [])
        document: dict[str, Any] = {
            "origin": "corrected",
            "based_on": base,
            "corrects": fingerprint(found.labelled.annotation),
            **draft.to_document(),
            "words": whospoke_json.words_to_list(editing.give_words(words, draft.annotation)),
            "checked": None,
        }
        forget_draft(deps, tx, found.clip)
        add_reference(deps, tx, found.clip, document)
        ask_to_show_again(deps, tx, found.clip)


def speaker_chosen(draft: Annotation, choice: str) -> str:
    """Return the label behind a choice in a select: that of an index among the speakers, or a new one."""
    if choice == NEW_SPEAKER:
        return editing.new_speaker(draft)
    found = next((s for s in draft.speakers if speaker_key(s) == choice), None)
    if found is None:
        raise EditError("That speaker is not there any more. Choose again.")
    return found


def _changed(draft: Annotation, key: str, change: TurnChange, clip_s: float) -> Annotation:
    turn = editing.find(draft, key)
    if turn is None:
        raise FieldError("start", "This turn has changed meanwhile. Close this and look at it again.")
    if change.is_removed:
        return editing.remove(draft, turn)
    if change.is_joined and change.split_at_s is not None:
        raise FieldError("split", "Either split the turn or join it with the next, not both at once.")
    following = editing.next_turn(draft, turn) if change.is_joined else None
    rest, end_s = draft, change.end_s
    if following:
        rest, end_s = editing.remove(draft, following), max(change.end_s, following.end_s)
    try:
        moved = editing.move_boundary(rest, turn, change.start_s, end_s, max(clip_s, turn.end_s))
    except EditError as error:
        raise FieldError("end", str(error)) from None
    now = Turn(change.start_s, end_s, turn.speaker)
    speaker = speaker_chosen(draft, change.speaker)
    if change.split_at_s is not None:
        try:
            return editing.split(moved, now, change.split_at_s, None if speaker == turn.speaker else speaker)
        except EditError as error:
            raise FieldError("split", str(error)) from None
    return editing.reassign(moved, now, speaker) if speaker != turn.speaker else moved
