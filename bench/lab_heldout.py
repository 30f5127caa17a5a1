"""How else learners put the labs' mistakes, and sound thoughts that sound alike.

Written before the rules that look for them and never used to adjust them: `python -m bench.labs` reports how many
of the mistakes are recognised and how many of the sound thoughts are taken for one. When a rule was changed after
looking at one of these lines, replace the line.
"""

#: Three wordings a trap.
MISTAKES: dict[str, tuple[str, str, str]] = {
    "names-for-free": (
        "After diarizing we simply know which attorney is talking.",
        "The diarizer outputs who each person is, so we skip enrolment.",
        "I thought diarization was how you find out that it is Judge Miller speaking.",
    ),
    "studio-sample": (
        "Each judge reads a page in a quiet office once and we are done.",
        "Half a minute of good sound per attorney covers it.",
        "Let's invite the judges to a sound booth, after that no further recordings are needed.",
    ),
    "fingerprint-proof": (
        "Every human voice is different, so the system can't confuse two attorneys.",
        "If similarity is above 0.9 we can be certain it's her.",
        "Voiceprints are like DNA, one match and the identity is settled.",
    ),
    "vendor-figure": (
        "Their data sheet promises six percent, I'll put that into our contract.",
        "The supplier measured 4 % on AMI, we can tell the hospital to expect that.",
        "Published results are around 7% DER so that is our number too.",
    ),
    "fix-later": (
        "Let's buy cheap mics now and upgrade the AI next year.",
        "Software will clean up the acoustics anyway.",
        "The hardware isn't important, modern networks are robust to any room.",
    ),
    "one-ceiling-mic": (
        "A single mic above the bed should cover everyone.",
        "We'd just hang one microphone in the middle of the room.",
        "I'd say one device on the ceiling picks up all we need.",
    ),
    "skip-overlap": (
        "Overlapped speech should be left out of the evaluation.",
        "We would only count the parts with a single speaker in our score.",
        "Cross-talk isn't relevant for our metric, so we filter it.",
    ),
    "instant": (
        "Labels must pop up immediately and must never be wrong.",
        "I expect the right name in the same moment that the word is spoken.",
        "There should be no lag at all, and accuracy stays as good as offline.",
    ),
    "no-limit": (
        "An end-to-end network can manage as many participants as we like.",
        "With EEND the head count isn't a problem, even for a hundred people.",
        "EEND scales to any meeting size.",
    ),
    "hide": (
        "Better not to mention that labels may be wrong.",
        "We don't show any warning, it would only make people distrust the product.",
        "Customers will hardly realise that a quiet colleague is missing from the captions.",
    ),
    "anonymous-label": (
        "Since we call them Speaker A and Speaker B nobody can be identified.",
        "A vector is just numbers, so privacy law does not apply to it.",
        "We hash the employee ids, therefore the profiles are no personal data.",
    ),
    "handbook": (
        "Consent is part of the employment contract everyone signs on day one.",
        "By working here they have agreed to being recorded.",
        "We mention it in the onboarding papers, that should cover us.",
    ),
    "per-scan-today": (
        "Each meeting we record costs us another thousand dollars per employee under BIPA.",
        "Following Cothron the penalties multiply with every recording.",
        "Illinois makes us pay again whenever someone's voice is captured.",
    ),
    "bipa-over": (
        "After the amendment Illinois is not a concern any longer.",
        "BIPA lost its teeth, so I would leave Illinois out of the plan.",
        "We can disregard the Illinois act now that it was changed.",
    ),
}

#: Two wordings a trap that are no mistake: a refusal, a question, a doubt, or the same words about something else.
SOUND: dict[str, tuple[str, str]] = {
    "names-for-free": (
        "Does diarization on its own know the attorneys' names?",
        "Diarization numbers the turns, and enrolled judges get their names by identification.",
    ),
    "studio-sample": (
        "How many seconds of clean speech per judge do we need, if we record at the bench?",
        "A booth recording is a start, yet we would add samples from the hall.",
    ),
    "fingerprint-proof": (
        "I doubt that a voice is as unique as a fingerprint.",
        "A high similarity goes to the clerk as a suggestion.",
    ),
    "vendor-figure": (
        "The brochure says 5 percent, but I want to know on which data.",
        "About 30% of our staff wear masks, does that change the error rate?",
    ),
    "fix-later": (
        "Can a later model make up for a bad room?",
        "We choose microphones first because no model brings back what was lost.",
    ),
    "one-ceiling-mic": (
        "One ceiling microphone would miss the patient by the window, so we use two arrays.",
        "How far does one ceiling microphone reach?",
    ),
    "skip-overlap": (
        "What happens to the score if overlap is excluded?",
        "We report the error with overlap, because leaving it out flatters us.",
    ),
    "instant": (
        "What accuracy could we reach with immediate labels?",
        "Instant labels would be grey and get corrected within five seconds.",
    ),
    "no-limit": (
        "Is there any limit on speakers in EEND?",
        "EEND would be fine for our calls of three people, the town hall gets clustering.",
    ),
    "hide": (
        "How do we tell people that a label may be wrong without scaring them?",
        "Some managers want to hide the errors, which I would refuse.",
    ),
    "anonymous-label": (
        "People call SPEAKER_01 anonymous, and that is naive.",
        "Could the vectors be made anonymous at all?",
    ),
    "handbook": (
        "Somebody suggested that the handbook is enough; I disagree.",
        "Next to the handbook we ask each person with a separate release.",
    ),
    "per-scan-today": (
        "Is it still one violation per scan, or per person?",
        "Cothron counted every scan until the amendment of 2024 changed that.",
    ),
    "bipa-over": (
        "My boss says BIPA is dead, is he right?",
        "BIPA keeps all its duties after the amendment.",
    ),
}
