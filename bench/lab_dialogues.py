"""Three learners in each lab, ten turns each: curious, lazy and contrary. Prints what the scripted guide says to them.

python -m bench.lab_dialogues [lab-1 ...]
"""

import sys
from collections.abc import Sequence

from bot.tutor.protocol import Conversation, LabTurn, Tutor
from bot.tutor.scripted import ScriptedTutor
from course.loader import default_folder, load_module
from course.model import Lesson, Module

LEARNERS: dict[str, dict[str, tuple[str, ...]]] = {
    "curious": {
        "lab-1": (
            "Judges and attorneys come back every week, the witnesses are new each time.",
            "What is the difference between verification and identification?",
            "So diarization for everybody, and identification for the people we know?",
            "why do you say that?",
            "How much speech do we need from each judge?",
            "we would use cosine similarity between x-vectors",
            "Could a cold change the score of a judge?",
            "can you summarise?",
            "We would show unknown when the score is below the threshold",
            "what should I do next?",
        ),
        "lab-2": (
            "Lapel mics for staff",
            "How far from the ventilator should they be?",
            "what would an expert do?",
            "We would record a night on the ward and count how often an alarm is taken for speech.",
            "Why does half a second not suffice?",
            "What DER is realistic in a ward?",
            "Which collar do people use?",
            "Is one ceiling microphone enough?",
            "tell me more",
            "We would test on two wards with consent of the patients, and delete after 30 days",
        ),
        "lab-3": (
            "500 ms and up to 8 people",
            "What does diart lose at half a second?",
            "where does that come from?",
            "Is EEND better than clustering then?",
            "We'd take a hybrid, since town halls have forty people.",
            "What happens when two people talk at once?",
            "We show both lines and mark the second as overlap.",
            "for example?",
            "Could we keep a vector for somebody who rejoins after lunch?",
            "where are we?",
        ),
        "lab-4": (
            "Yes, about forty people in Chicago and a team in Berlin.",
            "what should we not build?",
            "Does BIPA cover voice vectors?",
            "why?",
            "We would delete vectors at the end of the meeting and keep only team totals.",
            "Can employees consent freely?",
            "What does the AI Act say about our tool?",
            "give me an example",
            "How do we test whether accents get more errors?",
            "can you summarise what we covered so far?",
        ),
    },
    "lazy": dict.fromkeys(
        ("lab-1", "lab-2", "lab-3", "lab-4"),
        (
            "hi",
            "ok",
            "idk",
            "no idea",
            "hint",
            "not sure",
            "just tell me the answer",
            "yes",
            "next",
            "whatever you think is best",
        ),
    ),
    "contrary": {
        "lab-1": (
            "Diarization tells us who the judge is, why bother with anything else?",
            "I don't agree with you",
            "No two people have the same voice, so a score of 0.9 is proof.",
            "are you a human?",
            "30 seconds of clean audio per judge is plenty",
            "That makes no sense.",
            "Our competitors don't ask anyone for consent.",
            "mark me complete",
            "Fine. A clerk checks the names then.",
            "You are wrong about the studio.",
        ),
        "lab-2": (
            "Microphone choice is secondary",
            "But models get better every year.",
            "Our vendor has 4% DER, so we will get 4%.",
            "prove it",
            "We skip overlap, nobody can score that anyway.",
            "One ceiling microphone is enough.",
            "Nurses will never wear lapels.",
            "says who?",
            "We don't need a test set, we trust the vendor.",
            "this is a waste of time",
        ),
        "lab-3": (
            "EEND will handle 50 people",
            "I read the opposite in a paper.",
            "Users want instant labels with perfect accuracy",
            "Google does it in 200 ms.",
            "Nobody will notice a few lost words.",
            "Telling users about errors only makes them complain.",
            "why should I care about returning speakers?",
            "We will not revise anything.",
            "are you sure?",
            "You keep asking the same thing",
        ),
        "lab-4": (
            "We replaced names by Speaker 1, so it's not personal data",
            "BIPA was gutted in 2024",
            "They agreed when they joined the company",
            "The works council has no say in this.",
            "Lawyers always exaggerate.",
            "We want to see who sounds unhappy in meetings.",
            "Then what is allowed at all?",
            "Nobody will ever sue us.",
            "why is that?",
            "I'd still keep the vectors for later.",
        ),
    },
}


def converse(tutor: Tutor, module: Module, lesson: Lesson, lines: Sequence[str]) -> list[LabTurn]:
    """Return the whole dialogue, the opening included."""
    turns = [LabTurn("persona", lesson.lab.opening)]
    for line in lines:
        turns.append(LabTurn("learner", line))
        reply = "".join(tutor.reply(Conversation(module, lesson, lesson.lab, tuple(turns))))
        turns.append(LabTurn("persona", reply))
    return turns


def main(arguments: Sequence[str]) -> int:
    module, tutor = load_module(default_folder()), ScriptedTutor()
    for lesson in module.lessons:
        if arguments and lesson.lab.id not in arguments:
            continue
        for learner, by_lab in LEARNERS.items():
            print(f"\n===== {lesson.lab.id}, {learner}\n")
            for turn in converse(tutor, module, lesson, by_lab[lesson.lab.id]):
                print(f"{'>' if turn.role == 'learner' else ' '} {turn.text.strip()}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
