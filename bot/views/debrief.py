"""What a lab conversation explored, and what it missed."""

from bot import ids
from bot.messenger import Message
from bot.tutor.debrief import Debrief, TopicNote, TrapNote
from bot.views import blocks as b
from bot.views.course_buttons import continue_button, read_button
from bot.views.lesson_buttons import PRACTICE_CARDS, practice_button
from bot.views.text import count, escape, mrkdwn, plain, shorten
from course.model import Lesson, Module


def build_debrief_message(debrief: Debrief, module: Module) -> Message:
    """Return the debrief by the lab's rubric, with the learner's own lines and the cards to read."""
    lesson = module.lesson_of(debrief.lab_id)
    explored, total = len(debrief.explored), len(debrief.topics)
    title = f"Debrief: {explored} of {count(total, 'topic')} explored"
    said, parts = [title], [b.header(title)]
    for topic in debrief.explored:
        parts.append(b.section(f":white_check_mark: *{mrkdwn(topic.title)}*\n>{escape(topic.quote or '')}"))
        said.append(f"Explored: {plain(topic.title)}. You said: {topic.quote}")
    for topic in debrief.missed:
        parts += _missed(topic, lesson)
        said.append(f"Not yet: {plain(topic.title)}. {plain(topic.sound_answer)}".strip())
    for trap in debrief.traps:
        parts += _trap(trap, lesson)
        said.append(f"A trap you met: {plain(trap.claim)} {plain(trap.reply)}")
    row = [continue_button("Go on with the course")]
    if lesson and any(card.id in PRACTICE_CARDS for card in lesson.cards):
        row.append(practice_button())
    parts.append(b.actions(row))
    return Message(text=shorten("\n".join(said), 3900), blocks=parts)


def _missed(topic: TopicNote, lesson: Lesson | None) -> list[b.BlockJson]:
    sound = f"\nA sound answer: {mrkdwn(topic.sound_answer)}" if topic.sound_answer else ""
    said = b.section(f":small_orange_diamond: *{mrkdwn(topic.title)}*: not yet.{sound}")
    return [said, *_read(lesson, topic.card_id, f"debrief.{topic.topic_id}")]


def _trap(trap: TrapNote, lesson: Lesson | None) -> list[b.BlockJson]:
    said = b.section(f"*A trap you met.* You said: “{escape(trap.quote)}”\n{mrkdwn(trap.reply)}")
    return [said, *_read(lesson, trap.card_id, f"trap.{trap.trap_id}")]


def _read(lesson: Lesson | None, card_id: str, name: str) -> list[b.BlockJson]:
    card = lesson.card(card_id) if lesson else None
    if lesson is None or card is None:
        return []
    return [b.actions([read_button(lesson, card, f"{ids.LESSON_READ}.{name}")])]
