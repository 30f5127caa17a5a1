"""How far to trust labels that nobody has checked, and up to three turns to settle the doubt."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from annotation import editing
from annotation.confirming import Answer, answers_to_list, with_answers
from annotation.doubt import doubts
from annotation.formats import whospoke_json
from annotation.model import Annotation, Turn
from bot.deps import Deps
from bot.errors import StaleButtonError
from bot.people import Person
from bot.score_screens import Labelled, Question, Sureness
from bot.use_cases.clip_labels import LABELLED, labels_of, own_labels, owner_keys
from bot.use_cases.clip_reference import answers_of, is_partial
from bot.use_cases.score_clip import post_about
from bot.views.doubt import build_doubt_message
from storage.clips import Clip
from storage.transaction import Transaction

NUM_QUESTIONS = 3
#: Shorter turns can hardly be judged by ear without context.
_LEAST_TURN_S = 0.5
#: A voice that is hardly closer to its own label than to the next (difference of cosines).
CLOSE_CALL = 0.1
#: The answer, and the document that keeps it: it makes nothing right, and so is no part of a reference.
_UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class _Evidence:
    turns: tuple[tuple[Turn, float | None], ...]
    count_range: tuple[int, int] | None


def how_sure(deps: Deps, person: Person, clip_id: str) -> Sureness:
    """Return what the labels give away about themselves."""
    with deps.database.read() as tx:
        clip, labelled = own_labels(tx, person, clip_id)
        return _sureness(tx, clip, labelled)


def ask_how_sure(deps: Deps, person: Person, clip_id: str) -> None:
    """Enqueue the card; in a job, so that it is among the messages that go when the clip goes."""
    with deps.database.begin() as tx:
        clip, _ = own_labels(tx, person, clip_id)
        nonce = deps.new_id()
        job_id = f"doubt:{clip.team_id}:{clip_id}:{nonce}"
        tx.jobs.enqueue("show_doubt", "replies", job_id, clip.team_id, clip_id, nonce, **owner_keys(clip))


def show_how_sure(deps: Deps, team_id: str, clip_id: str, nonce: str) -> None:
    """Post the card in the clip's thread, once."""
    with deps.database.read() as tx:
        clip = tx.clips.get(team_id, clip_id)
        labelled = labels_of(tx, clip) if clip and clip.state in LABELLED else None
        found = _sureness(tx, clip, labelled) if clip and labelled else None
    if clip and found:
        post_about(deps, clip, f"clip:{clip_id}:doubt:{nonce}", build_doubt_message(found))


def confirm(deps: Deps, person: Person, clip_id: str, key: str, answer: str) -> Sureness:
    """Keep an answer about one turn: "yes", "unsure", or "no:" and the key of a speaker (or "new").

    What was answered becomes part of a reference that covers only the turns that were checked.
    """
    with deps.database.begin() as tx:
        clip, labelled = own_labels(tx, person, clip_id)
        turn = editing.find(labelled.annotation, key)
        current = tx.references.current(person.team_id, clip_id)
        if turn is None or (current is not None and not is_partial(current)):
            raise StaleButtonError("These labels have changed since; press *How sure is this?* again.")
        if answer == _UNSURE:
            keys = (tx.clips.load(person.team_id, clip_id, _UNSURE) or {}).get("turns", [])
            tx.clips.save(person.team_id, clip_id, _UNSURE, {"turns": [*keys, key]}, deps.now())
        else:
            said = turn.speaker
            if answer.startswith("no:"):
                said = _speaker(labelled.annotation, answer.removeprefix("no:"))
            before = answers_of(current, labelled)
            new = Answer(turn.start_s, turn.end_s, turn.speaker, said)
            if new not in before:
                document = _document(labelled, [*(one for one in before if one.turn != turn), new])
                tx.references.add(person.team_id, clip_id, person.user_id, document, deps.now())
        return _sureness(tx, clip, labelled)


