"""Daily review: one message a day, updated from card to card."""

from datetime import date

from bot import ids
from bot.learning_screens import ReviewScreen, ReviewStanding, ReviewSummary
from bot.messenger import Message
from bot.views import blocks as b
from bot.views.course_buttons import continue_button, read_button
from bot.views.question import (
    Asked,
    answered_blocks,
    asking_blocks,
    feedback_block,
    feedback_words,
    how_to_answer,
    onward_button,
    question_words,
)
from bot.views.text import count, escape, mrkdwn
from course.review import HOURS


def build_review_message(screen: ReviewScreen) -> Message:
    """Return a card of the day's handful, or, once answered, its feedback."""
    title = f"Daily review · card {screen.position} of {screen.num_cards}"
    asked = Asked(title, screen.question, screen.order, screen.chosen)
    stop = b.actions([_stop_button()])
    if screen.chosen is None:
        parts = [*asking_blocks(asked, ids.REVIEW_ANSWER_PREFIX, screen.round_id), stop]
        words = f"{question_words(asked)} {how_to_answer(asked)} Or press Stop daily review."
        return Message(text=words, blocks=parts)
    row = [
        onward_button(
            "today's review", ids.REVIEW_NEXT, screen.round_id, is_last=screen.is_last, thing="card"
        )
    ]
    card = screen.lesson.card(screen.question.card_id) if screen.lesson else None
    if screen.lesson and card:
        row.append(read_button(screen.lesson, card, ids.LESSON_READ))
    # In a row of its own: under a question it stands where the way on would be.
    parts = [*answered_blocks(asked), feedback_block(asked), b.actions(row), stop]
    return Message(text=f"{question_words(asked)} {feedback_words(asked)}", blocks=parts)


def build_review_summary(summary: ReviewSummary) -> Message:
    """Return how the day's handful went."""
    text = f"Review done for today: {summary.num_correct} of {summary.num_cards} right."
    if summary.next_day:
        text += f" The next card comes back on {_day_words(summary.next_day)}."
    parts = [
        b.section(mrkdwn(text)),
        b.actions([continue_button(), _stop_button()]),
    ]
    return Message(text=text, blocks=parts)


def build_review_on_message(standing: ReviewStanding) -> Message:
    """Return what was switched on, and how to switch it off."""
    text = (
        f"Daily review is on: at most five cards {_days_words(standing)} at {standing.hour}:00, your time "
        f"({escape(standing.zone)}), as one message here. Change the hour or stop it on the Home tab."
    )
    return Message(text=text, blocks=[b.section(text), b.actions([_stop_button()])])


def build_review_off_message() -> Message:
    """Return what was switched off."""
    text = "Daily review is off. Your cards are kept; switch it on again whenever you like."
    return Message(text=text, blocks=[b.section(text), b.actions([_on_button()])])


def offer_row(num_missed: int) -> tuple[list[b.BlockJson], str]:
    """Return the offer of daily review, as blocks and in words."""
    text = f"Daily review asks {'it' if num_missed == 1 else 'these'} again in a day or two, a few cards each weekday."
    return [b.context(text), b.actions([_on_button()])], f"{text} Press Turn on daily review."


def review_blocks(standing: ReviewStanding) -> list[b.BlockJson]:
    """Return the part of the Home tab that is about review."""
    cards = _cards_words(standing)
    if not standing.is_on:
        offer = "Off. When it is on, missed questions come back here, at most five on a weekday."
        return [b.section(f"*Daily review*\n{offer} {cards}"), b.actions([_on_button()])]
    when = f"On, {_days_words(standing)} at {standing.hour}:00, your time ({escape(standing.zone)})."
    weekends = "Switch weekends off" if standing.on_weekends else "Switch weekends on"
    label = f"{weekends} for daily review"
    return [
        b.section(f"*Daily review*\n{when} {cards}"),
        b.actions(
            [
                b.select("Hour", ids.REVIEW_HOUR, _hour_options(), str(standing.hour)),
                b.button(weekends, ids.REVIEW_WEEKENDS, "off" if standing.on_weekends else "on", label=label),
                _stop_button(),
            ]
        ),
    ]


def _cards_words(standing: ReviewStanding) -> str:
    words = []
    if standing.num_cards:
        words.append(f"{count(standing.num_cards, 'card')} in all, {standing.num_due} due today.")
    if standing.num_waiting:
        waiting = count(standing.num_waiting, "card")
        words.append(f"{waiting} of the module test will join once you have passed it.")
    return " ".join(words) or "No cards yet: a question you miss becomes one."


def review_words(standing: ReviewStanding) -> str:
    """Return the same in one line."""
    if not standing.is_on:
        return f"Daily review is off; {count(standing.num_cards, 'card')} kept."
    return f"Daily review is on, {_days_words(standing)} at {standing.hour}:00; {count(standing.num_due, 'card')} due today."


def _hour_options() -> list[tuple[str, str]]:
    return [(str(hour), f"at {hour}:00") for hour in HOURS]


def _days_words(standing: ReviewStanding) -> str:
    return "every day" if standing.on_weekends else "on weekdays"


def _day_words(day: str) -> str:
    on = date.fromisoformat(day)
    return f"{on:%A}, {on.day} {on:%B}"


def _on_button() -> b.Button:
    label = "Turn on daily review of missed questions"
    return b.button("Turn on daily review", ids.REVIEW_ON, label=label)


def _stop_button() -> b.Button:
    return b.button("Stop daily review", ids.REVIEW_OFF, label="Stop daily review; your cards are kept")
