"""A labels file dropped in a clip's thread: read, questioned where it may not fit, and scored."""

from typing import Any

from annotation.fit import misfits
from annotation.formats import FormatError, LabelFile, read_labels, whospoke_json
from bot.deps import Deps
from bot.errors import FileRefusedError, NotThereAnyMoreError
from bot.messenger import SlackFile
from bot.people import Person
from bot.use_cases.clip_labels import LABELLED, PRACTICE, labels_of
from bot.use_cases.hold_clip import ask_to_take_waiting, is_held, keep_waiting, stop_waiting, waiting_files
from bot.use_cases.label_clip import own_clip
from bot.use_cases.label_yourself import keep_own_turns
from bot.use_cases.score_clip import add_reference, post_about
from bot.views.help import build_remark_message
from bot.views.score import build_questioned_message
from bot.views.text import escape
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
    if held:
        keep_own_turns(deps, person, clip.clip_id, found.annotation, key)
    else:
        _take_reference(deps, person, clip, _document(found, file.name, key))


def take_waiting_labels(deps: Deps, team_id: str, clip_id: str) -> None:
    """Judge the files that were dropped before there were labels to judge them by; safe to repeat."""
    with deps.database.begin() as tx:
        clip = tx.clips.get(team_id, clip_id)
        is_labelled = clip is not None and clip.state in LABELLED and labels_of(tx, clip) is not None
        documents = waiting_files(tx, team_id, clip_id)
    if clip is None or not is_labelled:
        return
    for document in documents:
        _take_reference(deps, Person(team_id, clip.user_id), clip, document)
        with deps.database.begin() as tx:
            stop_waiting(tx, clip, document["key"], deps.now())


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


def _document(found: LabelFile, name: str, key: str) -> dict[str, Any]:
    return {
        "origin": "file",
        "file_name": name,
        "format": found.format_name,
        "annotation": whospoke_json.annotation_to_dict(found.annotation),
        "names": found.names,
        "words": whospoke_json.words_to_list(found.words),
        "checked": None,
        "key": key,
    }


def _take_reference(deps: Deps, person: Person, clip: Clip, document: dict[str, Any]) -> None:
    """Score a reference, ask whether it is for this clip, or keep it until there are labels to judge it by."""
    reasons: list[str] = []
    with deps.database.begin() as tx:
        labelled = labels_of(tx, clip)
        if labelled is None:
            keep_waiting(tx, clip, document, deps.now())
        elif any(
            one.document.get("key") == document["key"]
            for one in tx.references.all(person.team_id, clip.clip_id)
        ):
            return  # a process died after this was stored
        elif reasons := misfits(
            whospoke_json.annotation_from_dict(document["annotation"]),
            labelled.annotation,
            labelled.duration_s,
        ):
            tx.clips.save(person.team_id, clip.clip_id, _QUESTIONED, document, deps.now())
        else:
            add_reference(deps, tx, clip, document)
    name, key = document["file_name"], document["key"]
    if labelled is None:
        text = f"{name} is kept. It is scored when {clip.name} has labels to be scored."
        post_about(deps, clip, f"{key}:kept", build_remark_message(escape(text)))
        with deps.database.begin() as tx:  # the labels may have come meanwhile
            if (now := tx.clips.get(clip.team_id, clip.clip_id)) and now.state in LABELLED:
                ask_to_take_waiting(tx, now)
    elif reasons:
        post_about(deps, clip, f"{key}:fit", build_questioned_message(clip.clip_id, name, reasons))
