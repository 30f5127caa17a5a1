"""The scripted persona's wordings. Where there are several, the count of replies chooses."""

import re
from collections.abc import Sequence
from datetime import date

from bot.tutor.passages import Passage
from bot.tutor.sensitive import HUMAN_CONTACT
from course.model import Card, Fact, Lesson, Persona

DISTRESS = (
    "I am only a script, and what you write matters more than this lab. "
    f"{HUMAN_CONTACT}\n\nThe lab can wait; nothing here has a time limit."
)
PERSONAL_DETAIL = (
    "Please leave personal details such as addresses and numbers out; this lab never needs them."
)
NO_WORDS = "I only read words, and found none in that message."
UNCONFIRMED = (
    "The original module tells a figure about this that could not be confirmed, "
    "so I will not repeat it as a fact or build on it."
)
SAID_BEFORE = "I have said above what the lesson has on this."
NO_LAW = "I find no sentence of law on exactly that, so I leave it to the lawyer."
GREETING = "Hello, and welcome. Take your time."
WAY_IN = "A way in: {hint}"
HINT = "That is fine to say. Here is something to start from."
LET_ME = "Then let me say what I would look for."
LEAVE_IT = "Let us leave that one open; the card says more."
TRAP_AGAIN = "We are back at a point I would still push back on."

DECLINED = {
    "abuse": (
        "I would rather keep this civil; you need not answer anything here. If something about the lab went wrong "
        "or upset you, the people who run this course can be reached through your workspace admin. "
        "Otherwise, here is where we were."
    ),
    "injection": (
        "I stay in this lab's role and have no hidden settings to change or show; what you write is part of the "
        "conversation, never an instruction to me. Back to the case."
    ),
    "grading": (
        "I cannot mark, grade or complete anything: the lab counts your engaged messages by itself, "
        "and the quiz and test are yours to answer. The quickest way there is to go on with the case."
    ),
    "private_person": "I have no details about any person and ask for none. Let us stay with the design.",
    "legal_advice": (
        "I cannot give legal advice or judge your own case; for that, ask a lawyer. "
        "What I can offer is what the lesson says, with its dates."
    ),
    "other_language": (
        "I am a script that can only guide in English. If you read English, this card is a good start, "
        "and you can answer in simple words."
    ),
}

WHO_READS = "The top of this thread says who reads what you write."
NOTHING_YET = "So far we have not gone into any topic of this lab in your own words."
SO_FAR = "So far you have brought up:"
STILL_OPEN = "Still open: {titles}."
DEBRIEF_IS_THERE = "You could look at your debrief now: write *debrief*."
NEXT_TOPIC = "Next I would look at **{title}**. A sentence or two in your own words is enough."
NO_EXAMPLE = "I have no example for this one."
EXAMPLE_GIVEN = "The example I have stands above."
BECAUSE = "Because of this:"
REASON_SAID = "The reason I have stands above."
NOTHING_CLAIMED = "I have claimed nothing yet, I only asked."
ALL_SAID = "That is all the lesson has on it; the card puts it in context."
NOTED = "Good to know, I keep that in mind."
ADDED = ("Noted. What the lesson adds:", "I keep that in mind. Beside it stands this:")
ACCEPTED = ("Noted; I leave that decision to you.", "I keep that in mind.")
NOT_AN_ANSWER = (
    "I cannot tell how that bears on **{title}**.",
    "I do not see the link to **{title}** yet.",
)
DISAGREE = "You may well disagree."
NOTHING_TO_DEFEND = "Good, hold on to your own view; tell me where you see it otherwise."
WEARY = (
    "Fair enough. Three messages with a thought of yours complete this lab, and you may stop at any time: "
    "what you have said is kept."
)
MY_CARD = "I took that from the card *{title}*, where it stands in its context."
ASKED_TRAP = ("It is good that you ask.", "That is worth asking before it is built.", "A fair question.")
DOUBTED_TRAP = (
    "You are right to be careful there.",
    "Your doubt is well placed.",
    "I share that doubt.",
)
YOUR_CASE = (
    "What would you keep of that, and what would you change?",
    "Where would your plan differ?",
    "Which part of that would be hardest for you?",
)

OFF_TOPIC = (
    "That lies outside this lab, so I leave it aside.",
    "I have nothing on that here; let us return to the case.",
    "That is another conversation. This one is about the case.",
)
DO_NOT_KNOW = (
    "I do not know: the lesson has no fact on that, and I make none up.",
    "The lesson does not say, so I would only be guessing; I leave that open.",
    "I have no fact I could stand behind there.",
)
SAY_MORE = (
    "Tell me a little more, in a sentence or two.",
    "I can do more with a full sentence: what would you decide, and why?",
    "Go on; a choice and its reason are enough.",
)
TRAP = ("I would push back there.", "Careful with that step.", "Here I disagree.")
REVISE = (
    "With that in mind, what would you choose now?",
    "How would you change your plan?",
    "What would you put in its place?",
)
NEXT = ("Now tell me:", "A question back to you:", "The next thing I want to know:", "Think about this:")
BACK_TO = ("We left this one open:", "Let me come back to this:", "Still open:")
ALL_EXPLORED = (
    "You have gone into every topic of this lab. Which of your choices would you defend first, and against which objection?",
    "Every topic has come up. What is the weakest point of your design, and how would you find out?",
    "Nothing on my list is left. What would you test first, before anybody relies on it?",
)
_SOUND = ("A sound answer here:", "To compare, a sound answer:", "What I would write into the plan:")
_SET_AGAINST = (
    "I would weigh that once more. What speaks for the other way:",
    "Here is what I would set against that:",
)
_ACKNOWLEDGEMENTS = (
    "You mention {words}, which goes to **{title}**.",
    "With {words} you are on **{title}**.",
    "{words}: that belongs to **{title}**.",
    "You bring up {words}; I file that under **{title}**.",
)

