"""Traps catch the mistake and leave the sound thought alone; suggested openers count."""

import pytest

from bot.tutor.rubric import counts_as_exchange
from course.exchanges import topics_in
from course.loader import default_folder, load_module
from course.model import Lab
from course.traps import met_traps

MODULE = load_module(default_folder())
LABS = [lesson.lab for lesson in MODULE.lessons]

MISTAKES = {
    "names-for-free": [
        "Diarization will give us the names of the judges",
        "can't we get names from diarization?",
        "diarization tells us who the judge is",
        "After diarizing we simply know which attorney is talking.",
        "The diarizer outputs who each person is, so we skip enrolment.",
        "I thought diarization was how you find out that it is Judge Miller speaking.",
    ],
    "studio-sample": [
        "One clean sample per judge is enough",
        "We record them in a studio, that should be sufficient",
        "30 seconds of clean audio per judge is plenty",
        "Each judge reads a page in a quiet office once and we are done.",
        "Half a minute of good sound per attorney covers it.",
        "Let's invite the judges to a sound booth, after that no further recordings are needed.",
    ],
    "fingerprint-proof": [
        "Voices are unique like fingerprints",
        "a high score is proof enough",
        "No two people have the same voice",
        "Every human voice is different, so the system can't confuse two attorneys.",
        "If similarity is above 0.9 we can be certain it's her.",
        "Voiceprints are like DNA, one match and the identity is settled.",
    ],
    "vendor-figure": [
        "The vendor promises 5 % so we will get that too",
        "We should get 4% DER",
        "Their data sheet promises six percent, I'll put that into our contract.",
        "The supplier measured 4 % on AMI, we can tell the hospital to expect that.",
        "Published results are around 7% DER so that is our number too.",
    ],
    "fix-later": [
        "we fix the acoustics later with a new model",
        "A better model will handle the echo",
        "Microphone choice is secondary",
        "Let's buy cheap mics now and upgrade the AI next year.",
        "Software will clean up the acoustics anyway.",
        "The hardware isn't important, modern networks are robust to any room.",
    ],
    "one-ceiling-mic": [
        "One ceiling mic is enough",
        "one ceiling microphone is enough",
        "A single mic above the bed should cover everyone.",
        "We'd just hang one microphone in the middle of the room.",
        "I'd say one device on the ceiling picks up all we need.",
    ],
    "skip-overlap": [
        "Let us skip overlap",
        "we just ignore the overlap when scoring",
        "Overlapped speech should be left out of the evaluation.",
        "We would only count the parts with a single speaker in our score.",
        "Cross-talk isn't relevant for our metric, so we filter it.",
    ],
    "instant": [
        "We want instant labels without errors, full accuracy",
        "zero delay and perfect accuracy",
        "Labels must pop up immediately and must never be wrong.",
        "I expect the right name in the same moment that the word is spoken.",
        "There should be no lag at all, and accuracy stays as good as offline.",
    ],
    "no-limit": [
        "EEND handles any number of speakers",
        "EEND has no limit",
        "EEND will handle 50 people",
        "An end-to-end network can manage as many participants as we like.",
        "With EEND the head count isn't a problem, even for a hundred people.",
        "EEND scales to any meeting size.",
    ],
    "hide": [
        "We hide the errors",
        "users won't even notice it",
        "nobody will notice",
        "Better not to mention that labels may be wrong.",
        "We don't show any warning, it would only make people distrust the product.",
        "Customers will hardly realise that a quiet colleague is missing from the captions.",
    ],
    "anonymous-label": [
        "With SPEAKER_01 it is all anonymous",
        "the embeddings are anonymous",
        "ids make it anonymous",
        "We replaced names by Speaker 1, so it's not personal data",
        "Since we call them Speaker A and Speaker B nobody can be identified.",
        "A vector is just numbers, so privacy law does not apply to it.",
        "We hash the employee ids, therefore the profiles are no personal data.",
    ],
    "handbook": [
        "They signed our handbook",
        "our terms cover it",
        "The employee handbook is enough",
        "They agreed when they joined the company",
        "Consent is part of the employment contract everyone signs on day one.",
        "By working here they have agreed to being recorded.",
        "We mention it in the onboarding papers, that should cover us.",
    ],
    "per-scan-today": [
        "After Cothron we pay for each scan",
        "damages per scan would kill us",
        "Each meeting we record costs us another thousand dollars per employee under BIPA.",
        "Following Cothron the penalties multiply with every recording.",
        "Illinois makes us pay again whenever someone's voice is captured.",
    ],
    "bipa-over": [
        "BIPA is over since 2024",
        "so we can ignore BIPA",
        "BIPA was gutted in 2024",
        "After the amendment Illinois is not a concern any longer.",
        "BIPA lost its teeth, so I would leave Illinois out of the plan.",
        "We can disregard the Illinois act now that it was changed.",
    ],
}