def _document(labelled: Labelled, answers: list[Answer]) -> dict[str, Any]:
    """Return a reference that covers the turns that were answered; all else in it is as the machine has it."""
    return {
        "origin": "confirmed",
        "annotation": whospoke_json.annotation_to_dict(with_answers(labelled.annotation, answers)),
        "words": [],
        "checked": [[one.start_s, one.end_s] for one in answers],
        "answers": answers_to_list(answers),
        "labels_of": whospoke_json.annotation_to_dict(labelled.annotation),
    }


def _sureness(tx: Transaction, clip: Clip, labelled: Labelled) -> Sureness:
    document = tx.clips.load(clip.team_id, clip.clip_id, "labels") or {}
    evidence = _evidence(document.get("certainty") or document.get("evidence") or {})
    unsure = (tx.clips.load(clip.team_id, clip.clip_id, _UNSURE) or {}).get("turns", [])
    current = tx.references.current(clip.team_id, clip.clip_id)
    answers = dict.fromkeys(unsure, _UNSURE)
    for one in answers_of(current, labelled):
        answers[editing.key_of(one.turn)] = "yes" if one.said == one.heard else f"no:{one.said}"
    margins = [margin for _, margin in evidence.turns if margin is not None]
    has_reference = current is not None and not is_partial(current)
    return Sureness(
        clip_id=clip.clip_id,
        clip_name=clip.name,
        doubts=doubts(labelled.annotation),
        count_range=evidence.count_range,
        num_known=len(margins),
        num_close=sum(margin < CLOSE_CALL for margin in margins),
        median_margin=median(margins) if margins else None,
        questions=() if has_reference else _questions(labelled.annotation, evidence, answers),
        speakers=labelled.annotation.speakers,
        names=labelled.names or {},
        has_reference=has_reference,
    )


def _questions(annotation: Annotation, evidence: _Evidence, answers: dict[str, str]) -> tuple[Question, ...]:
    """Return the turns whose label is least certain; none where there is nobody else it could be."""
    if len(annotation.speakers) < 2:  # noqa: PLR2004 - two voices make a doubt
        return ()
    by_key = {editing.key_of(turn): margin for turn, margin in evidence.turns}
    # Where an engine says nothing of its certainty, the shortest turns are the ones to doubt.
    rated = [
        (by_key.get(editing.key_of(turn)), turn)
        for turn in annotation.turns
        if turn.duration_s >= _LEAST_TURN_S
    ]
    known = sorted((margin, turn) for margin, turn in rated if margin is not None)
    shortest = sorted(rated, key=lambda pair: (pair[1].duration_s, pair[1]))
    asked: Sequence[tuple[float | None, Turn]] = known or shortest
    return tuple(
        Question(turn, key, margin, _example(annotation, turn), answers.get(key))
        for margin, turn in sorted(asked[:NUM_QUESTIONS], key=lambda pair: pair[1])
        for key in [editing.key_of(turn)]
    )


def _example(annotation: Annotation, turn: Turn) -> Turn | None:
    others = [t for t in annotation.turns if t.speaker == turn.speaker and t != turn]
    return max(others, key=lambda t: t.duration_s, default=None)


def _evidence(document: dict[str, Any]) -> _Evidence:
    """Read what an engine says of its labels; another engine may say less."""
    turns = tuple(
        (Turn(round(float(row[0]), 3), round(float(row[1]), 3), str(row[2])), row[3])
        for row in document.get("turns") or []
    )
    count = document.get("count") or {}
    fewest, most = count.get("fewest_nearby"), count.get("most_nearby")
    return _Evidence(turns, (int(fewest), int(most)) if fewest and most else None)


def _speaker(annotation: Annotation, choice: str) -> str:
    if choice == "new":
        return editing.new_speaker(annotation)
    found = next((s for s in annotation.speakers if editing.speaker_key(s) == choice), None)
    if found is None:
        raise StaleButtonError
    return found
