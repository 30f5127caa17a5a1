"""What a module is made of. Bodies are a small Markdown: paragraphs, lists, **bold**, *italic*, `code`."""

from typing import Literal

from pydantic import BaseModel, ConfigDict


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Fact(_Frozen):
    """One statement the course makes, with the source it rests on."""

    id: str
    statement: str
    source: str
    #: Law and product facts go stale, so they need `as_of`.
    kind: Literal["general", "law", "product"] = "general"
    #: ISO date on which a fact was checked.
    as_of: str | None = None
    status: Literal["taught", "as_told", "corrected"] = "taught"
    #: What the original module said, where we correct it.
    original: str | None = None
    #: The numbers of the original module's statements that this one takes up.
    origin: tuple[int, ...] = ()


class Figure(_Frozen):
    """A picture beside the module's text, and the same in words."""

    file: str
    alt_text: str


class Definition(_Frozen):
    """A term and what it means."""

    term: str
    meaning: str


class Callout(_Frozen):
    """A boxed remark."""

    title: str
    body: str


class Stat(_Frozen):
    """One number worth remembering, with what it counts."""

    value: str
    label: str


class Card(_Frozen):
    """One screen of a lesson."""

    id: str
    title: str
    kind: Literal["core", "more", "corrections"] = "core"
    body: str = ""
    definitions: tuple[Definition, ...] = ()
    #: Numbered stages, in order.
    stages: tuple[Definition, ...] = ()
    stats: tuple[Stat, ...] = ()
    callout: Callout | None = None
    figure: Figure | None = None
    fact_ids: tuple[str, ...] = ()


class Option(_Frozen):
    """One answer a learner can choose."""

    text: str
    feedback: str
    is_correct: bool = False


class Question(_Frozen):
    """One question with exactly one correct option."""

    id: str
    stem: str
    options: tuple[Option, ...]
    #: The card to read again after a wrong answer.
    card_id: str
    fact_ids: tuple[str, ...] = ()


class Quiz(_Frozen):
    """The questions after a lesson, or the module test."""

    id: str
    title: str
    questions: tuple[Question, ...]
    #: Share of correct answers needed; None for a quiz that everybody completes.
    pass_share: float | None = None


class Persona(_Frozen):
    """Whom the learner talks with in a lab."""

    name: str
    role: str
    style: str


class Topic(_Frozen):
    """One thing a good conversation explores."""

    id: str
    title: str
    #: What the persona asks when the learner has not gone there.
    question: str
    #: Words that show the learner is talking about it, for the scripted persona and the exchange rule.
    keywords: tuple[str, ...]
    card_id: str
    fact_ids: tuple[str, ...] = ()
    #: One sentence to start from, for a learner who is at a loss.
    hint: str = ""
    #: What somebody with experience would say here.
    sound_answer: str = ""


class Sign(_Frozen):
    """Words by which a mistake is known: one of `about` and one of `says` in a sentence, and none of `unless`.

    A phrase is whole words; a star ends a word of which only the beginning is given ("diariz*"), and alone stands
    for up to four words ("which * is").
    """

    about: tuple[str, ...]
    says: tuple[str, ...]
    #: What puts the sentence right.
    unless: tuple[str, ...] = ()


class Trap(_Frozen):
    """A plausible mistake the persona pushes back on."""

    id: str
    #: The mistake in one sentence.
    claim: str
    #: Regular expressions, case-insensitive, any of which gives the mistake away within a sentence.
    patterns: tuple[str, ...] = ()
    signs: tuple[Sign, ...] = ()
    #: How the persona answers it.
    reply: str
    card_id: str
    fact_ids: tuple[str, ...] = ()


class Lab(_Frozen):
    """A conversation with a persona."""

    id: str
    title: str
    persona: Persona
    scenario: str
    mission: str
    #: What the persona says first.
    opening: str = ""
    #: The topic that the opening asks about, so that an answer to it is taken as one; "" for none.
    opening_topic_id: str = ""
    openers: tuple[str, ...]
    topics: tuple[Topic, ...]
    traps: tuple[Trap, ...] = ()
    #: Engaged exchanges that complete the lab.
    exchanges_needed: int = 3


class Lesson(_Frozen):
    """One lesson: its cards, then its quiz, then its lab."""

    id: str
    number: int
    title: str
    tagline: str
    objectives: tuple[str, ...]
    cards: tuple[Card, ...]
    quiz: Quiz
    lab: Lab

    @property
    def core_cards(self) -> tuple[Card, ...]:
        """The cards everybody reads: core ones, then the corrections box."""
        return tuple(card for card in self.cards if card.kind != "more")

    def card(self, card_id: str) -> Card | None:
        """Return the card with that id, or None."""
        return next((card for card in self.cards if card.id == card_id), None)


class Module(_Frozen):
    """A course module, whole."""

    id: str
    title: str
    lessons: tuple[Lesson, ...]
    #: None until the module test has been written.
    test: Quiz | None
    facts: tuple[Fact, ...]
    #: SHA-256 over the compiled module; attempts are pinned to it.
    version: str = ""

    def lesson(self, lesson_id: str) -> Lesson | None:
        """Return the lesson with that id, or None."""
        return next((lesson for lesson in self.lessons if lesson.id == lesson_id), None)

    def quiz(self, quiz_id: str) -> Quiz | None:
        """Return the quiz or the test with that id, or None."""
        every = [*(lesson.quiz for lesson in self.lessons), *([self.test] if self.test else [])]
        return next((quiz for quiz in every if quiz.id == quiz_id), None)

    def question(self, question_id: str) -> Question | None:
        """Return the question with that id, of any quiz or the test, or None."""
        quizzes = [*(lesson.quiz for lesson in self.lessons), *([self.test] if self.test else [])]
        every = (question for quiz in quizzes for question in quiz.questions)
        return next((question for question in every if question.id == question_id), None)

    def lab(self, lab_id: str) -> Lab | None:
        """Return the lab with that id, or None."""
        return next((lesson.lab for lesson in self.lessons if lesson.lab.id == lab_id), None)

    def facts_of(self, card: Card) -> tuple[Fact, ...]:
        """Return what a card states, in the card's order; facts that are gone are left out."""
        by_id = {fact.id: fact for fact in self.facts}
        return tuple(by_id[each] for each in card.fact_ids if each in by_id)

    def lesson_of(self, part_id: str) -> Lesson | None:
        """Return the lesson that a quiz, lab or card belongs to, or None."""
        for lesson in self.lessons:
            if part_id in {lesson.id, lesson.quiz.id, lesson.lab.id} or lesson.card(part_id):
                return lesson
        return None