SOUND = {
    "names-for-free": [
        "Diarization will not give us names",
        "diarization can't know names, so a clerk types them",
        "Does diarization on its own know the attorneys' names?",
        "Diarization numbers the turns, and enrolled judges get their names by identification.",
    ],
    "studio-sample": [
        "A studio sample is not enough",
        "We record in the courtroom, not in a studio",
        "How many seconds of clean speech per judge do we need, if we record at the bench?",
        "A booth recording is a start, yet we would add samples from the hall.",
    ],
    "fingerprint-proof": [
        "Voices are not unique",
        "A high score is not proof, a clerk checks",
        "I doubt that a voice is as unique as a fingerprint.",
        "A high similarity goes to the clerk as a suggestion.",
    ],
    "vendor-figure": [
        "Which collar did the vendor use for the 5%?",
        "We measure DER on our own ward",
        "We should get 4% of patients to consent first",
        "The brochure says 5 percent, but I want to know on which data.",
        "About 30% of our staff wear masks, does that change the error rate?",
    ],
    "fix-later": [
        "A better model will not fix the echo",
        "We place microphones first, then choose the model",
        "Can a later model make up for a bad room?",
        "We choose microphones first because no model brings back what was lost.",
    ],
    "one-ceiling-mic": [
        "One ceiling microphone is not enough",
        "Ceiling microphones hear the ventilator",
        "One ceiling microphone would miss the patient by the window, so we use two arrays.",
        "How far does one ceiling microphone reach?",
    ],
    "skip-overlap": [
        "We must not skip overlap",
        "Report DER with overlap and without",
        "never ignore overlap",
        "What happens to the score if overlap is excluded?",
        "We report the error with overlap, because leaving it out flatters us.",
    ],
    "instant": [
        "How long should we wait for a label?",
        "We accept two seconds of delay",
        "What accuracy could we reach with immediate labels?",
        "Instant labels would be grey and get corrected within five seconds.",
    ],
    "no-limit": [
        "EEND is limited to the speakers of its training",
        "How many speakers can EEND take?",
        "Is there any limit on speakers in EEND?",
        "EEND would be fine for our calls of three people, the town hall gets clustering.",
    ],
    "hide": [
        "We should not hide errors",
        "How will users notice that a label was revised?",
        "How do we tell people that a label may be wrong without scaring them?",
        "Some managers want to hide the errors, which I would refuse.",
    ],
    "anonymous-label": [
        "SPEAKER_00 is not anonymous",
        "We count per team and keep no vectors",
        "Some people say the data is anonymous, which I doubt",
        "People call SPEAKER_01 anonymous, and that is naive.",
        "Could the vectors be made anonymous at all?",
    ],
    "handbook": [
        "The handbook is not valid consent",
        "We ask each employee separately",
        "Somebody suggested that the handbook is enough; I disagree.",
        "Next to the handbook we ask each person with a separate release.",
    ],
    "per-scan-today": [
        "Cothron was before the 2024 amendment, now it is per person",
        "Recovery is per person",
        "Is it still one violation per scan, or per person?",
        "Cothron counted every scan until the amendment of 2024 changed that.",
    ],
    "bipa-over": [
        "BIPA still asks for a release",
        "What does BIPA want from us?",
        "Is it true that since 2024 BIPA no longer matters?",
        "My boss says BIPA is dead, is he right?",
        "BIPA keeps all its duties after the amendment.",
    ],
}

TRAPS = [(lab, trap) for lab in LABS for trap in lab.traps]
IDS = [trap.id for _, trap in TRAPS]


def caught_by(lab: Lab, text: str) -> list[str]:
    return [trap.id for trap in met_traps(lab, text)]


def test_every_trap_has_examples() -> None:
    assert set(IDS) == set(MISTAKES) == set(SOUND)


@pytest.mark.parametrize(("lab", "trap"), TRAPS, ids=IDS)
class TestTrap:
    def test_catches_the_mistake(self, lab: Lab, trap) -> None:
        missed = [text for text in [trap.claim, *MISTAKES[trap.id]] if trap.id not in caught_by(lab, text)]
        assert missed == []

    def test_leaves_the_sound_thought_alone(self, lab: Lab, trap) -> None:
        assert [text for text in SOUND[trap.id] if caught_by(lab, text)] == []

    def test_a_question_about_it_is_no_mistake(self, lab: Lab, trap) -> None:
        asked = f"Is it true that {trap.claim[0].lower()}{trap.claim[1:].rstrip('.')}?"
        assert trap.id not in caught_by(lab, asked)

    def test_answers_with_one_question(self, lab: Lab, trap) -> None:
        assert trap.reply.rstrip().endswith("?")

    def test_the_reply_walks_into_no_trap(self, lab: Lab, trap) -> None:
        assert trap.id not in caught_by(lab, trap.reply)


@pytest.mark.parametrize("lab", LABS, ids=lambda lab: lab.id)
class TestLab:
    def test_of_the_three_openers_one_counts(self, lab: Lab) -> None:
        counted = [counts_as_exchange(lab, text, lab.openers[:at]) for at, text in enumerate(lab.openers)]
        assert counted == [True, False, False]

    def test_openers_met_by_no_trap(self, lab: Lab) -> None:
        assert [opener for opener in lab.openers if met_traps(lab, opener)] == []

    def test_each_opener_touches_a_topic(self, lab: Lab) -> None:
        assert all(topics_in([opener], lab.topics) for opener in lab.openers)

    def test_each_topics_own_question_touches_it(self, lab: Lab) -> None:
        untouched = [topic.id for topic in lab.topics if topic not in topics_in([topic.question], lab.topics)]
        assert untouched == []

    def test_small_talk_touches_nothing(self, lab: Lab) -> None:
        assert topics_in(["hi", "ok thanks", "interesting, please go on"], lab.topics) == ()
