"""A small lesson of its own, so that these tests do not move with the course."""

import pytest

from bot.tutor.protocol import Conversation, LabTurn
from course.model import (
    Callout,
    Card,
    Definition,
    Fact,
    Lab,
    Lesson,
    Module,
    Option,
    Persona,
    Question,
    Quiz,
    Topic,
    Trap,
)

FACTS = (
    Fact(
        id="F-verify", statement="Verification compares one voice with one enrolled template.", source="book"
    ),
    Fact(
        id="F-cluster",
        statement="Diarization groups turns by voice and gives anonymous labels.",
        source="book",
    ),
    Fact(
        id="F-room",
        statement="A change of room lowers the similarity score of the same person.",
        source="book",
    ),
    Fact(id="F-mic", statement="A microphone near the mouth catches less echo.", source="book"),
    Fact(
        id="F-threshold",
        statement="A higher threshold gives fewer wrong names and more unknowns.",
        source="book",
    ),
    Fact(
        id="F-told",
        statement="The Lunar Assembly reached 3.3% error in 1999.",
        source="original",
        status="as_told",
    ),
    Fact(
        id="F-limit",
        statement="The Acme service labels up to 30 speakers.",
        source="docs",
        kind="product",
        as_of="2026-11-22",
        status="corrected",
        original="The Acme service labels up to 10 speakers",
    ),
    Fact(
        id="F-law",
        statement="The Harbour Act requires a written release before a voiceprint is stored.",
        source="statute",
        kind="law",
        as_of="2026-11-22",
    ),
    Fact(
        id="F-stream",
        statement="Captions need a latency budget of waiting, computing and showing.",
        source="book",
    ),
)


def _card(card_id: str, title: str, *fact_ids: str, definitions: tuple[Definition, ...] = ()) -> Card:
    return Card(
        id=card_id, title=title, body=f"About {title.lower()}.", fact_ids=fact_ids, definitions=definitions
    )


def _quiz(quiz_id: str, card_id: str) -> Quiz:
    options = (Option(text="Yes", feedback="Right.", is_correct=True), Option(text="No", feedback="No."))
    return Quiz(
        id=quiz_id,
        title="Quiz",
        questions=(Question(id=f"{quiz_id}-1", stem="?", options=options, card_id=card_id),),
    )


LAB = Lab(
    id="lab-one",
    title="The harbour office",
    persona=Persona(name="Harbour Advisor", role="An expert in voices", style="Brief"),
    scenario="A harbour office wants names beside what its pilots say on the radio.",
    mission="Find out what the harbour needs.",
    opening="Welcome. Who speaks on your radio?",
    openers=("Which task gives us names?", "Where do we put the microphone?"),
    topics=(
        Topic(
            id="tasks",
            title="The right task",
            question="Which task gives you names, and which only labels?",
            keywords=("diariz", "verif", "identif"),
            card_id="c-tasks",
            fact_ids=("F-cluster", "F-verify"),
        ),
        Topic(
            id="room",
            title="Room and microphone",
            question="Where does the sound come from?",
            keywords=("room", "microphone", "echo"),
            card_id="c-room",
            fact_ids=("F-room", "F-mic"),
        ),
        Topic(
            id="threshold",
            title="Names or unknown",
            question="When would you print unknown?",
            keywords=("threshold", "unknown", "score"),
            card_id="c-threshold",
            fact_ids=("F-threshold",),
        ),
    ),
    traps=(
        Trap(
            id="free-names",
            claim="Diarization tells us the names.",
            patterns=(r"\bdiarization (will|can)?\s*(tells?|gives?)\b.{0,30}\bnames?\b",),
            reply="Diarization only numbers the voices. What would turn a number into a name?",
            card_id="c-tasks",
            fact_ids=("F-cluster",),
        ),
        Trap(
            id="law-gone",
            claim="Since 2024 the Harbour Act no longer matters.",
            patterns=(r"harbour act.{0,40}no longer matters",),
            reply="It still asks for a release; only the sums changed.",
            card_id="c-law",
            fact_ids=("F-law",),
        ),
    ),
)
LESSON = Lesson(
    id="lesson-one",
    number=1,
    title="Voices",
    tagline="Whose voice is it?",
    objectives=("Tell tasks apart",),
    cards=(
        _card(
            "c-tasks",
            "Tasks that get confused",
            "F-verify",
            "F-cluster",
            definitions=(
                Definition(term="x-vector", meaning="A fixed list of numbers that stands for a voice."),
            ),
        ),
        _card("c-room", "The room is in the voice", "F-room", "F-mic"),
        _card("c-threshold", "Where to cut", "F-threshold"),
        _card("c-law", "The Harbour Act", "F-law"),
        Card(
            id="c-corrections",
            title="Corrections",
            kind="corrections",
            callout=Callout(title="Told", body="3.3% could not be confirmed."),
            fact_ids=("F-told", "F-limit"),
        ),
    ),
    quiz=_quiz("quiz-one", "c-tasks"),
    lab=LAB,
)
OTHER = Lesson(
    id="lesson-two",
    number=2,
    title="Captions",
    tagline="In time",
    objectives=("Split a budget",),
    cards=(_card("d-latency", "Where the time goes", "F-stream"),),
    quiz=_quiz("quiz-two", "d-latency"),
    lab=LAB.model_copy(update={"id": "lab-two", "topics": (), "traps": ()}),
)
MODULE = Module(id="module", title="Module", lessons=(LESSON, OTHER), test=None, facts=FACTS)


@pytest.fixture(name="lab")
def _lab() -> Lab:
    return LAB


@pytest.fixture(name="converse")
def _converse():
    """Build a conversation: texts of learner and persona in turn, the learner's first and last."""

    def converse(*texts: str, opening: str | None = None) -> Conversation:
        turns = [LabTurn("persona", opening)] if opening else []
        turns += [LabTurn("learner" if at % 2 == 0 else "persona", text) for at, text in enumerate(texts)]
        return Conversation(MODULE, LESSON, LAB, tuple(turns))

    return converse
