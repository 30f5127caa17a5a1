"""Opening a lab's thread. Runs as a job: a thread that nobody remembers would swallow what is said in it."""

import hashlib

from bot.deps import Deps
from bot.people import Person
from bot.show import dm_channel
from bot.use_cases.report_progress import trail_of
from bot.use_cases.say_once import say_once
from bot.use_cases.talk_in_lab import begin_lab, plan_lab
from bot.views.lab import build_lab_message
from bot.views.trail import with_trail
from storage.labs import LabSession

#: Presses within the same so many seconds are one.
_DOUBLE_CLICK_S = 20


def ask_to_open_lab(deps: Deps, person: Person, lab_id: str) -> LabSession | None:
    """Enqueue the opening; what the learner says after it waits its turn behind it.

    Returns:
        The session to go back to, when the lab is open already and nothing was said in it yet.
    """
    if untouched := _untouched(deps, person, lab_id):
        return untouched
    session_id = _session_id(deps, person, lab_id)
    plan_lab(deps, person, lab_id, session_id)  # raises while the lab is locked
    owner = f"{person.team_id}:{person.user_id}"
    with deps.database.begin() as tx:
        tx.jobs.enqueue(
            "open_lab",
            "replies",
            f"open_lab:{person.team_id}:{session_id}",
            person.team_id,
            person.user_id,
            lab_id,
            session_id,
            user_key=owner,
            partition_key=owner,
        )
    return None


def _untouched(deps: Deps, person: Person, lab_id: str) -> LabSession | None:
    module = deps.current_module()
    with deps.database.begin() as tx:
        latest = tx.labs.latest(person.team_id, person.user_id, module.id, lab_id)
        turns = tx.labs.turns(person.team_id, latest.session_id) if latest else []
    if latest is None or latest.completed_at or latest.content_version != module.version:
        return None
    return None if any(turn.role == "learner" for turn in turns) else latest


def _session_id(deps: Deps, person: Person, lab_id: str) -> str:
    """Return the same id for presses that follow one another closely: a double click opens one thread."""
    moment = int(deps.now().timestamp() // _DOUBLE_CLICK_S)
    named = f"{person.team_id}|{person.user_id}|{lab_id}|{moment}"
    return hashlib.sha256(named.encode()).hexdigest()[:16]


def open_lab(deps: Deps, team_id: str, user_id: str, lab_id: str, session_id: str) -> None:
    """Post the lab's opening message once, and record that its thread is open."""
    person = Person(team_id, user_id)
    screen = plan_lab(deps, person, lab_id, session_id)
    channel_id = dm_channel(deps, person)
    message = with_trail(build_lab_message(screen), trail_of(deps, person, lab_id))
    ts = say_once(deps, team_id, f"lab:{session_id}", channel_id, message)
    begin_lab(deps, person, screen, channel_id, ts)
