"""One lesson card as a message."""

from bot import ids
from bot.messenger import Message
from bot.screens import LessonScreen
from bot.views import blocks as b
from bot.views.lesson_buttons import lesson_rows, more_button
from bot.views.text import count, escape, mrkdwn, plain, shorten
from course.model import Card, Lesson
from course.text import reading_time_min, sources_line

_NUMBER_MARKS = "①②③④⑤⑥⑦⑧⑨"


def build_lesson_message(screen: LessonScreen) -> Message:
    """Return the card with the buttons to turn it."""
    lesson, card = screen.lesson, screen.card
    place = _place(screen)
    parts = [b.context(f"*Lesson {lesson.number} · {mrkdwn(lesson.title)}*", place)]
    if _is_first(screen):
        parts += _opening(lesson)
    parts += [b.header(card.title), *_body(card)]
    if card.figure and screen.figure_file_id:
        parts.append(b.picture(screen.figure_file_id, card.figure.alt_text))
    elif card.figure:
        parts.append(b.context(f"_Figure, in words:_ {mrkdwn(card.figure.alt_text)}"))
    if screen.facts:
        parts.append(b.context(escape(sources_line(screen.facts))))
    parts += lesson_rows(screen)
    return Message(text=_in_words(screen, place), blocks=parts)


def _place(screen: LessonScreen) -> str:
    core = screen.lesson.core_cards
    ids_in_order = [card.id for card in core]
    where = (
        f"card {ids_in_order.index(screen.card.id) + 1} of {len(core)}"
        if screen.card.id in ids_in_order
        else "an extra card"
    )
    return f"{where} · stop {screen.stop} of {screen.num_stops}"


def _is_first(screen: LessonScreen) -> bool:
    return screen.card.id == screen.lesson.core_cards[0].id


def _opening(lesson: Lesson) -> list[b.BlockJson]:
    """Return what the lesson is about, how long it takes, and what one can do afterwards."""
    lines = [f"_{mrkdwn(lesson.tagline)}_", f"{_length(lesson)} Afterwards you can:"]
    lines += [f"• {mrkdwn(objective)}" for objective in lesson.objectives]
    return [*b.sections("\n".join(lines)), b.divider()]


def _opening_words(lesson: Lesson) -> str:
    return f"{plain(lesson.tagline)} {_length(lesson)} Afterwards you can: {'; '.join(map(plain, lesson.objectives))}."


def _length(lesson: Lesson) -> str:
    cards, minutes = count(len(lesson.core_cards), "card"), count(reading_time_min(lesson), "minute")
    return f"{cards}, about {minutes}."


def _body(card: Card) -> list[b.BlockJson]:
    parts = b.sections(mrkdwn(card.body)) if card.body.strip() else []
    if card.definitions:
        parts += b.sections("\n\n".join(f"*{mrkdwn(d.term)}*\n{mrkdwn(d.meaning)}" for d in card.definitions))
    if card.stages:
        numbered = (f"{_mark(i)} *{mrkdwn(s.term)}*\n{mrkdwn(s.meaning)}" for i, s in enumerate(card.stages))
        parts += b.sections("\n\n".join(numbered))
    if card.stats:
        parts += b.sections("\n".join(f"*{mrkdwn(s.value)}*  {mrkdwn(s.label)}" for s in card.stats))
    if card.callout:
        quoted = mrkdwn(card.callout.body).replace("\n", "\n>")
        parts += b.sections(f">*{mrkdwn(card.callout.title)}*\n>{quoted}")
    return parts


def _mark(index: int) -> str:
    return _NUMBER_MARKS[index] if index < len(_NUMBER_MARKS) else f"{index + 1}."


def _in_words(screen: LessonScreen, place: str) -> str:
    lesson, card = screen.lesson, screen.card
    said = [f"Lesson {lesson.number}, {lesson.title} ({place})."]
    if _is_first(screen):
        said.append(_opening_words(lesson))
    said += [f"{card.title}.", plain(card.body)]
    said += [f"{d.term}: {plain(d.meaning)}" for d in card.definitions]
    said += [f"{number}. {s.term}: {plain(s.meaning)}" for number, s in enumerate(card.stages, 1)]
    said += [f"{s.value}: {s.label}" for s in card.stats]
    if card.callout:
        said.append(f"{card.callout.title}: {plain(card.callout.body)}")
    if card.figure:
        said.append(f"Figure: {card.figure.alt_text}")
    if screen.facts:
        said.append(sources_line(screen.facts))
    return shorten("\n".join(part for part in said if part), 3900)


def build_more_message(lesson: Lesson, back_to: str) -> Message:
    """Return the list of a lesson's optional cards."""
    more = [card for card in lesson.cards if card.kind == "more"]
    rows = [
        b.actions([more_button(lesson, card, number, card.title)]) for number, card in enumerate(more[:20])
    ]
    label = f"Back to lesson {lesson.number}, where you were"
    back = b.actions(
        [b.button("Back to the lesson", ids.LESSON_TURN + ".back", f"{lesson.id}|{back_to}", label=label)]
    )
    titles = "; ".join(card.title for card in more)
    return Message(
        text=f"Lesson {lesson.number}: extra cards. {titles}",
        blocks=[
            b.header(f"Lesson {lesson.number}: more, if you like"),
            b.section("None of these is needed for the quiz or the lab."),
            *rows,
            back,
        ],
    )
