"""What we say to a message that belongs to no lab and carries no recording."""

from bot.deps import Deps
from bot.messenger import Message
from bot.people import Person
from bot.views.help import build_help_message, build_lab_elsewhere_message


def answer_message(deps: Deps, person: Person, text: str) -> Message:
    """Return help, or the way back to a lab that is under way when the learner seems to answer it."""
    module = deps.current_module()
    if text.strip():
        with deps.database.read() as tx:
            sessions = [
                session
                for lesson in module.lessons
                if (session := tx.labs.latest(person.team_id, person.user_id, module.id, lesson.lab.id))
                and session.completed_at is None
            ]
        if sessions:
            latest = max(sessions, key=lambda session: session.started_at)
            lab = module.lab(latest.lab_id)
            link = deps.messenger_for(person.team_id).permalink(latest.channel_id, latest.thread_ts)
            if lab:
                return build_lab_elsewhere_message(lab.title, link)
    return build_help_message()
