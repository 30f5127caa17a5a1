"""A labels file dropped in a clip's thread: read, questioned where it may not fit, and scored."""

from typing import Any

from annotation.fit import misfits
from annotation.formats import FormatError, LabelFile, read_labels, whospoke_json
from bot.deps import Deps
from bot.errors import FileRefusedError, NotThereAnyMoreError
from bot.messenger import SlackFile
from bot.people import Person
from bot.score_screens import Labelled
from bot.use_cases.clip_labels import PRACTICE, labels_of
from bot.use_cases.hold_clip import is_held
from bot.use_cases.label_clip import own_clip
from bot.use_cases.label_yourself import keep_own_turns
from bot.use_cases.score_clip import add_reference, post_about
from bot.views.score import build_questioned_message
from storage.clips import Clip
from storage.transaction import Transaction

MAX_LABEL_BYTES = 2**20
_QUESTIONED = "questioned"
_NOT_YET = frozenset({"asking", "declined", "cancelled", "failed"})


def clip_of_thread(tx: Transaction, person: Person, channel_id: str, thread_ts: str | None) -> Clip | None:
    """Return the person's clip whose thread this is."""
    if thread_ts is None:
        return None
    clips = tx.clips.of_user(person.team_id, person.user_id)
    here = [c for c in clips if c.thread_ts == thread_ts and c.channel_id == channel_id]
    return next((c for c in reversed(here) if c.state != "deleted"), None)


def take_labels(deps: Deps, person: Person, clip: Clip, file: SlackFile, key: str) -> None:
    """Read a file somebody dropped, and score it or ask about it; safe to repeat under the same key.

    Raises:
        FileRefusedError: It cannot be read; the message says which line, why, and what to do.
    """
    if clip.state in _NOT_YET:
        raise FileRefusedError(
            f"{file.name} looks like labels, but there is nothing to score: {clip.name} has not been labelled."
        )
    if file.is_external or (file.user_id and file.user_id != person.user_id):
        raise FileRefusedError(f"{file.name} is not your own upload, so it was left alone.")
    if file.size_bytes > MAX_LABEL_BYTES:
        raise FileRefusedError(f"{file.name} is larger than 1 MiB. Send the labels of this clip alone.")
    found = _read(deps, person, file)
    with deps.database.read() as tx:
        held = is_held(tx, clip) or clip.state == PRACTICE
        labelled = labels_of(tx, clip)
    if held:
        keep_own_turns(deps, person, clip.clip_id, found.annotation, key)
    else:
        _take_reference(deps, person, clip, labelled, found, file.name, key)


def accept(deps: Deps, person: Person, clip_id: str) -> str:
    """Score a questioned reference after all; returns its name."""
    with deps.database.begin() as tx:
        clip = own_clip(tx, person, clip_id)
        document = tx.clips.load(person.team_id, clip_id, _QUESTIONED)
        if not document:
            raise NotThereAnyMoreError("That file was decided on before. Drop it here again to score it.")
        tx.clips.save(person.team_id, clip_id, _QUESTIONED, {}, deps.now())
        add_reference(deps, tx, clip, document)
    return str(document["file_name"])


def reject(deps: Deps, person: Person, clip_id: str) -> str:
    """Forget a questioned reference; returns its name."""
    with deps.database.begin() as tx:
        own_clip(tx, person, clip_id)
        document = tx.clips.load(person.team_id, clip_id, _QUESTIONED) or {}
        tx.clips.save(person.team_id, clip_id, _QUESTIONED, {}, deps.now())
    return str(document.get("file_name", "that file"))


def _read(deps: Deps, person: Person, file: SlackFile) -> LabelFile:
    content = deps.messenger_for(person.team_id).download(file.file_id, MAX_LABEL_BYTES)
    try:
        return read_labels(file.name, content)
    except FormatError as error:
        problems = "\n".join(str(problem) for problem in error.problems[:10])
        raise FileRefusedError(f"{file.name} could not be read, so nothing was scored.\n{problems}") from None


def _take_reference(
    deps: Deps,
    person: Person,
    clip: Clip,
    labelled: Labelled | None,
    found: LabelFile,
    name: str,
    key: str,
) -> None:
    document: dict[str, Any] = {
        "origin": "file",
        "file_name": name,
        "format": found.format_name,
        "annotation": whospoke_json.annotation_to_dict(found.annotation),
        "words": whospoke_json.words_to_list(found.words),
        "checked": None,
        "key": key,
    }
    reasons = misfits(found.annotation, labelled.annotation, labelled.duration_s) if labelled else []
    with deps.database.begin() as tx:
        if any(one.document.get("key") == key for one in tx.references.all(person.team_id, clip.clip_id)):
            return  # a process died after this was stored
        if not reasons:
            add_reference(deps, tx, clip, document)
            return
        tx.clips.save(person.team_id, clip.clip_id, _QUESTIONED, document, deps.now())
    message = build_questioned_message(clip.clip_id, name, reasons)
    post_about(deps, clip, f"{key}:fit", message)