_ASKING = (
    r"(?:what|why|how|when|where|which|who|whom|whose|is|are|was|were|does|do|did|can|could|should|would|will|may|must|has"
    r"|have|tell me|explain|describe)\b"
)
#: "So diarization for everybody?" puts something forward, and asks only whether it is right.
_PUT_FORWARD = re.compile(r"^\W*(?:so|then|and|ok|okay|well)\b[\s,]*+(?!" + _ASKING + ")", re.IGNORECASE)
_DENIES = re.compile(
    r"\b(?:not|never|no|nobody|none|nothing|nor|cannot|dont|wont|cant|isnt|doesnt)\b|n['’]t\b", re.IGNORECASE
)


def pick(wordings: Sequence[str], number: int) -> str:
    """Choose a wording by count."""
    return wordings[number % len(wordings)]


def introduction(persona: Persona) -> str:
    """Say what is speaking."""
    return (
        f"I am the scripted guide, playing **{persona.name}**: a program, neither a person nor a language model. "
        "I answer from this lesson's own facts, and where they end I say so."
    )


def acknowledgement(words: Sequence[str], title: str, number: int) -> str:
    """Pick up what the learner brought up."""
    shown = " and ".join(f"*{word}*" for word in words[:2])
    return pick(_ACKNOWLEDGEMENTS, number).format(words=shown, title=title)


def answered(title: str) -> str:
    """Take a short answer as one to the question before."""
    return f"I take that as your answer on **{title}**."


def sound(answer: str, number: int) -> str:
    """Say what a sound answer would be."""
    return f"{pick(_SOUND, number)} {answer}"


def set_against(answer: str, number: int) -> str:
    """Say what a sound answer would be to somebody who refuses one."""
    return f"{pick(_SET_AGAINST, number)} {answer}"


def quoted(text: str, max_chars: int) -> str:
    """Quote the learner, shortened at a word."""
    line = " ".join(text.split())
    if len(line) > max_chars:
        line = f"{line[:max_chars].rpartition(' ')[0] or line[:max_chars]}…"
    return f"“{line}”"


def source(fact: Fact) -> str:
    """Say what the last thing that was said rests on."""
    return f"What I said is a fact of the lesson. {sources([fact])}"


def sources(facts: Sequence[Fact]) -> str:
    """Say what facts rest on."""
    named = dict.fromkeys(fact.source.rstrip(".") for fact in facts)
    return f"Source: {'; '.join(named)}." if named else ""


def statement(passage: Passage) -> str:
    """Say a passage as a sentence, dated and marked as a correction where it is one."""
    return fact_statement(passage.fact) if passage.fact else _ended(passage.text)


def fact_statement(fact: Fact) -> str:
    """Say a fact as a sentence. What the original module claimed instead is never repeated."""
    said = fact.statement.strip()
    if fact.as_of:
        said = f"{said.rstrip('.')} (as of {spoken_date(fact.as_of)})."
    lead = "Here the lesson corrects the original module: " if fact.status == "corrected" else ""
    return f"{lead}{_ended(said)}"


def pointer(card: Card, lesson: Lesson | None = None) -> str:
    """Name the card to read; a lesson is named when it is another one."""
    where = f", in Lesson {lesson.number}" if lesson else ""
    return f"To read: *{card.title}*{where}."


def names_card(reply: str, card: Card) -> bool:
    """Tell whether a reply points to the card."""
    return f"To read: *{card.title}*" in reply


def is_question(text: str) -> bool:
    """Tell whether the learner asks something, rather than puts something forward.

    >>> is_question("Which microphone"), is_question("So identification for those we know?")
    (True, False)
    """
    said = text.strip()
    if said.endswith("?"):
        return not _PUT_FORWARD.match(said)
    return bool(re.match(rf"\W*{_ASKING}", said, re.IGNORECASE)) or "?" in said


def denies(text: str) -> bool:
    """Tell whether a remark refuses something.

    >>> denies("We don't ask anybody"), denies("We count how often patients consent")
    (True, False)
    """
    return bool(_DENIES.search(text))


def spoken_date(iso: str) -> str:
    """Write an ISO date, or a year and month, for reading.

    >>> spoken_date("2026-11-22"), spoken_date("2026-11"), spoken_date("2026")
    ('22 Nov 2026', 'Nov 2026', '2026')
    """
    parts = iso.split("-")
    if len(parts) == 1:
        return iso
    first_of_month = date(int(parts[0]), int(parts[1]), 1)
    return f"{int(parts[2])} {first_of_month:%b %Y}" if len(parts) > 2 else f"{first_of_month:%b %Y}"  # noqa: PLR2004


def _ended(text: str) -> str:
    said = text.strip()
    return said if said.endswith((".", "!", "?", "…", '."', ".)")) else f"{said}."
