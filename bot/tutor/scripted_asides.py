"""What the scripted guide says about the conversation itself: who it is, where we are, why, an example, a hint."""

from collections.abc import Callable

from bot.tutor import phrases
from bot.tutor.debrief import debrief
from bot.tutor.protocol import Conversation
from bot.tutor.scripted_facts import LessonFacts
from bot.tutor.scripted_lesson import LessonVoice
from bot.tutor.thread import Thread
from bot.tutor.wishes import Wish
from bot.tutor.words import content_stems
from course.model import Card, Fact, Topic, Trap

_MAX_SUMMARY_QUOTE = 90
_MAX_REASONS = 2


class Asides:
    """Answers to wishes."""

    def __init__(
        self, conversation: Conversation, thread: Thread, facts: LessonFacts, voice: LessonVoice
    ) -> None:
        self._conversation = conversation
        self._lab = conversation.lab
        self._facts = {fact.id: fact for fact in conversation.module.facts}
        self._thread = thread
        self._voice = voice
        self._lesson_facts = facts

    def grant(self, wish: Wish) -> list[str]:
        """Return the paragraphs that answer a wish."""
        answers: dict[Wish, Callable[[], list[str]]] = {
            "who": self._who,
            "summary": self._summary,
            "next": self._next,
            "example": self._example,
            "why": self._why,
            "more": self._more,
            "object": self._defend,
            "weary": lambda: [phrases.WEARY, self._voice.question()],
        }
        return answers[wish]()

    def hint(self, *, wants_answer: bool = False) -> list[str]:
        """Help with what was asked: a hint, then what a sound answer would be and on to another topic."""
        topic = self._thread.asked or self._voice.next_topic()
        if topic is None:
            return [self._voice.question()]
        hint = topic.hint or self._lesson_facts.said(topic.fact_ids, limit=1)
        if hint and not wants_answer and not self._thread.has_said(hint):
            return [
                f"{phrases.HINT} {hint}",
                self._voice.pointer_to(topic.card_id),
                self._voice.question(again=True),
            ]
        if topic.sound_answer and not self._thread.has_said(topic.sound_answer):
            return [
                f"{phrases.LET_ME} {phrases.sound(topic.sound_answer, self._thread.number)}",
                self._voice.pointer_to(topic.card_id),
                self._voice.question(),
            ]
        return [phrases.LEAVE_IT, self._voice.pointer_to(topic.card_id), self._voice.question()]

    def _who(self) -> list[str]:
        said = "" if self._thread.is_first else phrases.introduction(self._lab.persona)
        return [said, phrases.WHO_READS, self._voice.question(again=True)]

    def _summary(self) -> list[str]:
        notes = debrief(self._lab, self._conversation.turns)
        if not notes.explored:
            return [phrases.NOTHING_YET, self._voice.question(again=True)]
        lines = [
            f"- **{note.title}**: {phrases.quoted(note.quote or '', _MAX_SUMMARY_QUOTE)}"
            for note in notes.explored
        ]
        missed = "; ".join(note.title for note in notes.missed)
        still = phrases.STILL_OPEN.format(titles=missed) if missed else ""
        return ["\n".join([phrases.SO_FAR, *lines]), still, self._voice.question(again=not notes.explored)]

    def _next(self) -> list[str]:
        topic = self._voice.next_topic()
        if topic is None:
            return [phrases.DEBRIEF_IS_THERE, self._voice.question()]
        hint = "" if self._thread.has_said(topic.hint) else topic.hint
        return [phrases.NEXT_TOPIC.format(title=topic.title), hint, self._voice.question()]

    def _example(self) -> list[str]:
        topic = self._thread.asked or self._last_topic() or self._voice.next_topic()
        if topic is None or not topic.sound_answer:
            return [phrases.NO_EXAMPLE, self._voice.question(again=True)]
        if self._thread.has_said(topic.sound_answer):
            fact = self._lesson_facts.said(topic.fact_ids, limit=1)
            return [
                phrases.EXAMPLE_GIVEN,
                fact,
                self._voice.pointer_to(topic.card_id),
                self._voice.question(),
            ]
        return [
            phrases.sound(topic.sound_answer, self._thread.number),
            self._voice.pointer_to(topic.card_id),
            phrases.pick(phrases.YOUR_CASE, self._thread.number),
        ]

    def _why(self) -> list[str]:
        trap, fact = self._voice.last_trap(), self._last_fact()
        if trap:
            return self._reasons(trap.fact_ids, trap.card_id, self._revise())
        if fact:
            return [phrases.source(fact), self._voice.question(again=True)]
        topic, card = self._last_topic(), self._last_card()
        if topic:
            return self._reasons(topic.fact_ids, topic.card_id, self._voice.question(again=True))
        said = phrases.MY_CARD.format(title=card.title) if card else phrases.NOTHING_CLAIMED
        return [said, self._voice.question(again=True)]

    def _reasons(self, fact_ids: tuple[str, ...], card_id: str, asks: str) -> list[str]:
        facts = self._lesson_facts.unsaid(fact_ids)[:_MAX_REASONS]
        if not facts:
            known = [self._facts[fact_id] for fact_id in fact_ids if fact_id in self._facts]
            said = f"{phrases.REASON_SAID} {phrases.sources(known[:1])}"
        else:
            because = " ".join(phrases.fact_statement(fact) for fact in facts)
            said = f"{phrases.BECAUSE} {because} {phrases.sources(facts)}"
        return [said, self._voice.pointer_to(card_id), asks]

    def _defend(self) -> list[str]:
        """Give the reasons for what is disputed, and leave the decision to the learner."""
        if trap := self._disputed():
            said, *rest = self._reasons(trap.fact_ids, trap.card_id, self._revise())
        elif self._last_topic() or self._last_fact():
            said, *rest = self._why()
        else:
            return [phrases.NOTHING_TO_DEFEND, self._voice.question(again=True)]
        return [f"{phrases.DISAGREE} {said}", *rest]

    def _disputed(self) -> Trap | None:
        """Return the objection that the learner does not accept: the one they name, or the last reply's."""
        said = set(content_stems(self._thread.message))
        named = [
            trap
            for trap in self._lab.traps
            if self._thread.has_said(trap.reply) and said & set(content_stems(trap.claim))
        ]
        return named[-1] if named else self._voice.last_trap()

    def _more(self) -> list[str]:
        trap, topic = self._voice.last_trap(), self._last_topic() or self._thread.asked
        fact_ids = trap.fact_ids if trap else topic.fact_ids if topic else ()
        card_id = trap.card_id if trap else topic.card_id if topic else ""
        said = self._lesson_facts.said(fact_ids, limit=2)
        if not said and topic and topic.hint and not self._thread.has_said(topic.hint):
            said = topic.hint
        asks = self._revise() if trap else self._voice.question(again=True)
        return [said or phrases.ALL_SAID, self._voice.pointer_to(card_id), asks]

    def _revise(self) -> str:
        return phrases.pick(phrases.REVISE, self._thread.number)

    def _last_topic(self) -> Topic | None:
        """The topic that the last reply said something about, rather than only asked about."""
        said = self._thread.last_reply
        return next(
            (topic for topic in self._lab.topics if topic.sound_answer and topic.sound_answer in said), None
        ) or next((topic for topic in self._lab.topics if f"**{topic.title}**" in said), None)

    def _last_fact(self) -> Fact | None:
        said = self._thread.last_reply
        return next(
            (
                fact
                for fact in self._facts.values()
                if fact.status != "as_told" and fact.statement.rstrip(".") in said
            ),
            None,
        )

    def _last_card(self) -> Card | None:
        cards = (card for lesson in self._conversation.module.lessons for card in lesson.cards)
        return next((card for card in cards if phrases.names_card(self._thread.last_reply, card)), None)
