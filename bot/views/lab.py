"""A lab: what it is, who reads along, and the conversation in its thread."""

from collections.abc import Sequence

from bot import ids
from bot.messenger import Message
from bot.screens import LabScreen
from bot.views import blocks as b
from bot.views.course_buttons import continue_button
from bot.views.text import escape, mrkdwn, plain, shorten, tame
from course.model import Card, Lab, Lesson

#: Who wrote a reply, as learners and exports call them.
AUTHORS = {
    "anthropic": "an AI model",
    "scripted": "our scripted guide",
    "both": "an AI model, then our scripted guide",
}


def build_lab_message(screen: LabScreen) -> Message:
    """Return the opening message; the conversation happens in its thread."""
    lab = screen.lab
    openers = [
        b.button(opener, f"{ids.LAB_OPENER_PREFIX}{n}", f"{screen.session_id}|{n}", label=f"Say: {opener}")
        for n, opener in enumerate(lab.openers)
    ]
    first = lab.opening or (lab.topics[0].question if lab.topics else "")
    parts = [
        b.context(f"*Lab {screen.lesson.number}* · {lab.exchanges_needed} exchanges complete it"),
        b.header(lab.title),
        *b.sections(mrkdwn(lab.scenario)),
        *b.sections(f"*Your mission.* {mrkdwn(lab.mission)}"),
        b.divider(),
        *b.sections(f"*Before you begin.* {mrkdwn(screen.notice)}"),
        b.divider(),
        *b.sections(f"*{mrkdwn(lab.persona.name)}*, {mrkdwn(lab.persona.role)}:\n{mrkdwn(first)}"),
        b.context("Answer in this message's thread, in your own words, or start with one of these:"),
        *[b.actions([one]) for one in openers],
    ]
    row = [
        b.button(
            "Show my debrief",
            ids.LAB_DEBRIEF,
            screen.session_id,
            label="Show what our conversation has explored so far",
        )
    ]
    if screen.has_model:
        row.append(_other_tutor(screen))
    parts.append(b.actions(row))
    said = f"Lab {screen.lesson.number}: {lab.title}. {plain(lab.scenario)} Your mission: {plain(lab.mission)} {plain(screen.notice)} {lab.persona.name}: {plain(first)} Answer in this message's thread."
    return Message(text=shorten(said, 3900), blocks=parts)


def _other_tutor(screen: LabScreen) -> b.Button:
    if screen.uses_model:
        label = "Use the scripted guide instead of an AI model"
        return b.button("Use the offline guide", ids.LAB_USE_GUIDE, screen.session_id, label=label)
    label = "Use the AI model instead of the scripted guide"
    return b.button("Use the AI model", ids.LAB_USE_MODEL, screen.session_id, label=label)


def build_invitation_message(lab: Lab, lesson: Lesson, link: str | None) -> Message:
    """Return the way into a lab, or back into its thread."""
    said = f"Next: lab {lesson.number}, {lab.title}. {plain(lab.mission)}"
    parts = [
        b.header(f"Next: lab {lesson.number}"),
        b.section(f"*{mrkdwn(lab.title)}*\n{mrkdwn(lab.mission)}"),
    ]
    if link:
        parts.append(b.section(f"You have begun: <{link}|go back to the conversation>, or start afresh."))
        said += f" You have begun; the conversation is at {link}."
    text = "Start afresh" if link else "Open the lab"
    label = f"{text}: lab {lesson.number}, {lab.title}"
    opening = b.button(text, ids.LAB_OPEN, lab.id, style="primary", label=label)
    parts.append(b.actions([opening]))
    return Message(text=said, blocks=parts)


def build_said_message(user_id: str, opener: str) -> Message:
    """Return the learner's chosen opener, as it stands in the thread."""
    return Message(text=opener, blocks=[b.section(f"<@{user_id}>: “{escape(opener)}”")])


def build_waiting_message(persona_name: str) -> Message:
    """Return what stands where the reply will be."""
    text = f"{persona_name} is thinking …"
    return Message(text=text, blocks=[b.context(escape(text))])


def build_unfinished_message(reply: str) -> Message:
    """Return a reply that is still being written; tamed already."""
    text = shorten(reply, 11500)
    return Message(text=shorten(plain(text), 3900), blocks=[{"type": "markdown", "text": f"{text} …"}])


def build_reply_message(
    reply: str,
    *,
    footer: str | None = None,
    done_session_id: str | None = None,
    author: str | None = None,
    cards: Sequence[tuple[Lesson, Card]] = (),
) -> Message:
    """Return the persona's finished reply: who wrote it, the learner's progress, and the cards it names."""
    text = tame(reply)
    parts = [{"type": "markdown", "text": shorten(text, 11500)}]
    under = " · ".join(
        part for part in (f"Written by {AUTHORS[author]}" if author in AUTHORS else None, footer) if part
    )
    if under:
        parts.append(b.context(escape(under)))
    if cards:
        parts.append(b.actions([_read_button(number, *pair) for number, pair in enumerate(cards)]))
    if done_session_id:
        row = [
            b.button(
                "Show my debrief",
                ids.LAB_DEBRIEF,
                done_session_id,
                style="primary",
                label="Show my debrief: what our conversation has explored",
            ),
            continue_button("Go on with the course", style=None),
        ]
        parts.append(b.actions(row))
    return Message(text=shorten(plain(text) + (f"\n{under}" if under else ""), 3900), blocks=parts)


def _read_button(number: int, lesson: Lesson, card: Card) -> b.Button:
    return b.button(
        f"Read: {card.title}",
        f"{ids.LESSON_READ}.lab.{number}",
        f"{lesson.id}|{card.id}",
        label=f"Read: {card.title}, lesson {lesson.number}",
    )
