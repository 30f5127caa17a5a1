"""The lab persona without a model: a small guide that answers from the lesson's own facts."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from bot.tutor import phrases
from bot.tutor.passages import Passage, PassageIndex
from bot.tutor.protocol import Conversation
from bot.tutor.rubric import met_traps, touched_topics, used_words
from bot.tutor.sensitive import Concern, concern_in, has_personal_detail
from bot.tutor.thread import Thread, read_thread
from bot.tutor.words import content_stems, sentences
from course.model import Card, Module, Topic, Trap

#: Facts in one reply: an answer needs support, a remark only one thing to think about.
_FACTS_PER_ANSWER = 2
_FACTS_PER_REMARK = 1
#: A message whose words the module hardly knows, and which is long enough to judge, is about something else.
_MIN_KNOWN_SHARE = 0.25
_MIN_WORDS_TO_JUDGE = 4
_MAX_TRAPS_ANSWERED = 2
#: Versions of the course in use at once; more than a few are old ones.
_MAX_INDEXES = 4
#: What is declined before anything else in the message is answered.
_DECLINED_FIRST = frozenset({"abuse", "injection", "grading", "private_person", "other_language"})


class ScriptedTutor:
    """Plays a persona from the lesson alone; the same conversation always gets the same reply."""

    kind: Literal["scripted"] = "scripted"

    def __init__(self) -> None:
        # An index is the same for everybody and takes longer to make than a reply.
        self._indexes: dict[str, PassageIndex] = {}

    def reply(self, conversation: Conversation) -> Iterator[str]:
        """Yield the reply sentence by sentence."""
        paragraphs = _Reply(conversation, self._index(conversation.module)).paragraphs()
        yield from sentences("\n\n".join(paragraph for paragraph in paragraphs if paragraph))

    def _index(self, module: Module) -> PassageIndex:
        index = self._indexes.get(module.version) or PassageIndex(module)
        if module.version:  # without one, two modules could not be told apart
            if len(self._indexes) >= _MAX_INDEXES:
                self._indexes.clear()
            self._indexes[module.version] = index
        return index


class _Reply:
    """One reply in the making."""

    def __init__(self, conversation: Conversation, index: PassageIndex) -> None:
        self._conversation = conversation
        self._lab = conversation.lab
        self._thread: Thread = read_thread(conversation)
        self._index = index

    def paragraphs(self) -> list[str]:
        text = self._thread.message
        concern = concern_in(text)
        if concern == "distress":
            return [phrases.DISTRESS]  # nothing else belongs beside it
        parts = [] if self._thread.replies else [phrases.introduction(self._lab.persona)]
        if has_personal_detail(text):
            parts.append(phrases.PERSONAL_DETAIL)
        return [*parts, *self._body(text, concern)]

    def _body(self, text: str, concern: Concern | None) -> list[str]:
        if not any(char.isalnum() for char in text):
            return [phrases.NO_WORDS, self._question()]
        traps = met_traps(self._lab, text)
        if concern in _DECLINED_FIRST:
            return [phrases.DECLINED[concern], *(self._push_back(traps) or self._lead_back(concern))]
        if traps:
            return self._push_back(traps)
        return self._answer(text, concern)

    def _answer(self, text: str, concern: Concern | None) -> list[str]:
        if concern == "legal_advice":
            return [phrases.DECLINED[concern], *self._teach_law(text)]
        if self._is_off_topic(text, concern):
            return [phrases.pick(phrases.OFF_TOPIC, self._thread.number), self._question()]
        if not content_stems(text):
            return self._prompt_for_more(text)
        return self._teach(text, is_question=phrases.is_question(text))

    def _is_off_topic(self, text: str, concern: Concern | None) -> bool:
        if touched_topics(self._lab, text):
            return False
        if concern == "off_topic":
            return True
        is_long_enough = len(set(content_stems(text))) >= _MIN_WORDS_TO_JUDGE
        return is_long_enough and self._index.knows(text) < _MIN_KNOWN_SHARE

    def _push_back(self, traps: Sequence[Trap]) -> list[str]:
        """Answer mistakes, and ask for a revised choice instead of going on."""
        if not traps:
            return []
        parts = []
        # New mistakes first: one that was answered before may wait.
        ordered = sorted(traps, key=lambda trap: trap.id in self._thread.met_trap_ids)
        for trap in ordered[:_MAX_TRAPS_ANSWERED]:
            again = trap.id in self._thread.met_trap_ids
            lead = phrases.TRAP_AGAIN if again else phrases.pick(phrases.TRAP, self._thread.number)
            parts.append(f"{lead} {trap.reply}")
        parts.append(self._pointer_to(ordered[0].card_id))
        asks_already = any(trap.reply.rstrip().endswith("?") for trap in ordered[:_MAX_TRAPS_ANSWERED])
        return parts if asks_already else [*parts, phrases.pick(phrases.REVISE, self._thread.number)]

    def _teach(self, text: str, *, is_question: bool) -> list[str]:
        touched = touched_topics(self._lab, text)
        found = self._find(text, touched, is_question=is_question)
        sayable = [passage for passage in found if passage.text and not _is_unconfirmed(passage)]
        limit = _FACTS_PER_ANSWER if is_question else _FACTS_PER_REMARK
        fresh = _one_correction(each for each in sayable if not self._thread.has_said(each.text))[:limit]
        parts = [self._acknowledge(text, touched)]
        if fresh:
            parts.append(" ".join(phrases.statement(passage) for passage in fresh))
        elif found and _is_unconfirmed(found[0]):
            parts.append(phrases.UNCONFIRMED)
        elif is_question:
            parts.append(
                phrases.SAID_BEFORE if sayable else phrases.pick(phrases.DO_NOT_KNOW, self._thread.number)
            )
        parts.append(self._card_for(fresh or found, touched))
        return [*parts, self._question()]

    def _find(self, text: str, touched: Sequence[Topic], *, is_question: bool) -> list[Passage]:
        """Search by the learner's words, and add what the lab itself ties to the topics they touch.

        A short answer without any topic's words is read as an answer to what was asked.
        """
        found = self._index.search(text, self._conversation.lesson)
        asked = self._thread.asked
        topics = [asked] if asked and not touched and not is_question else [*touched]
        tied = [self._index.of_fact(fact_id) for topic in topics for fact_id in topic.fact_ids]
        said = set(content_stems(text))
        of_topics = sorted(
            (passage for passage in tied if passage is not None),
            key=lambda passage: -len(said & set(content_stems(passage.text))),
        )
        both = [passage for passage in found if passage in of_topics]
        if is_question:
            return list(dict.fromkeys([*both, *found])) or of_topics
        return list(dict.fromkeys([*both, *of_topics, *found]))

    def _teach_law(self, text: str) -> list[str]:
        """Say what the course has on the law, each with its date, and no verdict."""
        found = self._index.search(text, self._conversation.lesson)
        laws = [
            passage
            for passage in found
            if passage.fact and passage.fact.as_of and not _is_unconfirmed(passage)
        ]
        if not laws:
            first = self._index.first_law()
            return [phrases.NO_LAW, self._card_for([first], ()) if first else "", self._question()]
        said = " ".join(phrases.statement(passage) for passage in laws[:_FACTS_PER_ANSWER])
        return [said, self._card_for(laws, ()), self._question()]

    def _acknowledge(self, text: str, touched: Sequence[Topic]) -> str:
        asked = self._thread.asked
        if not touched:
            return phrases.answered(asked.title) if asked and not phrases.is_question(text) else ""
        topic = max(touched, key=lambda topic: len(used_words(topic, text)))
        return phrases.acknowledgement(used_words(topic, text), topic.title, self._thread.number)

    def _prompt_for_more(self, text: str) -> list[str]:
        """Answer "ok", "hello" and "I don't know": the last gets a hint on what was asked."""
        asked = self._thread.asked
        if asked is None or not phrases.is_at_a_loss(text):
            return [phrases.pick(phrases.SAY_MORE, self._thread.number), self._question()]
        tied = [self._index.of_fact(fact_id) for fact_id in asked.fact_ids]
        hints = [passage for passage in tied if passage and not _is_unconfirmed(passage)]
        hint = phrases.statement(hints[0]) if hints else ""
        return [phrases.HINT, hint, self._pointer_to(asked.card_id), self._question()]

    def _lead_back(self, concern: Concern) -> list[str]:
        topic = self._next_topic()
        pointer = self._pointer_to(topic.card_id) if concern == "other_language" and topic else ""
        return [pointer, self._question()]

    def _next_topic(self) -> Topic | None:
        """Choose the topic to ask about: one the learner has not gone into and was not just asked about."""
        asked = self._thread.asked
        others = [topic for topic in self._thread.open_topics if asked is None or topic.id != asked.id]
        return next(iter(others or self._thread.open_topics), None)

    def _question(self) -> str:
        topic = self._next_topic()
        if topic is None:
            return phrases.pick(phrases.ALL_EXPLORED, self._thread.number)
        is_repeated = self._thread.has_said(topic.question)
        lead = phrases.pick(phrases.BACK_TO if is_repeated else phrases.NEXT, self._thread.number)
        return f"{lead} {topic.question}".strip()

    def _card_for(self, passages: Sequence[Passage], touched: Sequence[Topic]) -> str:
        if passages and not (_is_unconfirmed(passages[0]) and touched):
            first = passages[0]
            return phrases.pointer(
                first.card, None if first.lesson.id == self._conversation.lesson.id else first.lesson
            )
        return self._pointer_to(touched[0].card_id) if touched else ""

    def _pointer_to(self, card_id: str) -> str:
        card: Card | None = self._conversation.lesson.card(card_id)
        return phrases.pointer(card) if card else ""


def _one_correction(passages: Iterable[Passage]) -> list[Passage]:
    """Leave out corrections after the first: two in a row read like a reproach."""
    kept: list[Passage] = []
    for passage in passages:
        if not (_is_correction(passage) and any(_is_correction(each) for each in kept)):
            kept.append(passage)
    return kept


def _is_correction(passage: Passage) -> bool:
    return passage.fact is not None and passage.fact.status == "corrected"


def _is_unconfirmed(passage: Passage) -> bool:
    return passage.fact is not None and passage.fact.status == "as_told"
