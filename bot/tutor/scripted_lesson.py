"""How the scripted guide speaks from the lesson: picks up words, says facts, names cards, asks the next question."""

from collections.abc import Sequence

from bot.tutor import phrases
from bot.tutor.passages import Passage
from bot.tutor.protocol import Conversation
from bot.tutor.rubric import explored_topics, touched_topics, used_words
from bot.tutor.scripted_facts import LessonFacts, is_unconfirmed
from bot.tutor.thread import Thread
from bot.tutor.words import content_stems, sentences
from course.model import Card, Topic, Trap

#: Facts in one reply: an answer needs support, a remark only one thing to think about.
_FACTS_PER_ANSWER = 2
_FACTS_PER_REMARK = 1
#: A remark without the topic's words is an answer when it shares this many stems with the question or what is sound;
#: a short one, when it shares one.
_MIN_SHARED = 2
_SHORT_ANSWER = 3


class LessonVoice:
    """The lesson, as one reply may use it."""

    def __init__(self, conversation: Conversation, thread: Thread, facts: LessonFacts) -> None:
        self._conversation = conversation
        self._lab = conversation.lab
        self._thread = thread
        self._facts = facts

    def teach(self, text: str) -> list[str]:
        """Answer a question, or take up a remark."""
        if phrases.is_question(text):
            return self._answer(text)
        return self._take_up(text)

    def _answer(self, text: str) -> list[str]:
        touched = touched_topics(self._lab, text)
        found = self._facts.to_answer(text, touched)
        fresh = self._facts.fresh(found)[:_FACTS_PER_ANSWER]
        if fresh:
            said = " ".join(phrases.statement(passage) for passage in fresh)
            return [said, self._card_for(fresh, touched), self.question()]
        if found and is_unconfirmed(found[0]):
            said = phrases.UNCONFIRMED
        elif sound := self._unsaid_sound_answer(touched):
            said = phrases.sound(sound, self._thread.number)
        elif touched or self._facts.sayable(found):
            said = phrases.SAID_BEFORE
        else:
            said = phrases.pick(phrases.DO_NOT_KNOW, self._thread.number)
        return [said, self._card_for(found, touched), self.question()]

    def _take_up(self, text: str) -> list[str]:
        """Compare an answer with a sound one; give any other remark one thing to think about."""
        asked, explored = self._thread.asked, explored_topics(self._lab, text, self._thread.asked)
        touched = explored or touched_topics(self._lab, text)
        if quoted := self._facts.quoted(text):
            return self._put_right(quoted)
        if asked and not touched and not self._is_answer(text, asked):
            return self._ask_again(text, asked)
        if not touched and (trap := self.last_trap()):
            return self._take_revision(trap)
        topic = self._topic_of(text, touched) or asked
        parts = [self._acknowledge(text, topic) if topic else ""]
        if topic and topic.sound_answer and not self._thread.has_said(topic.sound_answer):
            say = phrases.set_against if phrases.denies(text) else phrases.sound
            sound = say(topic.sound_answer, self._thread.number)
            return [*parts, sound, self.pointer_to(topic.card_id), self.question()]
        found = self._facts.to_remark(text, topic)[:_FACTS_PER_REMARK]
        if not found:
            return [*parts, self.pointer_to(topic.card_id) if topic else "", self.question()]
        said = " ".join(phrases.statement(passage) for passage in found)
        return [*parts, said, self._card_for(found, touched), self.question()]

    def _put_right(self, quoted: Passage) -> list[str]:
        """Put right, or leave open, a figure that the learner quotes from the original module."""
        said = phrases.UNCONFIRMED if is_unconfirmed(quoted) else phrases.statement(quoted)
        return [said, self._card_for([quoted], ()), self.question()]

    def _take_revision(self, trap: Trap) -> list[str]:
        """Take what is said after an objection as the learner's last word on it."""
        fact = self._facts.said(trap.fact_ids, limit=1)
        wordings = phrases.ADDED if fact else phrases.ACCEPTED
        return [f"{phrases.pick(wordings, self._thread.number)} {fact}".strip(), self.question()]

    def _topic_of(self, text: str, touched: Sequence[Topic]) -> Topic | None:
        """Choose the topic that a remark says most about; of equals, the one that was asked."""
        asked = self._thread.asked
        return max(touched, key=lambda topic: (len(used_words(topic, text)), topic == asked), default=None)

    def _is_answer(self, text: str, asked: Topic) -> bool:
        """Tell whether a remark without the topic's words speaks of what was asked nonetheless."""
        expected = (
            f"{asked.question} {asked.hint} {asked.sound_answer} {self._facts.words_of(asked.fact_ids)}"
        )
        said = set(content_stems(text)) - set(content_stems(self._lab.scenario))
        shared = said & set(content_stems(expected))
        return len(shared) >= _MIN_SHARED or (bool(shared) and len(said) <= _SHORT_ANSWER)

    def _ask_again(self, text: str, asked: Topic) -> list[str]:
        """Say what the lesson has on a remark that answers nothing that was asked, and come back to the question."""
        if self._thread.is_first:
            return [phrases.NOTED, self.question()]
        found = self._facts.to_remark(text, None)[:_FACTS_PER_REMARK]
        if not found:
            lead = phrases.pick(phrases.NOT_AN_ANSWER, self._thread.number).format(title=asked.title)
            if not asked.hint or self._thread.has_said(asked.hint):
                return [lead, self.question()]
            return [lead, phrases.WAY_IN.format(hint=asked.hint), self.question(again=True)]
        said = " ".join(phrases.statement(passage) for passage in found)
        return [said, self._card_for(found, ()), self.question(again=True)]

    def teach_law(self, text: str) -> list[str]:
        """Say what the course has on the law, each with its date, and no verdict."""
        laws = self._facts.laws(text)[:_FACTS_PER_ANSWER]
        if not laws:
            first = self._facts.first_law()
            return [phrases.NO_LAW, self._card_for([first], ()) if first else "", self.question()]
        said = " ".join(phrases.statement(passage) for passage in laws)
        return [said, self._card_for(laws, ()), self.question()]

    def next_topic(self) -> Topic | None:
        """Choose the topic to ask about: one the learner has not gone into and was not just asked about."""
        asked = self._thread.asked
        others = [topic for topic in self._thread.open_topics if asked is None or topic.id != asked.id]
        return next(iter(others or self._thread.open_topics), None)

    def question(self, *, again: bool = False) -> str:
        """Ask about the next topic; `again` keeps to what was asked last."""
        if again and (trap := self.last_trap()) and (asked := _last_question(trap.reply)):
            return f"{phrases.pick(phrases.BACK_TO, self._thread.number)} {asked}"
        topic = self._thread.asked if again and self._thread.asked else self.next_topic()
        if topic is None:
            return phrases.pick(phrases.ALL_EXPLORED, self._thread.number)
        is_repeated = self._thread.has_said(topic.question)
        lead = phrases.pick(phrases.BACK_TO if is_repeated else phrases.NEXT, self._thread.number)
        return f"{lead} {topic.question}".strip()

    def last_trap(self) -> Trap | None:
        """Return the mistake that the last reply answered."""
        return next((trap for trap in self._lab.traps if trap.reply in self._thread.last_reply), None)

    def pointer_to(self, card_id: str) -> str:
        """Name a card of this lesson to read."""
        card: Card | None = self._conversation.lesson.card(card_id)
        return phrases.pointer(card) if card else ""

    def _acknowledge(self, text: str, topic: Topic) -> str:
        words = used_words(topic, text)
        if self._thread.is_first and topic == self._thread.asked:
            return phrases.NOTED
        return (
            phrases.acknowledgement(words, topic.title, self._thread.number)
            if words
            else phrases.answered(topic.title)
        )

    def _unsaid_sound_answer(self, touched: Sequence[Topic]) -> str:
        sounds = (topic.sound_answer for topic in touched)
        return next((each for each in sounds if each and not self._thread.has_said(each)), "")

    def _card_for(self, passages: Sequence[Passage], touched: Sequence[Topic]) -> str:
        if passages and not (is_unconfirmed(passages[0]) and touched):
            first = passages[0]
            return phrases.pointer(
                first.card, None if first.lesson.id == self._conversation.lesson.id else first.lesson
            )
        return self.pointer_to(touched[0].card_id) if touched else ""


def _last_question(reply: str) -> str:
    last = sentences(reply.strip())[-1].strip()
    return last if last.endswith("?") else ""
