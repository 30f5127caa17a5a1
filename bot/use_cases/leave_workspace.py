"""The app was taken out of a workspace, or its token was. Runs as a job; safe to repeat."""

from bot.deps import Deps
from bot.people import Person
from bot.use_cases.label_clip import forget_clip
from storage.jobs import current_job_id
from storage.team_jobs import cancel_jobs_of


def leave_workspace(deps: Deps, team_id: str) -> None:
    """Stop what runs for the workspace, and let go of what people said and recorded there.

    Nobody there can press *Delete* any more, so nothing waits for its retention. What they learned stays: it is there
    again when the app is installed anew. Our messages and files in Slack are out of our reach by now.
    """
    with deps.database.begin() as tx:
        clips = tx.departure.owners_of_clips(team_id)
        tx.departure.stop_the_clock(team_id, deps.now())
        tx.departure.forget_installation(team_id)
        tx.audit.append(team_id, "slack", "app_uninstalled", f"team:{team_id}", {}, deps.now())
    for clip_id, user_id in clips:
        with deps.database.begin() as tx:
            clip = tx.clips.get(team_id, clip_id)
            if clip and clip.state != "deleted":
                forget_clip(deps, tx, Person(team_id, user_id), clip)
    cancel_jobs_of(deps.database, team_id, but=current_job_id())
    with deps.database.begin() as tx:  # last, as it blanks the very event that asks for all this
        tx.departure.forget_what_was_said(team_id, deps.now())
    deps.database.wipe_deleted()
