"""Opening a lab's thread. Runs as a job: a thread that nobody remembers would swallow what is said in it."""

from bot.deps import Deps
from bot.people import Person
from bot.screens import LabScreen
from bot.show import dm_channel
from bot.use_cases.report_progress import trail_of
from bot.use_cases.say_once import say_once
from bot.use_cases.talk_in_lab import begin_lab, plan_lab
from bot.views.lab import build_lab_message
from bot.views.trail import with_trail


def ask_to_open_lab(deps: Deps, person: Person, screen: LabScreen) -> None:
    """Enqueue the opening; what the learner says after it waits its turn behind it."""
    owner = f"{person.team_id}:{person.user_id}"
    with deps.database.begin() as tx:
        tx.jobs.enqueue(
            "open_lab",
            "replies",
            f"open_lab:{person.team_id}:{screen.session_id}",
            person.team_id,
            person.user_id,
            screen.lab.id,
            screen.session_id,
            user_key=owner,
            partition_key=owner,
        )


def open_lab(deps: Deps, team_id: str, user_id: str, lab_id: str, session_id: str) -> None:
    """Post the lab's opening message once, and record that its thread is open."""
    person = Person(team_id, user_id)
    screen = plan_lab(deps, person, lab_id, session_id)
    channel_id = dm_channel(deps, person)
    message = with_trail(build_lab_message(screen), trail_of(deps, person, lab_id))
    ts = say_once(deps, team_id, f"lab:{session_id}", channel_id, message)
    begin_lab(deps, person, screen, channel_id, ts)
