"""Handing a manager a cohort's records as files. Runs as a job."""

from bot.authority import NotAllowedError, authorise
from bot.deps import Deps
from bot.exports import read_records, to_csv, to_xapi
from bot.people import Person
from bot.show import dm_channel
from bot.use_cases.look_at_cohort import question_about
from bot.use_cases.manage_cohorts import cohort_in_use, today_of
from bot.use_cases.say_once import say_once
from bot.views.help import build_remark_message
from bot.views.text import escape
from storage.cohorts import Cohort


def ask_to_export(deps: Deps, person: Person, cohort_id: str) -> Cohort:
    """Ask for the files; they come to the manager's direct messages."""
    with deps.database.begin() as tx:
        authorise(tx, person, "export")
        cohort = cohort_in_use(tx, person, cohort_id)
        tx.audit.append(person.team_id, person.user_id, "exported", f"cohort:{cohort_id}", {}, deps.now())
        tx.jobs.enqueue(
            "export_cohort",
            "managers",
            f"export:{person.team_id}:{cohort_id}:{deps.new_id()}",
            person.team_id,
            cohort_id,
            person.user_id,
            partition_key=person.team_id,
        )
    return cohort


def export_cohort(deps: Deps, team_id: str, cohort_id: str, user_id: str) -> bool:
    """Send both files, unless the asker is no manager any more."""
    person = Person(team_id, user_id)
    with deps.database.read() as tx:
        try:
            authorise(tx, person, "export")
        except NotAllowedError:
            return False
        cohort = tx.cohorts.get(team_id, cohort_id)
        if cohort is None:
            return False
        module = deps.current_module()
        asked = question_about(module, cohort, today_of(deps, tx, person))
        records = read_records(tx.overview, module, cohort, asked)
    channel_id = dm_channel(deps, person)
    name = "".join(c if c.isalnum() else "-" for c in cohort.name).strip("-").lower() or "cohort"
    # Spreadsheets take a CSV for UTF-8 only where this mark says so.
    send_text_file(deps, team_id, channel_id, f"{name}.csv", to_csv(records), encoding="utf-8-sig")
    send_text_file(deps, team_id, channel_id, f"{name}-xapi.json", to_xapi(records))
    return True


def apologise_for_export(deps: Deps, team_id: str, cohort_id: str, user_id: str, key: str) -> None:
    """Say that an export did not come, and what to do."""
    with deps.database.begin() as tx:
        cohort = tx.cohorts.get(team_id, cohort_id)
    channel_id = dm_channel(deps, Person(team_id, user_id))
    name = escape(cohort.name) if cohort else "your cohort"
    words = (
        f"The records of {name} could not be sent: Slack did not answer for too long. Press *Export* again."
    )
    say_once(deps, team_id, key, channel_id, build_remark_message(words))


def send_text_file(
    deps: Deps, team_id: str, channel_id: str, name: str, content: str, encoding: str = "utf-8"
) -> None:
    """Share a text as a file in a conversation."""
    messenger = deps.messenger_for(team_id)
    encoded = content.encode(encoding)
    file_id, upload_url = messenger.start_upload(name, len(encoded))
    messenger.send_bytes(upload_url, encoded)
    messenger.finish_upload(file_id, name, channel_id=channel_id)
