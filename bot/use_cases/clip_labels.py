"""A clip's labels and what people said about them, read from storage."""

from typing import Any, TypedDict

from annotation.editing import carry_names
from annotation.formats import whospoke_json
from annotation.model import Annotation
from bot.deps import Deps
from bot.errors import NoLabelsError
from bot.people import Person
from bot.score_screens import Labelled
from bot.use_cases.label_clip import own_clip
from storage.clips import Clip
from storage.transaction import Transaction

#: States in which the labels have come to stay; a practice clip has a reference of ours and no labels.
LABELLED = frozenset({"replying", "done"})
PRACTICE = "practice"
_NAMES = "names"


def own_labels(tx: Transaction, person: Person, clip_id: str) -> tuple[Clip, Labelled]:
    """Return the person's clip with its labels; raises where there are none yet."""
    clip = own_clip(tx, person, clip_id)
    found = labels_of(tx, clip)
    if found is None or clip.state not in LABELLED:
        raise NoLabelsError
    return clip, found


def labels_of(tx: Transaction, clip: Clip) -> Labelled | None:
    """Return the machine's labels of a clip and the names given to them, or None."""
    result = tx.clips.load(clip.team_id, clip.clip_id, "result")
    if result is None or not result.get("annotation"):
        return None
    annotation = whospoke_json.annotation_from_dict(result["annotation"])
    return Labelled(
        clip_id=clip.clip_id,
        name=clip.name,
        duration_s=float(result["duration_s"]),
        annotation=annotation,
        words=whospoke_json.words_from_list(result.get("words") or []),
        words_are_draft=bool(result.get("words_are_draft")),
        names=names_of(tx, clip, annotation),
    )


def names_of(tx: Transaction, clip: Clip, annotation: Annotation) -> dict[str, str]:
    """Return what people call these labels; after a new run, names go with the voices."""
    document = tx.clips.load(clip.team_id, clip.clip_id, _NAMES)
    if not document or not document.get("names"):
        return {}
    given_to = whospoke_json.annotation_from_dict(document["annotation"])
    return carry_names(document["names"], given_to, annotation)


def named_version(tx: Transaction, clip: Clip) -> int:
    """Return the version of the corrections that names were last given to; 0 for the machine's labels, or none."""
    document = tx.clips.load(clip.team_id, clip.clip_id, _NAMES) or {}
    return int(document.get("version") or 0)


def names_document(names: dict[str, str], annotation: Annotation, version: int | None) -> dict[str, Any]:
    """Return the names with the labels they were given to, and the version of these if they are corrections."""
    labels = whospoke_json.annotation_to_dict(annotation)
    return {"names": names, "annotation": labels, "version": version}


def ask_to_show_again(deps: Deps, tx: Transaction, clip: Clip) -> None:
    """Enqueue the update of message, files and picture, in the transaction that changed what they say."""
    job_id = f"again:{clip.team_id}:{clip.clip_id}:{deps.new_id()}"
    tx.jobs.enqueue("show_clip_again", "replies", job_id, clip.team_id, clip.clip_id, **owner_keys(clip))


class OwnerKeys(TypedDict):
    """Whose a job is, and what it waits for."""

    user_key: str
    partition_key: str


def owner_keys(clip: Clip) -> OwnerKeys:
    """Return whose jobs these are, and that those of one clip run one at a time."""
    return OwnerKeys(
        user_key=f"{clip.team_id}:{clip.user_id}", partition_key=f"{clip.team_id}:{clip.clip_id}"
    )
