"""Labelling a clip oneself before seeing the machine's labels, or a practice clip of ours."""

from annotation.formats import FormatError, turns_text, whospoke_json
from annotation.model import Annotation, Turn
from bot.deps import Deps
from bot.errors import ClipStateError
from bot.people import Person
from bot.score_screens import Hold
from bot.use_cases.clip_labels import LABELLED, PRACTICE, owner_keys
from bot.use_cases.hold_clip import HELD_IN, HOLD, OWN, ask_for_score, hold_screen, is_held, window_s
from bot.use_cases.label_clip import own_clip
from storage.clips import Clip
from storage.transaction import Transaction


def own_form(deps: Deps, person: Person, clip_id: str) -> tuple[Hold, str]:
    """Return what the form says, and the turns written before."""
    with deps.database.read() as tx:
        clip = own_clip(tx, person, clip_id)
        screen = hold_screen(tx, clip)
        own = tx.clips.load(person.team_id, clip_id, OWN)
    before = turns_text.serialize(whospoke_json.annotation_from_dict(own["annotation"])) if own else ""
    return screen, before


def write_turns(deps: Deps, person: Person, clip_id: str, text: str) -> list[str]:
    """Keep the turns a learner typed, and ask for their score; returns what is wrong, line by line."""
    with deps.database.read() as tx:
        clip = own_clip(tx, person, clip_id)
        limit_s = window_s(tx, clip)
    try:
        annotation = turns_text.parse(text, clip.name, limit_s)
    except FormatError as error:
        return [str(problem) for problem in error.problems]
    keep_own_turns(deps, person, clip_id, annotation, deps.new_id())
    return []


def keep_own_turns(deps: Deps, person: Person, clip_id: str, annotation: Annotation, nonce: str) -> None:
    """Store the learner's turns, let the result go, and ask for the score."""
    now = deps.now()
    with deps.database.begin() as tx:
        clip = own_clip(tx, person, clip_id)
        if clip.state not in {*HELD_IN, *LABELLED, PRACTICE}:
            raise ClipStateError
        limit_s = window_s(tx, clip)
        inside = Annotation.of(
            clip.name, (Turn(t.start_s, min(t.end_s, limit_s), t.speaker) for t in annotation.turns)
        )
        document = {
            "annotation": whospoke_json.annotation_to_dict(inside),
            "window_s": limit_s,
            "nonce": nonce,
        }
        tx.clips.save(person.team_id, clip_id, OWN, document, now)
        _let_go(deps, tx, clip)
        ask_for_score(tx, clip, "own", nonce)


def show_now(deps: Deps, person: Person, clip_id: str) -> None:
    """Let the result go without a go of the learner's own."""
    with deps.database.begin() as tx:
        _let_go(deps, tx, own_clip(tx, person, clip_id))


def _let_go(deps: Deps, tx: Transaction, clip: Clip) -> None:
    if not is_held(tx, clip):
        return
    tx.clips.save(clip.team_id, clip.clip_id, HOLD, {"is_held": False}, deps.now())
    job_id = f"clip:{clip.team_id}:{clip.clip_id}:let_go:{deps.new_id()}"
    tx.jobs.enqueue("show_clip", "replies", job_id, clip.team_id, clip.clip_id, **owner_keys(clip))
