"""Traps catch the mistake and leave the sound thought alone; suggested openers count."""

import re

import pytest

from course.exchanges import count, topics_in
from course.loader import default_folder, load_module
from course.model import Lab

MODULE = load_module(default_folder())
LABS = [lesson.lab for lesson in MODULE.lessons]

MISTAKES = {
    "names-for-free": [
        "Diarization will give us the names of the judges",
        "can't we get names from diarization?",
    ],
    "studio-sample": [
        "One clean sample per judge is enough",
        "We record them in a studio, that should be sufficient",
    ],
    "fingerprint-proof": ["Voices are unique like fingerprints", "a high score is proof enough"],
    "vendor-figure": ["The vendor promises 5 % so we will get that too", "We should get 4% DER"],
    "fix-later": ["we fix the acoustics later with a new model", "A better model will handle the echo"],
    "skip-overlap": [
        "One ceiling mic is enough",
        "Let us skip overlap",
        "we just ignore the overlap when scoring",
    ],
    "instant": ["We want instant labels without errors, full accuracy", "zero delay and perfect accuracy"],
    "no-limit": ["EEND handles any number of speakers", "EEND has no limit"],
    "hide": ["We hide the errors", "users won't even notice it", "nobody will notice"],
    "anonymous-label": [
        "With SPEAKER_01 it is all anonymous",
        "the embeddings are anonymous",
        "ids make it anonymous",
    ],
    "handbook": ["They signed our handbook", "our terms cover it", "The employee handbook is enough"],
    "per-scan-today": ["After Cothron we pay for each scan", "damages per scan would kill us"],
    "bipa-over": ["BIPA is over since 2024", "so we can ignore BIPA"],
}

SOUND = {
    "names-for-free": [
        "Diarization will not give us names",
        "diarization can't know names, so a clerk types them",
    ],
    "studio-sample": ["A studio sample is not enough", "We record in the courtroom, not in a studio"],
    "fingerprint-proof": ["Voices are not unique", "A high score is not proof, a clerk checks"],
    "vendor-figure": ["Which collar did the vendor use for the 5%?", "We measure DER on our own ward"],
    "fix-later": [
        "A better model will not fix the echo",
        "We place microphones first, then choose the model",
    ],
    "skip-overlap": [
        "We must not skip overlap",
        "Report DER with overlap and without",
        "never ignore overlap",
    ],
    "instant": ["How long should we wait for a label?", "We accept two seconds of delay"],
    "no-limit": ["EEND is limited to the speakers of its training", "How many speakers can EEND take?"],
    "hide": ["We should not hide errors", "How will users notice that a label was revised?"],
    "anonymous-label": ["SPEAKER_00 is not anonymous", "We count per team and keep no vectors"],
    "handbook": ["The handbook is not valid consent", "We ask each employee separately"],
    "per-scan-today": [
        "Cothron was before the 2024 amendment, now it is per person",
        "Recovery is per person",
    ],
    "bipa-over": ["BIPA still asks for a release", "What does BIPA want from us?"],
}

TRAPS = [(lab, trap) for lab in LABS for trap in lab.traps]
IDS = [trap.id for _, trap in TRAPS]


def caught_by(lab: Lab, text: str) -> list[str]:
    return [
        trap.id
        for trap in lab.traps
        if any(re.search(pattern, text, re.IGNORECASE) for pattern in trap.patterns)
    ]


def test_every_trap_has_examples() -> None:
    assert set(IDS) == set(MISTAKES) == set(SOUND)


@pytest.mark.parametrize(("lab", "trap"), TRAPS, ids=IDS)
class TestTrap:
    def test_catches_the_mistake(self, lab: Lab, trap) -> None:
        missed = [text for text in [trap.claim, *MISTAKES[trap.id]] if trap.id not in caught_by(lab, text)]
        assert missed == []

    def test_leaves_the_sound_thought_alone(self, lab: Lab, trap) -> None:
        assert [text for text in SOUND[trap.id] if caught_by(lab, text)] == []

    def test_answers_with_one_question(self, lab: Lab, trap) -> None:
        assert trap.reply.rstrip().endswith("?")

    def test_the_reply_walks_into_no_trap(self, lab: Lab, trap) -> None:
        assert trap.id not in caught_by(lab, trap.reply)


@pytest.mark.parametrize("lab", LABS, ids=lambda lab: lab.id)
class TestLab:
    def test_the_three_openers_make_three_exchanges(self, lab: Lab) -> None:
        assert count(lab.openers, lab.topics) == 3

    def test_each_opener_touches_a_topic(self, lab: Lab) -> None:
        assert all(topics_in([opener], lab.topics) for opener in lab.openers)

    def test_each_topics_own_question_touches_it(self, lab: Lab) -> None:
        untouched = [topic.id for topic in lab.topics if topic not in topics_in([topic.question], lab.topics)]
        assert untouched == []

    def test_small_talk_touches_nothing(self, lab: Lab) -> None:
        assert topics_in(["hi", "ok thanks", "interesting, please go on"], lab.topics) == ()
