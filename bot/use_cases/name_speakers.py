"""Giving labels names: typed by a person, kept with that clip alone."""

from collections.abc import Mapping

from annotation.talk import talk_by_speaker
from bot.deps import Deps
from bot.people import Person
from bot.score_screens import MAX_NAME_CHARS, NameForm
from bot.use_cases.clip_labels import names_document, own_labels, owner_keys

#: What Slack takes for bold, struck out or code, even in the middle of a name.
_MARKS = frozenset("*~`")
#: A modal has a hundred blocks; those who speak most come first.
MAX_SPEAKERS = 90


def name_form(deps: Deps, person: Person, clip_id: str) -> NameForm:
    """Return the labels to be named, most talk first."""
    with deps.database.read() as tx:
        _, labelled = own_labels(tx, person, clip_id)
    names = labelled.names or {}
    rows = [
        (one.speaker, one.longest, names.get(one.speaker, "")) for one in talk_by_speaker(labelled.annotation)
    ]
    return NameForm(clip_id, tuple(rows[:MAX_SPEAKERS]))


def name_speakers(deps: Deps, person: Person, clip_id: str, typed: Mapping[str, str]) -> None:
    """Keep the names and show them; an empty one gives the label back its number."""
    now = deps.now()
    with deps.database.begin() as tx:
        clip, labelled = own_labels(tx, person, clip_id)
        known = set(labelled.annotation.speakers)
        names = {label: name for label, name in (labelled.names or {}).items() if label not in typed}
        for label, name in typed.items():
            clean = clean_name(name)
            if label in known and clean:
                names[label] = clean
        document = names_document(names, labelled.annotation)
        tx.clips.save(person.team_id, clip_id, "names", document, now)
        job_id = f"names:{person.team_id}:{clip_id}:{deps.new_id()}"
        tx.jobs.enqueue("show_clip_again", "replies", job_id, person.team_id, clip_id, **owner_keys(clip))


def clean_name(name: str) -> str:
    r"""Return a name on one line that nowhere acts as markup.

    >>> clean_name(" *Ada*\t`Quill` ")
    'Ada Quill'
    """
    shown = "".join(" " if not c.isprintable() else "" if c in _MARKS else c for c in name)
    return " ".join(shown.split()).strip("_")[:MAX_NAME_CHARS]
