"""Working on a clip once more under the same consent; what is not asked for anew is kept."""

from typing import Literal

from bot.about_clip import WordsWish
from bot.deps import Deps
from bot.errors import ClipStateError
from bot.people import Person
from bot.use_cases.label_clip import WORDS_WISH, own_clip
from storage.clips import Clip
from storage.transaction import Transaction


def try_again(deps: Deps, person: Person, clip_id: str, run: str) -> Clip:
    """Enqueue a failed clip once more."""
    with deps.database.begin() as tx:
        return _run_again(deps, tx, person, clip_id, run, "failed", "both")


def label_again(deps: Deps, person: Person, clip_id: str, run: str) -> Clip:
    """Label a finished clip once more; the words are kept."""
    with deps.database.begin() as tx:
        return _run_again(deps, tx, person, clip_id, run, "done", "labels")


def label_with_bounds(
    deps: Deps, person: Person, clip_id: str, run: str, fewest: int | None, most: int | None
) -> Clip:
    """Label a finished clip anew with bounds on the number of speakers; names, words and corrections are kept."""
    with deps.database.begin() as tx:
        clip = _run_again(deps, tx, person, clip_id, run, "done", "labels")
        tx.clips.update(person.team_id, clip_id, deps.now(), min_speakers=fewest, max_speakers=most)
    return clip


def words_wish_of(deps: Deps, person: Person, clip_id: str) -> WordsWish:
    """Return what the person said about the words before."""
    with deps.database.begin() as tx:
        own_clip(tx, person, clip_id)
        return WordsWish.of_document(tx.clips.load(person.team_id, clip_id, WORDS_WISH))


def write_words_again(deps: Deps, person: Person, clip_id: str, run: str, wish: WordsWish) -> Clip:
    """Write down the words of a finished clip once more; the labels are kept."""
    with deps.database.begin() as tx:
        clip = _run_again(deps, tx, person, clip_id, run, "done", "words")
        tx.clips.save(person.team_id, clip_id, WORDS_WISH, wish.as_document(), deps.now())
    return clip


def _run_again(
    deps: Deps,
    tx: Transaction,
    person: Person,
    clip_id: str,
    run: str,
    from_state: str,
    wants: Literal["both", "labels", "words"],
) -> Clip:
    now = deps.now()
    clip = own_clip(tx, person, clip_id)
    if not tx.clips.move(person.team_id, clip_id, {from_state}, "queued", now):
        raise ClipStateError
    tx.clips.update(person.team_id, clip_id, now, stage="queued", share=0.0, error=None)
    tx.clip_queue.join(clip, run, now, wants)
    return clip
