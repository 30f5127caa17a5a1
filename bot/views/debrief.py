"""What a lab conversation explored, and what it missed."""

from bot import ids
from bot.messenger import Message
from bot.tutor.debrief import Debrief
from bot.views import blocks as b
from bot.views.lesson import PRACTICE_CARDS, practice_button
from bot.views.text import count, escape, mrkdwn, plain, shorten
from course.model import Module


def build_debrief_message(debrief: Debrief, module: Module) -> Message:
    """Return the debrief by the lab's rubric, with the learner's own lines."""
    explored, total = len(debrief.explored), len(debrief.topics)
    title = f"Debrief: {explored} of {count(total, 'topic')} explored"
    said, parts = [title], [b.header(title)]
    for topic in debrief.explored:
        parts.append(b.section(f":white_check_mark: *{mrkdwn(topic.title)}*\n>{escape(topic.quote or '')}"))
        said.append(f"Explored: {plain(topic.title)}. You said: {topic.quote}")
    lesson = module.lesson_of(debrief.lab_id)
    for number, topic in enumerate(debrief.missed):
        parts.append(b.section(f":small_orange_diamond: *{mrkdwn(topic.title)}*: not yet."))
        said.append(f"Not yet: {plain(topic.title)}.")
        card = lesson.card(topic.card_id) if lesson else None
        if lesson and card:
            read = b.button(
                f"Read: {card.title}", f"{ids.LESSON_TURN}.debrief.{number}", f"{lesson.id}|{card.id}"
            )
            parts.append(b.actions([read]))
    for trap in debrief.traps:
        parts.append(b.section(f"*A trap you met.* You said: “{escape(trap.quote)}”\n{mrkdwn(trap.reply)}"))
        said.append(f"A trap you met: {plain(trap.claim)} {plain(trap.reply)}")
    row = [b.button("Go on with the course", ids.COURSE_CONTINUE, style="primary")]
    if lesson and any(card.id in PRACTICE_CARDS for card in lesson.cards):
        row.append(practice_button())
    parts.append(b.actions(row))
    return Message(text=shorten("\n".join(said), 3900), blocks=parts)
