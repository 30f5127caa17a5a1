"""Scoring against a reference, at once and in a job of the bot; the answer is a message in the clip's thread."""

from dataclasses import replace
from typing import Any

from annotation.confirming import num_right, partners
from annotation.formats import whospoke_json
from annotation.model import Annotation, Segment
from annotation.scoring import Scorecard, score, score_words
from bot import score_picture
from bot.deps import Deps
from bot.errors import ClipStateError
from bot.messenger import Message
from bot.people import Person
from bot.score_screens import Agreement, Feedback, Labelled
from bot.use_cases.clip_labels import LABELLED, PRACTICE, ask_to_show_again, labels_of
from bot.use_cases.clip_reference import answers_of, is_partial, names_in, run_of
from bot.use_cases.hold_clip import OWN, Scored, ask_for_score
from bot.use_cases.label_clip import own_clip
from bot.use_cases.lesson_links import links_for, review_missed_overlap
from bot.use_cases.say_once import say_once
from bot.use_cases.send_files import send_once
from bot.views.score import build_agreement_message, build_score_message, origin_words
from storage.clips import Clip, Posted
from storage.references import Reference
from storage.transaction import Transaction


def add_reference(deps: Deps, tx: Transaction, clip: Clip, document: dict[str, Any]) -> Reference:
    """Store the next version of the reference, and ask for its score in the same commit."""
    new = tx.references.add(clip.team_id, clip.clip_id, clip.user_id, document, deps.now())
    ask_for_score(tx, clip, "ours", f"v{new.version}")
    return new


def score_again(deps: Deps, person: Person, clip_id: str) -> bool:
    """Ask for the score against the newest reference; False where there is none."""
    with deps.database.begin() as tx:
        clip = own_clip(tx, person, clip_id)
        current = tx.references.current(person.team_id, clip_id)
        if current is None:
            return False
        ask_for_score(tx, clip, "ours", f"v{current.version}:{deps.new_id()}")
    return True


def undo(deps: Deps, person: Person, clip_id: str, version: int) -> Reference | None:
    """Go back one version; returns the one in force now, which is scored again, or None.

    Raises:
        ClipStateError: There is a newer version, or this one was taken back before.
    """
    with deps.database.begin() as tx:
        clip = own_clip(tx, person, clip_id)
        if not tx.references.take_back(person.team_id, clip_id, version, deps.now()):
            raise ClipStateError(
                "There is a newer score below, or this correction was taken back before; nothing was changed."
            )
        ask_to_show_again(deps, tx, clip)
        current = tx.references.current(person.team_id, clip_id)
        if current:
            ask_for_score(tx, clip, "ours", f"v{current.version}:after{version}")
    return current


def show_score(deps: Deps, team_id: str, clip_id: str, scored: Scored, nonce: str) -> None:
    """Score and post the card, once; does nothing while there is nothing to score yet."""
    with deps.database.read() as tx:
        clip = tx.clips.get(team_id, clip_id)
        if clip is None or clip.state not in {*LABELLED, PRACTICE}:
            return
        labelled = labels_of(tx, clip)
        current = tx.references.current(team_id, clip_id)
        own = tx.clips.load(team_id, clip_id, OWN) if scored == "own" else None
        names = names_in(tx, clip, current) if current else {}
    module = deps.current_module()
    key = f"clip:{clip_id}:score:{scored}:{nonce}"
    if scored == "own" and (current is None or is_partial(current)):
        if own and labelled:
            message = build_agreement_message(agreement(labelled, own))
            post_about(deps, clip, key, message)
        return
    feedback = _own_feedback(clip, current, names, own) if scored == "own" else None
    if scored == "ours" and labelled and current:
        feedback = feedback_on(labelled, current, names)
    if feedback is None:
        return
    feedback = replace(feedback, lessons=links_for(module, feedback.card))
    with deps.database.begin() as tx:
        review_missed_overlap(deps, tx, Person(team_id, clip.user_id), feedback.card)
    picture = score_picture.draw(feedback.card.settings)
    file_id = send_once(
        deps, clip, f"score-{scored}-{nonce.replace(':', '-')}.png", picture.png, alt_text=picture.alt_text
    )
    feedback = replace(feedback, picture_file_id=file_id, picture_alt_text=picture.alt_text)
    post_about(deps, clip, key, build_score_message(feedback))


def feedback_on(labelled: Labelled, reference: Reference, names: dict[str, str] | None = None) -> Feedback:
    """Return how our labels fare against a reference; only what was checked is evaluated.

    Who is who follows from the whole clip also where a few turns were checked: a mapping found in those alone would
    call any label right.

    Args:
        labelled: our labels.
        reference: what people say is right.
        names: what they call its speakers.
    """
    document = reference.document
    truth = whospoke_json.annotation_from_dict(document["annotation"])
    spoken = whospoke_json.words_from_list(document.get("words") or [])
    checked = None
    if is_partial(reference):
        answers = answers_of(reference, labelled)
        checked = (len(answers), num_right(labelled.annotation, answers))
        card = score(
            truth,
            labelled.annotation,
            [one.span for one in answers],
            mapping=partners(run_of(reference), labelled.annotation),
        )
    else:
        card = score(truth, labelled.annotation, [Segment(0.0, labelled.duration_s)])
    return Feedback(
        clip_id=labelled.clip_id,
        clip_name=labelled.name,
        scored="ours",
        origin=origin_words(document),
        version=reference.version,
        card=card,
        names=labelled.names or {},
        reference_names=names or {},
        words=score_words(spoken, labelled.words) if spoken and labelled.words else None,
        words_are_draft=labelled.words_are_draft,
        checked=checked,
    )


def agreement(labelled: Labelled, own: dict[str, Any]) -> Agreement:
    """Return how far the learner's turns and ours agree where there is no reference."""
    mine, region = _own_turns(own)
    card = score(mine, labelled.annotation, region)
    return Agreement(labelled.clip_id, labelled.name, card, labelled.names or {})


def _own_feedback(
    clip: Clip, reference: Reference | None, names: dict[str, str], own: dict[str, Any] | None
) -> Feedback | None:
    if own is None or reference is None:
        return None
    mine, region = _own_turns(own)
    truth = whospoke_json.annotation_from_dict(reference.document["annotation"])
    card: Scorecard = score(truth, mine, region)
    origin = origin_words(reference.document)
    return Feedback(clip.clip_id, clip.name, "own", origin, None, card, {}, names)


def _own_turns(own: dict[str, Any]) -> tuple[Annotation, list[Segment]]:
    return whospoke_json.annotation_from_dict(own["annotation"]), [Segment(0.0, float(own["window_s"]))]


def post_about(deps: Deps, clip: Clip, key: str, message: Message) -> None:
    """Post a message in the clip's thread, once, and note it, so that it goes when the clip goes."""
    ts = say_once(deps, clip.team_id, key, clip.channel_id, message, thread_ts=clip.thread_ts)
    remember_message(deps, clip, ts)


def remember_message(deps: Deps, clip: Clip, ts: str) -> None:
    """Note a message of ours about the clip, so that it goes when the clip goes."""

    def note(posted: Posted) -> Posted:
        others = [one for one in posted.get("messages", []) if one != ts]
        return {**posted, "messages": [*others, ts]}

    with deps.database.begin() as tx:
        tx.clips.change_posted(clip.team_id, clip.clip_id, deps.now(), note)
