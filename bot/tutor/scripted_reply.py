"""One reply of the scripted guide: what kind of message it answers, and what is said to that."""

from collections.abc import Sequence

from bot.tutor import phrases
from bot.tutor.passages import PassageIndex
from bot.tutor.protocol import Conversation
from bot.tutor.rubric import touched_topics
from bot.tutor.scripted_asides import Asides
from bot.tutor.scripted_facts import LessonFacts
from bot.tutor.scripted_lesson import LessonVoice
from bot.tutor.sensitive import Concern, concern_in, has_personal_detail
from bot.tutor.thread import read_thread
from bot.tutor.wishes import is_at_a_loss, leaves_it_to_us, wish_in
from bot.tutor.words import content_stems
from course.model import Trap
from course.traps import met_traps, stances, weighed_traps

#: A message whose words the module hardly knows, and which is long enough to judge, is about something else.
_MIN_KNOWN_SHARE = 0.25
_MIN_WORDS_TO_JUDGE = 4
_MAX_TRAPS_ANSWERED = 2
#: What is declined before anything else in the message is answered.
_DECLINED_FIRST = frozenset({"abuse", "injection", "grading", "private_person", "other_language"})


class Reply:
    """One reply in the making."""

    def __init__(self, conversation: Conversation, index: PassageIndex) -> None:
        self._lab = conversation.lab
        self._thread = read_thread(conversation)
        self._index = index
        self._facts = LessonFacts(conversation, self._thread, index)
        self._voice = LessonVoice(conversation, self._thread, self._facts)
        self._asides = Asides(conversation, self._thread, self._facts, self._voice)

    def paragraphs(self) -> list[str]:
        """Return the reply's paragraphs; empty ones are left out by whoever joins them."""
        text = self._thread.message
        concern = concern_in(text)
        if concern == "distress":
            return [phrases.DISTRESS]  # nothing else belongs beside it
        parts = [] if self._thread.replies else [phrases.introduction(self._lab.persona)]
        if has_personal_detail(text):
            parts.append(phrases.PERSONAL_DETAIL)
        return [*parts, *self._body(text, concern)]

    def _body(self, text: str, concern: Concern | None) -> list[str]:
        if not any(char.isalnum() for char in text) and not is_at_a_loss(text):
            return [phrases.NO_WORDS, self._voice.question()]
        traps = met_traps(self._lab, text)
        if concern in _DECLINED_FIRST:
            return [phrases.DECLINED[concern], *(self._push_back(traps) or self._lead_back(concern))]
        if wish := wish_in(text):
            return self._asides.grant(wish)
        return self._push_back(traps) or self._weigh(text) or self._answer(text, concern)

    def _answer(self, text: str, concern: Concern | None) -> list[str]:
        if concern == "legal_advice":
            return [phrases.DECLINED[concern], *self._voice.teach_law(text)]
        if is_at_a_loss(text):
            return self._asides.hint(wants_answer=leaves_it_to_us(text))
        if self._is_off_topic(text, concern):
            return [phrases.pick(phrases.OFF_TOPIC, self._thread.number), self._voice.question()]
        if not content_stems(text) and self._thread.is_first:
            return [phrases.GREETING, self._voice.question(again=True)]
        if not content_stems(text):
            return [phrases.pick(phrases.SAY_MORE, self._thread.number), self._voice.question(again=True)]
        return self._voice.teach(text)

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
        # New mistakes first: one that was answered before may wait.
        ordered = sorted(traps, key=lambda trap: trap.id in self._thread.met_trap_ids)
        parts = []
        for trap in ordered[:_MAX_TRAPS_ANSWERED]:
            again = trap.id in self._thread.met_trap_ids
            lead = phrases.TRAP_AGAIN if again else phrases.pick(phrases.TRAP, self._thread.number)
            parts.append(f"{lead} {trap.reply}")
        parts.append(self._voice.pointer_to(ordered[0].card_id))
        asks_already = any(trap.reply.rstrip().endswith("?") for trap in ordered[:_MAX_TRAPS_ANSWERED])
        return parts if asks_already else [*parts, phrases.pick(phrases.REVISE, self._thread.number)]

    def _weigh(self, text: str) -> list[str]:
        """Answer somebody who asks about a mistake, or doubts it, before they make it."""
        traps = [trap for trap in weighed_traps(self._lab, text) if not self._thread.has_said(trap.reply)]
        if not traps:
            return []
        trap = traps[0]
        if "asks" in stances(trap, text):
            lead = phrases.pick(phrases.ASKED_TRAP, self._thread.number)
            asks_already = trap.reply.rstrip().endswith("?")
            asks_on = "" if asks_already else phrases.pick(phrases.REVISE, self._thread.number)
            return [f"{lead} {trap.reply}", self._voice.pointer_to(trap.card_id), asks_on]
        because = self._facts.said(trap.fact_ids, limit=1)
        said = f"{phrases.pick(phrases.DOUBTED_TRAP, self._thread.number)} {because}".strip()
        return [said, self._voice.pointer_to(trap.card_id), self._voice.question()]

    def _lead_back(self, concern: Concern) -> list[str]:
        topic = self._voice.next_topic()
        pointer = self._voice.pointer_to(topic.card_id) if concern == "other_language" and topic else ""
        return [pointer, self._voice.question()]
