"""Correcting labels in a draft of one's own, page by page; saving makes the draft a reference."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from annotation import editing
from annotation.editing import EditError, speaker_key
from annotation.formats import whospoke_json
from annotation.model import Annotation, Turn
from bot.deps import Deps
from bot.errors import NotThereAnyMoreError
from bot.people import Person
from bot.score_screens import NEW_SPEAKER, TURNS_PER_PAGE, FixScreen, Labelled, TurnForm
from bot.use_cases.clip_labels import ask_to_show_again, own_labels
from bot.use_cases.effective_labels import fingerprint
from bot.use_cases.score_clip import add_reference
from storage.transaction import Transaction

_DRAFT = "draft"


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
    with deps.database.begin() as tx:
        _, labelled = own_labels(tx, person, clip_id)
        draft, base = _draft(tx, person, labelled)
        original = _base(tx, person, labelled)[0]
    return _screen(labelled, draft, base, page, is_changed=draft.turns != original.turns)


def edit_draft(
    deps: Deps, person: Person, clip_id: str, page: int, edit: Callable[[Annotation], Annotation]
) -> FixScreen:
    """Apply one correction to the draft, keep it, and return its page.

    Raises:
        EditError: It cannot be done; the draft stays as it was.
    """
    with deps.database.begin() as tx:
        _, labelled = own_labels(tx, person, clip_id)
        draft, base = _draft(tx, person, labelled)
        changed = edit(draft)
        document = {"base_version": base, "annotation": whospoke_json.annotation_to_dict(changed)}
        tx.clips.save(person.team_id, clip_id, _DRAFT, document, deps.now())
        original = _base(tx, person, labelled)[0]
    return _screen(labelled, changed, base, page, is_changed=changed.turns != original.turns)


def drop_draft(deps: Deps, person: Person, clip_id: str) -> FixScreen:
    """Forget the corrections that were not saved."""
    with deps.database.begin() as tx:
        _, labelled = own_labels(tx, person, clip_id)
        tx.clips.save(person.team_id, clip_id, _DRAFT, {}, deps.now())
        original, base = _base(tx, person, labelled)
    return _screen(labelled, original, base, 0, is_changed=False)


def turn_form(deps: Deps, person: Person, clip_id: str, page: int, key: str, root_view_id: str) -> TurnForm:
    """Return one turn of the draft, to be changed in a form."""
    with deps.database.begin() as tx:
        _, labelled = own_labels(tx, person, clip_id)
        draft, _ = _draft(tx, person, labelled)
    turn = editing.find(draft, key)
    if turn is None:
        raise NotThereAnyMoreError("That turn has changed meanwhile. Open *Fix labels* again.")
    names = labelled.names or {}
    following = editing.next_turn(draft, turn)
    return TurnForm(clip_id, page, turn, key, following, draft.speakers, names, root_view_id)


def change_turn(
    deps: Deps, person: Person, clip_id: str, page: int, key: str, change: TurnChange
) -> FixScreen:
    """Do all that a form says about one turn.

    Raises:
        FieldError: One of its fields cannot be; nothing was changed.
    """
    with deps.database.begin() as tx:
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
    with deps.database.begin() as tx:
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
        clip, labelled = own_labels(tx, person, clip_id)
        draft, base = _draft(tx, person, labelled)
        before = tx.references.get(person.team_id, clip_id, base) if base else None
        words = whospoke_json.words_from_list((before.document if before else {}).get("words") or [])
        document: dict[str, Any] = {
            "origin": "corrected",
            "based_on": base,
            "corrects": fingerprint(labelled.annotation),
            "annotation": whospoke_json.annotation_to_dict(draft),
            "words": whospoke_json.words_to_list(editing.give_words(words, draft)),
            "checked": None,
        }
        tx.clips.save(person.team_id, clip_id, _DRAFT, {}, deps.now())
        add_reference(deps, tx, clip, document)
        ask_to_show_again(deps, tx, clip)


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


def _draft(tx: Transaction, person: Person, labelled: Labelled) -> tuple[Annotation, int]:
    original, base = _base(tx, person, labelled)
    kept = tx.clips.load(person.team_id, labelled.clip_id, _DRAFT)
    if kept and kept.get("base_version") == base:
        return whospoke_json.annotation_from_dict(kept["annotation"]), base
    return original, base


def _base(tx: Transaction, person: Person, labelled: Labelled) -> tuple[Annotation, int]:
    current = tx.references.current(person.team_id, labelled.clip_id)
    if current is None:
        return labelled.annotation, 0
    return whospoke_json.annotation_from_dict(current.document["annotation"]), current.version


def _screen(labelled: Labelled, draft: Annotation, base: int, page: int, *, is_changed: bool) -> FixScreen:
    num_pages = max(1, -(-len(draft.turns) // TURNS_PER_PAGE))
    page = min(max(page, 0), num_pages - 1)
    first = page * TURNS_PER_PAGE
    return FixScreen(
        clip_id=labelled.clip_id,
        draft=draft,
        words=() if labelled.words_are_draft else labelled.words,
        names=labelled.names or {},
        page=page,
        num_pages=num_pages,
        turns=draft.turns[first : first + TURNS_PER_PAGE],
        is_changed=is_changed,
        base_version=base,
    )
