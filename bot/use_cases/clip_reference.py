"""What a stored reference says: of the whole clip or of single turns, and by which names."""

from annotation.confirming import Answer, answers_from_list, carried
from annotation.formats import whospoke_json
from annotation.model import Annotation
from bot.score_screens import Labelled
from bot.use_cases.clip_labels import named_version, names_of
from storage.clips import Clip
from storage.references import Reference
from storage.transaction import Transaction


def is_partial(reference: Reference) -> bool:
    """Return whether only some turns were checked, and the rest is as the machine has it."""
    return bool(reference.document.get("checked"))


def run_of(reference: Reference) -> Annotation:
    """Return the machine's labels that a partial reference was made from."""
    return whospoke_json.annotation_from_dict(reference.document["labels_of"])


def answers_of(reference: Reference | None, labelled: Labelled) -> list[Answer]:
    """Return what was answered about single turns, in the labels that the clip has now."""
    if reference is None or not is_partial(reference):
        return []
    answers = answers_from_list(reference.document["answers"])
    return carried(answers, run_of(reference), labelled.annotation)


def names_in(tx: Transaction, clip: Clip, reference: Reference) -> dict[str, str]:
    """Return what people call the speakers of a reference.

    Its labels are those of the run it was made from, so names given to the machine's labels hold for them, too; a
    file's labels are its own. Names given in the reference itself come first, and an empty one takes a name away;
    what was typed later, with this reference in view, replaces both.
    """
    document = reference.document
    labels = whospoke_json.annotation_from_dict(document["annotation"])
    if named_version(tx, clip) >= reference.version:
        return names_of(tx, clip, labels)
    own: dict[str, str] = document.get("names") or {}
    run = document.get("labels_of")
    of_run = names_of(tx, clip, whospoke_json.annotation_from_dict(run)) if run else {}
    of_labels = names_of(tx, clip, labels) if run else {}
    return {label: name for label, name in {**of_run, **of_labels, **own}.items() if name}
