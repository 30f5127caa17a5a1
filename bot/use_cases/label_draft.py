"""Labels being corrected: what was kept of them, and what they began from."""

from dataclasses import dataclass, replace
from typing import Any

from annotation.confirming import with_answers
from annotation.formats import whospoke_json
from annotation.model import Annotation
from bot.deps import Deps
from bot.people import Person
from bot.score_screens import TURNS_PER_PAGE, FixScreen, Labelled
from bot.use_cases.clip_labels import own_labels
from bot.use_cases.clip_reference import answers_of, is_partial, names_in
from storage.clips import Clip
from storage.transaction import Transaction

_DRAFT = "draft"


@dataclass(frozen=True, slots=True)
class Draft:
    """Labels being corrected."""

    annotation: Annotation
    #: The version it began from; 0 for the machine's labels.
    version: int
    #: What people call its speakers, however they came by their names.
    names: dict[str, str]
    #: Those of the names that were given while correcting; an empty one takes a name away.
    given: dict[str, str]
    #: The machine's labels that the speakers have their labels from; None where a file brought its own.
    labels_of: dict[str, Any] | None

    def with_names(self, new: dict[str, str]) -> "Draft":
        """Return the same labels, some of them called something else."""
        names = {label: name for label, name in {**self.names, **new}.items() if name}
        return replace(self, names=names, given={**self.given, **new})

    def to_document(self) -> dict[str, Any]:
        """Return the draft as JSON values, with what a reference of the same labels holds."""
        return {
            "annotation": whospoke_json.annotation_to_dict(self.annotation),
            "labels_of": self.labels_of,
            "names": self.given,
        }


@dataclass(frozen=True, slots=True)
class Correcting:
    """A clip whose labels are being corrected."""

    clip: Clip
    labelled: Labelled
    base: Draft
    draft: Draft

    def screen(self, page: int) -> FixScreen:
        """Return a page of the draft."""
        draft, base = self.draft, self.base
        turns = draft.annotation.turns
        num_pages = max(1, -(-len(turns) // TURNS_PER_PAGE))
        page = min(max(page, 0), num_pages - 1)
        first = page * TURNS_PER_PAGE
        return FixScreen(
            clip_id=self.labelled.clip_id,
            draft=draft.annotation,
            words=() if self.labelled.words_are_draft else self.labelled.words,
            names=draft.names,
            page=page,
            num_pages=num_pages,
            turns=turns[first : first + TURNS_PER_PAGE],
            is_changed=turns != base.annotation.turns or draft.given != base.given,
            base_version=draft.version,
        )


def correcting(tx: Transaction, person: Person, clip_id: str) -> Correcting:
    """Return the draft of a person's own clip, and what it began from; raises where there are no labels."""
    clip, labelled = own_labels(tx, person, clip_id)
    base = _base(tx, clip, labelled)
    kept = tx.clips.load(clip.team_id, clip.clip_id, _DRAFT)
    is_current = kept and kept.get("base_version") == base.version
    return Correcting(clip, labelled, base, _kept(kept, base) if kept and is_current else base)


def keep_draft(deps: Deps, tx: Transaction, clip: Clip, draft: Draft) -> None:
    """Store corrections that are not saved yet."""
    document = {"base_version": draft.version, **draft.to_document()}
    tx.clips.save(clip.team_id, clip.clip_id, _DRAFT, document, deps.now())


def forget_draft(deps: Deps, tx: Transaction, clip: Clip) -> None:
    """Forget corrections that were not saved, or are part of a reference now."""
    tx.clips.save(clip.team_id, clip.clip_id, _DRAFT, {}, deps.now())


def _base(tx: Transaction, clip: Clip, labelled: Labelled) -> Draft:
    """Return the newest reference, or the machine's labels with what was answered about single turns."""
    current = tx.references.current(clip.team_id, clip.clip_id)
    if current is not None and not is_partial(current):
        return _read(current.document, current.version, names_in(tx, clip, current))
    labels = with_answers(labelled.annotation, answers_of(current, labelled))
    run = whospoke_json.annotation_to_dict(labelled.annotation)
    return Draft(labels, current.version if current else 0, labelled.names or {}, {}, run)


def _kept(document: dict[str, Any], base: Draft) -> Draft:
    draft = _read(document, base.version, base.names)
    return draft.with_names(
        {label: name for label, name in draft.given.items() if name != base.given.get(label)}
    )


def _read(document: dict[str, Any], version: int, names: dict[str, str]) -> Draft:
    return Draft(
        annotation=whospoke_json.annotation_from_dict(document["annotation"]),
        version=version,
        names=names,
        given=document.get("names") or {},
        labels_of=document.get("labels_of"),
    )
