"""What a person decides about their clip: agree, decline, cancel, delete."""

import hashlib
from collections.abc import Collection
from datetime import datetime

from bot.about_clip import AboutClip, WordsWish
from bot.deps import Deps
from bot.errors import (
    ClipStateError,
    ConsentMissingError,
    HintError,
    NotThereAnyMoreError,
    NotYoursError,
)
from bot.people import Person
from bot.use_cases.remove_posts import ask_to_remove_posts
from bot.views.clip_notice import NOTICE_VERSION, PURPOSES, REQUIRED_PURPOSES, notice_paragraphs
from storage.clips import Clip
from storage.consent import ConsentRecord
from storage.transaction import Transaction

UNFINISHED = frozenset({"asking", "queued", "running", "replying"})
#: The document of what the uploader said about the words; the worker reads it.
WORDS_WISH = "words_request"
STOPPED = "The new run was stopped; this is the result from before."


def own_clip(tx: Transaction, person: Person, clip_id: str) -> Clip:
    """Return the person's clip; raises when it is gone or somebody else's."""
    clip = tx.clips.get(person.team_id, clip_id)
    if clip is None or clip.state == "deleted":
        raise NotThereAnyMoreError
    if clip.user_id != person.user_id:
        raise NotYoursError
    return clip


def agree(
    deps: Deps,
    person: Person,
    clip_id: str,
    ticked: Collection[str],
    about: AboutClip | None = None,
    *,
    is_held: bool = False,
) -> Clip:
    """Record the consent and enqueue the clip, in one commit.

    Args:
        deps: Collaborators.
        person: Who agrees.
        clip_id: To what.
        ticked: The purposes agreed to.
        about: What the person knows about the recording.
        is_held: Whether the result waits until the person has labelled half a minute themselves.

    Raises:
        ConsentMissingError: A purpose without which nothing may be fetched was not ticked.
        HintError: The fewest speakers are more than the most.
        ClipStateError: The clip was decided on before.
    """
    about = about or AboutClip()
    if not set(ticked) >= REQUIRED_PURPOSES:
        raise ConsentMissingError
    if about.min_speakers and about.max_speakers and about.min_speakers > about.max_speakers:
        raise HintError
    now = deps.now()
    with deps.database.begin() as tx:
        clip = own_clip(tx, person, clip_id)
        if not tx.clips.move(person.team_id, clip_id, {"asking"}, "queued", now):
            raise ClipStateError
        record = ConsentRecord(
            consent_id=deps.new_id(),
            team_id=person.team_id,
            user_id=person.user_id,
            clip_id=clip_id,
            purposes={purpose: purpose in ticked for purpose in PURPOSES},
            notice_version=notice_fingerprint(deps.clip_retention_days),
            given=True,
            at=now,
            channel_id=clip.channel_id,
        )
        tx.consent.append(record)
        tx.clips.update(
            person.team_id,
            clip_id,
            now,
            consent_id=record.consent_id,
            stage="queued",
            share=0.0,
            min_speakers=about.min_speakers,
            max_speakers=about.max_speakers,
        )
        if about.recorded:
            tx.clips.save(person.team_id, clip_id, "recording", {"how": about.recorded}, now)
        if about.words != WordsWish():
            tx.clips.save(person.team_id, clip_id, WORDS_WISH, about.words.as_document(), now)
        if is_held:
            tx.clips.save(person.team_id, clip_id, "hold", {"is_held": True}, now)
        tx.clip_queue.join(clip, "1", now)
    return clip


def notice_fingerprint(clip_retention_days: int) -> str:
    """Return the notice's version and a hash of the very words that were shown."""
    words = "\n".join([*notice_paragraphs(clip_retention_days), *PURPOSES.values()])
    return f"{NOTICE_VERSION}:{hashlib.sha256(words.encode()).hexdigest()[:16]}"


def decline(deps: Deps, person: Person, clip_id: str) -> Clip:
    """Record that nothing may be fetched."""
    now = deps.now()
    with deps.database.begin() as tx:
        clip = own_clip(tx, person, clip_id)
        if not tx.clips.move(person.team_id, clip_id, {"asking"}, "declined", now):
            raise ClipStateError
        tx.consent.append(_withdrawal(deps, person, clip))
    return clip


def cancel(deps: Deps, person: Person, clip_id: str, *, keep_ts: str | None = None) -> bool:
    """Stop the work on a clip; the worker notices between and inside its stages.

    What we posted is taken back, except the message `keep_ts`. When there is a result from an earlier run, it
    is kept, and so is its message.

    Returns:
        Whether nothing of the clip is kept.
    """
    now = deps.now()
    with deps.database.begin() as tx:
        clip = own_clip(tx, person, clip_id)
        if stop_later_run(tx, clip, now):
            return False
        if not tx.clips.move(person.team_id, clip_id, {"queued", "running"}, "cancelled", now):
            raise ClipStateError
        forget_clip(deps, tx, person, clip)
        ask_to_remove_posts(tx, clip, now, keep_ts)
        tx.clip_queue.admit(now)
    return True


def stop_later_run(tx: Transaction, clip: Clip, now: datetime) -> bool:
    """Stop a run that would replace an earlier result; that result stays. False when there is no such run."""
    work = tx.clip_queue.get(clip.team_id, clip.clip_id)
    if work is None or work.wants == "both":
        return False
    if not tx.clips.move(clip.team_id, clip.clip_id, {"queued", "running"}, "done", now):
        return False
    tx.clips.update(clip.team_id, clip.clip_id, now, error=STOPPED)
    tx.clip_queue.ask_to_show(clip, work.run, "stopped")
    tx.clip_queue.admit(now)
    return True


def delete(deps: Deps, person: Person, clip_id: str, *, keep_ts: str | None = None) -> Clip:
    """Withdraw the consent, forget what was derived, and remember only that it happened.

    What we posted is taken back, except the message `keep_ts`.
    """
    with deps.database.begin() as tx:
        clip = own_clip(tx, person, clip_id)
        forget_clip(deps, tx, person, clip)
        ask_to_remove_posts(tx, clip, deps.now(), keep_ts)
    return clip


def forget_clip(deps: Deps, tx: Transaction, person: Person, clip: Clip) -> None:
    """Withdraw and forget within a transaction; files and messages in Slack are the caller's."""
    now = deps.now()
    tx.consent.append(_withdrawal(deps, person, clip))
    tx.clips.forget(person.team_id, clip.clip_id, now)
    tx.audit.append(person.team_id, person.user_id, "clip_deleted", f"clip:{clip.clip_id}", {}, now)


def _withdrawal(deps: Deps, person: Person, clip: Clip) -> ConsentRecord:
    return ConsentRecord(
        consent_id=deps.new_id(),
        team_id=person.team_id,
        user_id=person.user_id,
        clip_id=clip.clip_id,
        purposes=dict.fromkeys(PURPOSES, False),
        notice_version=notice_fingerprint(deps.clip_retention_days),
        given=False,
        at=deps.now(),
        channel_id=clip.channel_id,
    )
