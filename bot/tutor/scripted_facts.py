"""What the lesson has on a learner's words, as one reply of the scripted guide may use it."""

import re
from collections.abc import Iterable, Sequence

from bot.tutor.passages import Passage, PassageIndex, quotes_number_of
from bot.tutor.phrases import fact_statement
from bot.tutor.protocol import Conversation
from bot.tutor.thread import Thread
from course.model import Fact, Topic

#: Facts that begin so need the one before them.
_LEANS = re.compile(r"(?:It|Its|They|That pass|The pass|So are|Elsewhere|Both)\b")


class LessonFacts:
    """Passages that fit, without what was said before, what cannot stand alone and what nobody could confirm."""

    def __init__(self, conversation: Conversation, thread: Thread, index: PassageIndex) -> None:
        self._lesson = conversation.lesson
        self._thread = thread
        self._index = index

    def first_law(self) -> Passage | None:
        """Return where the course begins with the law, if it does."""
        return self._index.first_law()

    def laws(self, text: str) -> list[Passage]:
        """Return what the course has on the law, dated."""
        found = self._index.search(text, self._lesson)
        return [each for each in found if each.fact and each.fact.as_of and not is_unconfirmed(each)]

    def quoted(self, text: str) -> Passage | None:
        """Return the correction, or what could not be confirmed, whose figure the text quotes."""
        for each in self._index.search(text, self._lesson):
            is_due = quotes_number_of(each, text) and not self._thread.has_said(each.text)
            if is_due and (_is_correction(each) or is_unconfirmed(each)):
                return each
        return None

    def to_answer(self, text: str, touched: Sequence[Topic]) -> list[Passage]:
        """Return what answers a question, what it quotes first; corrections else only where nothing answers better."""
        found = self._index.search(text, self._lesson)
        shared = self._tied(text, touched)
        kept = [each for each in found if not _is_correction(each) or quotes_number_of(each, text)]
        if not kept and not any(shared.values()):
            kept = found
        # sorted() is stable: of equals, what was found first.
        candidates = dict.fromkeys([*kept, *(each for each in shared if shared[each])])
        ranked = sorted(candidates, key=lambda each: -self._index.overlap(text, each))
        is_quoted = [each for each in kept if _is_correction(each) and quotes_number_of(each, text)]
        return list(dict.fromkeys([*is_quoted, *ranked])) or list(shared)

    def to_remark(self, text: str, topic: Topic | None) -> list[Passage]:
        """Return what supports a remark: of this lesson, and no correction unless the learner quotes its figure."""
        found = self._index.search(text, self._lesson)
        of_topic = self._tied(text, (topic,) if topic else ())
        ranked = dict.fromkeys([*(each for each in of_topic if each in found), *of_topic, *found])
        return self.fresh(
            each
            for each in ranked
            if each.lesson.id == self._lesson.id
            and not is_unconfirmed(each)
            and (not _is_correction(each) or quotes_number_of(each, text))
        )

    def _tied(self, text: str, topics: Sequence[Topic]) -> dict[Passage, float]:
        """Return what the lab ties to the topics, nearest to the text first, and how near it is."""
        tied = [self._index.of_fact(fact_id) for topic in topics for fact_id in topic.fact_ids]
        shared = {passage: self._index.overlap(text, passage) for passage in tied if passage}
        return dict(sorted(shared.items(), key=lambda pair: -pair[1]))

    def sayable(self, passages: Iterable[Passage]) -> list[Passage]:
        """Leave out what is only pointed at, needs the sentence before it, or could not be confirmed."""
        return [
            each
            for each in passages
            if each.text and not _LEANS.match(each.text) and not is_unconfirmed(each)
        ]

    def fresh(self, passages: Iterable[Passage]) -> list[Passage]:
        """Return what may be said and was not yet; of corrections one, as two in a row read like a reproach."""
        kept: list[Passage] = []
        for each in self.sayable(passages):
            is_second = _is_correction(each) and any(_is_correction(other) for other in kept)
            if not self._thread.has_said(each.text) and not is_second:
                kept.append(each)
        return kept

    def said(self, fact_ids: Sequence[str], limit: int) -> str:
        """Say the first of these facts that were not said yet."""
        return " ".join(fact_statement(fact) for fact in self.unsaid(fact_ids)[:limit])

    def unsaid(self, fact_ids: Sequence[str]) -> list[Fact]:
        """Return those of these facts that may be said and were not."""
        tied = (self._index.of_fact(fact_id) for fact_id in fact_ids)
        facts = [passage.fact for passage in tied if passage and passage.fact and not is_unconfirmed(passage)]
        return [fact for fact in facts if not self._thread.has_said(fact.statement)]

    def words_of(self, fact_ids: Sequence[str]) -> str:
        """Return the words of these facts, to compare with."""
        tied = (self._index.of_fact(fact_id) for fact_id in fact_ids)
        return " ".join(passage.text for passage in tied if passage)


def is_unconfirmed(passage: Passage) -> bool:
    """Tell whether a passage is only told in the original module."""
    return passage.fact is not None and passage.fact.status == "as_told"


def _is_correction(passage: Passage) -> bool:
    return passage.fact is not None and passage.fact.status == "corrected"
