"""One lesson card as a message."""

from bot import ids
from bot.messenger import Message
from bot.screens import LessonScreen
from bot.views import blocks as b
from bot.views.text import mrkdwn, plain, shorten
from course.model import Card, Lesson

_NUMBER_MARKS = "①②③④⑤⑥⑦⑧⑨"
#: After these, hearing it for oneself says more than another card.
PRACTICE_CARDS = frozenset({"l2-der-sum", "l3-one-line"})


def build_lesson_message(screen: LessonScreen) -> Message:
    """Return the card with the buttons to turn it."""
    lesson, card = screen.lesson, screen.card
    place = _place(screen)
    parts = [
        b.context(f"*Lesson {lesson.number} · {mrkdwn(lesson.title)}*", place),
        b.header(card.title),
        *_body(card),
    ]
    if card.figure and screen.figure_file_id:
        parts.append(b.picture(screen.figure_file_id, card.figure.alt_text))
    elif card.figure:
        parts.append(b.context(f"_Figure, in words:_ {mrkdwn(card.figure.alt_text)}"))
    parts.append(_buttons(screen))
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


def practice_button() -> b.Button:
    """Return the button that sends a clip to be labelled oneself."""
    return b.button(
        "Try it on a clip", ids.PRACTICE_START, label="Label a short clip of ours yourself and see your score"
    )


def _buttons(screen: LessonScreen) -> b.BlockJson:
    lesson = screen.lesson
    row = []
    if screen.previous_card_id:
        back = f"{lesson.id}|{screen.previous_card_id}"
        row.append(b.button("Back", ids.LESSON_TURN + ".back", back, label="Back to the card before"))
    if screen.next_card_id:
        onward = f"{lesson.id}|{screen.next_card_id}"
        row.append(b.button("Next", ids.LESSON_TURN + ".next", onward, style="primary", label="Next card"))
    else:
        row.append(
            b.button(
                "Take the quiz",
                ids.LESSON_FINISH,
                f"{lesson.id}|{screen.card.id}",
                style="primary",
                label=f"Finish lesson {lesson.number} and take its quiz",
            )
        )
    if screen.card.id in PRACTICE_CARDS:
        row.append(practice_button())
    if any(card.kind == "more" for card in lesson.cards):
        label = f"Extra cards of lesson {lesson.number}"
        row.append(b.button("More on this", ids.LESSON_MORE, f"{lesson.id}|{screen.card.id}", label=label))
    return b.actions(row)


def _in_words(screen: LessonScreen, place: str) -> str:
    card = screen.card
    said = [
        f"Lesson {screen.lesson.number}, {screen.lesson.title} ({place}). {card.title}.",
        plain(card.body),
    ]
    said += [f"{d.term}: {plain(d.meaning)}" for d in (*card.definitions, *card.stages)]
    said += [f"{s.value}: {s.label}" for s in card.stats]
    if card.callout:
        said.append(f"{card.callout.title}: {plain(card.callout.body)}")
    if card.figure:
        said.append(f"Figure: {card.figure.alt_text}")
    return shorten("\n".join(part for part in said if part), 3900)


def build_more_message(lesson: Lesson, back_to: str) -> Message:
    """Return the list of a lesson's optional cards."""
    more = [card for card in lesson.cards if card.kind == "more"]
    rows = [
        b.actions([b.button(card.title, f"{ids.LESSON_TURN}.more.{i}", f"{lesson.id}|{card.id}")])
        for i, card in enumerate(more[:20])
    ]
    back = b.actions([b.button("Back to the lesson", ids.LESSON_TURN + ".back", f"{lesson.id}|{back_to}")])
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
