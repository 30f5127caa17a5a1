"""Privacy: what is held about a person, and letting go of it."""

from bot.deps import Deps
from bot.people import Person
from bot.screens import Held, Receipt
from bot.use_cases.lab_voice import DAY
from bot.use_cases.label_clip import forget_clip
from bot.use_cases.remove_posts import ask_to_remove_posts, ask_to_remove_thread
from bot.use_cases.tell_of_case import forget_cases_of
from bot.use_cases.tidy_up import ask_to_forget_jobs


def what_is_held(deps: Deps, person: Person) -> Held:
    """Return what is stored about the person."""
    with deps.database.read() as tx:
        clips = [c for c in tx.clips.of_user(person.team_id, person.user_id) if c.state != "deleted"]
        consents = tx.consent.of_user(person.team_id, person.user_id)
        num_lab_messages = tx.labs.num_turns_of(person.team_id, person.user_id)
    return Held(
        tuple(clips), len(consents), num_lab_messages, deps.clip_retention_days, deps.lab_retention_days
    )


def forget_me(deps: Deps, person: Person) -> Receipt:
    """Delete clips and lab conversations; completed steps and the consent log stay, as the receipt says."""
    with deps.database.begin() as tx:
        clips = [c for c in tx.clips.of_user(person.team_id, person.user_id) if c.state != "deleted"]
        num_lab_messages = tx.labs.num_turns_of(person.team_id, person.user_id)
        for clip in clips:
            forget_clip(deps, tx, person, clip)
            ask_to_remove_posts(tx, clip, deps.now())
        for session in tx.labs.of_user(person.team_id, person.user_id):
            ask_to_remove_thread(tx, session)
        tx.labs.delete_of(person.team_id, person.user_id, daily_share_since=deps.now() - DAY)
        tx.inbox.forget(person.team_id, person.user_id, deps.now())
        ask_to_forget_jobs(deps, tx, person)
        forget_cases_of(tx, person)
        tx.audit.append(
            person.team_id,
            person.user_id,
            "forgotten",
            f"user:{person.user_id}",
            {"clips": len(clips)},
            deps.now(),
        )
    num_files = sum(len(clip.posted.get("files", {})) for clip in clips)
    return Receipt(len(clips), num_lab_messages, num_files, tuple(clips))
