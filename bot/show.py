"""Putting a screen of the course in front of a person."""

from bot.deps import Deps
from bot.errors import AlreadyAnsweredError, NotThereAnyMoreError, PersonError
from bot.figures import with_figure
from bot.messenger import Message
from bot.people import Person
from bot.presses import Press
from bot.screens import LabInvitation, Screen
from bot.tell import tell
from bot.use_cases.look_at_cohort import look_at_cohorts
from bot.use_cases.report_progress import report_progress, trail_of
from bot.use_cases.wishes import look_at_my_cohorts
from bot.views.help import build_remark_message
from bot.views.home import build_home_blocks
from bot.views.learner_home import build_learner_blocks
from bot.views.manager import build_manager_blocks
from bot.views.screens import build_screen_message, part_of
from bot.views.trail import with_trail


def dm_channel(deps: Deps, person: Person) -> str:
    """Return the person's direct message channel, asked for once and then remembered."""
    with deps.database.read() as tx:
        learner = tx.learners.get(person.team_id, person.user_id)
    if learner and learner.dm_channel_id:
        return learner.dm_channel_id
    channel_id = deps.messenger_for(person.team_id).open_dm(person.user_id)
    with deps.database.begin() as tx:
        tx.learners.see(person.team_id, person.user_id, deps.now())
        tx.learners.set_dm_channel(person.team_id, person.user_id, channel_id)
    return channel_id


def screen_message(deps: Deps, person: Person, screen: Screen) -> Message:
    """Return the screen as a message, with what only Slack knows filled in."""
    link = None
    if isinstance(screen, LabInvitation) and screen.channel_id and screen.thread_ts:
        link = deps.messenger_for(person.team_id).permalink(screen.channel_id, screen.thread_ts)
    message = build_screen_message(with_figure(deps, person.team_id, screen), link)
    return with_trail(message, trail_of(deps, person, part_of(screen)))


def replace_pressed(deps: Deps, press: Press, message: Message) -> None:
    """Turn the message under the pressed button into this one; there is none on the Home tab."""
    if press.channel_id is None or press.message_ts is None:
        raise NotThereAnyMoreError
    messenger = deps.messenger_for(press.person.team_id)
    messenger.replace(press.response_url, press.channel_id, press.message_ts, message)


def show_in_place(deps: Deps, press: Press, screen: Screen) -> None:
    """Turn the pressed message into the screen; from the Home tab, post it in the direct message."""
    message = screen_message(deps, press.person, screen)
    if press.channel_id and press.message_ts:
        replace_pressed(deps, press, message)
    else:
        show_in_dm(deps, press.person, screen)


def remark_first_answer(deps: Deps, press: Press, chosen: int | None, pressed: int) -> None:
    """Say that the first answer stands, where another one was pressed; the same again needs no word."""
    if chosen not in {None, pressed}:
        remark_error(deps, press, AlreadyAnsweredError())


def show_in_dm(deps: Deps, person: Person, screen: Screen) -> None:
    """Post the screen as a new message in the person's direct messages."""
    message = screen_message(deps, person, screen)
    deps.messenger_for(person.team_id).post(dm_channel(deps, person), message)


def remark(deps: Deps, press: Press, text: str) -> None:
    """Say one sentence to the presser alone; on the Home tab, in their direct messages."""
    message = build_remark_message(text)
    if press.channel_id or press.response_url:
        tell(
            deps,
            press.person,
            message,
            response_url=press.response_url,
            channel_id=press.channel_id,
            thread_ts=press.thread_ts,
        )
    else:
        deps.messenger_for(press.person.team_id).post(dm_channel(deps, press.person), message)


def remark_error(deps: Deps, press: Press, error: PersonError) -> None:
    """Say what could not be done, and what to do."""
    remark(deps, press, str(error))


def publish_home(deps: Deps, person: Person) -> None:
    """Show the Home tab as things stand."""
    seen = look_at_cohorts(deps, person)
    blocks = [
        *(build_manager_blocks(seen) if seen else []),
        *build_home_blocks(report_progress(deps, person)),
        *build_learner_blocks(look_at_my_cohorts(deps, person)),
    ]
    deps.messenger_for(person.team_id).publish_home(person.user_id, blocks)
