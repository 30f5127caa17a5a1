"""What the Home tab says of a learner's cohorts and appeals, and of the cases that a reviewer decides."""

from bot import ids
from bot.manager_screens import LearnerScreen
from bot.views import blocks as b
from bot.views.appeal import case_button, choose_button
from bot.views.case_lines import case_line, history_line
from bot.views.reminders import day_words
from bot.views.text import escape

_MOST_CASES = 10


def build_learner_blocks(screen: LearnerScreen) -> list[b.BlockJson]:
    """Return the blocks; none for somebody in no cohort and with no case."""
    return [*_cohorts(screen), *_appeals(screen), *_to_review(screen)]


def _cohorts(screen: LearnerScreen) -> list[b.BlockJson]:
    if not screen.cohorts:
        return []
    lines = []
    for cohort, place in screen.cohorts:
        due_on = place.extended_to or cohort.due_on
        due = f"due {day_words(due_on)}" if due_on else "no due date"
        lines.append(f"• {escape(cohort.name)}: {'paused' if place.state == 'paused' else due}")
    wish = screen.wish
    reminders = (
        b.button("Reminders: off", ids.REMINDER_START, label="Reminders are off; press to have them again")
        if wish.is_stopped
        else b.button("Reminders: on", ids.REMINDER_STOP, label="Reminders are on; press to stop them")
    )
    cheers = (
        b.button(
            "Congratulations: on", ids.CONGRATULATE_OFF,
            label="Your cohort's channel is told when you pass; press to keep it private",
        )
        if wish.congratulate
        else b.button(
            "Congratulations: off", ids.CONGRATULATE_ON,
            label="Nobody is told when you pass; press to let your cohort's channel know",
        )
    )  # fmt: skip
    weekends = (
        b.button(
            "Weekends: on", ids.REMINDER_WEEKENDS_OFF,
            label="Reminders may come on weekends; press to have them on working days only",
        )
        if wish.on_weekends
        else b.button(
            "Weekends: off", ids.REMINDER_WEEKENDS_ON,
            label="Reminders come on working days only; press to have them on weekends, too",
        )
    )  # fmt: skip
    seen = "Your managers see which stops you completed, your scores and dates; never your labs, clips or answers."
    return [
        b.section("*My cohorts*\n" + "\n".join(lines)),
        b.actions([reminders, weekends, cheers]),
        b.context(seen),
    ]


def _appeals(screen: LearnerScreen) -> list[b.BlockJson]:
    if not screen.appeals:
        return []
    found = [b.section("*My cases*")]
    for case in screen.appeals[:_MOST_CASES]:
        lines = case_line(case, for_reviewer=False, today=screen.today)
        said = history_line(screen.history.get(case.case_id, ()))
        block = b.section(f"{lines}\n_{said}_" if said else lines)
        if case.state == "unassigned" or (case.state == "open" and case.due_on < screen.today):
            block["accessory"] = choose_button(case).to_dict()
        found.append(block)
    return found


def _to_review(screen: LearnerScreen) -> list[b.BlockJson]:
    if not screen.to_review:
        return []
    found = [b.section("*Cases for me to answer*")]
    for case in screen.to_review[:_MOST_CASES]:
        line = case_line(case, for_reviewer=True, today=screen.today)
        found.append(b.section(line) | {"accessory": case_button(case).to_dict()})
    return found
