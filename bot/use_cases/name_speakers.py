"""Giving labels names: typed by a person, kept with that clip alone."""

from collections.abc import Mapping

from annotation.talk import talk_by_speaker
from bot.deps import Deps
from bot.errors import NoLabelsError
from bot.people import Person
from bot.score_screens import MAX_NAME_CHARS, NameForm
from bot.use_cases.clip_labels import ask_to_show_again, names_document, own_labels
from bot.use_cases.effective_labels import EffectiveLabels, effective_labels
from storage.clips import Clip
from storage.transaction import Transaction

#: What Slack takes for bold, struck out or code, even in the middle of a name.
_MARKS = frozenset("*~`")
#: A modal has a hundred blocks; those who speak most come first.
MAX_SPEAKERS = 90


def name_form(deps: Deps, person: Person, clip_id: str) -> NameForm:
    """Return the labels to be named, most talk first."""
    with deps.database.read() as tx:
        shown = _shown(tx, person, clip_id)[1]
    rows = [
        (one.speaker, one.longest, shown.names.get(one.speaker, ""))
        for one in talk_by_speaker(shown.annotation)
    ]
    return NameForm(clip_id, tuple(rows[:MAX_SPEAKERS]))


def name_speakers(deps: Deps, person: Person, clip_id: str, typed: Mapping[str, str]) -> None:
    """Keep the names and show them; an empty one gives the label back its number."""
    now = deps.now()
    with deps.database.begin() as tx:
        clip, shown = _shown(tx, person, clip_id)
        known = set(shown.annotation.speakers)
        names = {label: name for label, name in shown.names.items() if label not in typed}
        for label, name in typed.items():
            clean = clean_name(name)
            if label in known and clean:
                names[label] = clean
        tx.clips.save(
            person.team_id, clip_id, "names", names_document(names, shown.annotation, shown.version), now
        )
        ask_to_show_again(deps, tx, clip)


def _shown(tx: Transaction, person: Person, clip_id: str) -> tuple[Clip, EffectiveLabels]:
    """Return the labels as they are shown: a speaker split off by a correction can be named, too."""
    clip, _ = own_labels(tx, person, clip_id)
    shown = effective_labels(tx, clip, tx.clips.load(person.team_id, clip_id, "result") or {})
    if shown is None:
        raise NoLabelsError
    return clip, shown


def clean_name(name: str) -> str:
    r"""Return a name on one line that nowhere acts as markup.

    >>> clean_name(" *Ada*\t`Quill` ")
    'Ada Quill'
    """
    shown = "".join(" " if not c.isprintable() else "" if c in _MARKS else c for c in name)
    return " ".join(shown.split()).strip("_")[:MAX_NAME_CHARS]
