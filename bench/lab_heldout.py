"""How else learners put the labs' mistakes, and sound thoughts that sound alike.

Written before the rules that look for them and never used to adjust them: `python -m bench.labs` reports how many
of the mistakes are recognised and how many of the sound thoughts are taken for one. When a rule was changed after
looking at one of these lines, replace the line.
"""

#: Three wordings a trap.
MISTAKES: dict[str, tuple[str, str, str]] = {
    "names-for-free": (
        "We run diarization and get a transcript with every lawyer's name on it.",
        "Diarization figures out that speaker two is the defence attorney.",
        "You don't need enrolment, diarization knows the people in the room.",
    ),
    "studio-sample": (
        "I'd record every judge for one minute in my office and never touch it again.",
        "A short voice note from each attorney should do.",
        "High-quality reference audio taken once is good enough for the whole trial.",
    ),
    "fingerprint-proof": (
        "A voice identifies a person as reliably as a fingerprint does.",
        "With a match of 98 percent there is no doubt who spoke.",
        "Nobody sounds exactly like somebody else, so mix-ups are impossible.",
    ),
    "vendor-figure": (
        "Our supplier states 5 % DER, I would write that figure into the offer.",
        "The paper reports 8%, so the ward should be at 8% as well.",
        "They benchmarked at 6 percent, we can rely on that.",
    ),
    "fix-later": (
        "It does not matter where the mics hang, AI sorts it out.",
        "Next year's model will deal with the noise, let us not spend money on hardware.",
        "We could start with laptop microphones and swap the model when a better one comes.",
    ),
    "one-ceiling-mic": (
        "One mic on the ceiling picks up the entire room.",
        "A single microphone in the centre is all the ward needs.",
        "I would install just a ceiling microphone, that covers staff and patients.",
    ),
    "skip-overlap": (
        "Overlap is so rare that we take it out of the test.",
        "For scoring we remove the moments in which two people talk.",
        "Simultaneous speech should not be part of the metric.",
    ),
    "instant": (
        "Captions have to be immediate and correct at the same time.",
        "Zero latency without losing accuracy is our goal.",
        "Why wait? The label can be shown at once and still be right every time.",
    ),
    "no-limit": (
        "EEND copes with however many speakers join.",
        "End-to-end models do not care how many people are in the call.",
        "We pick EEND because it works for town halls with two hundred people.",
    ),
    "hide": (
        "We keep the errors quiet.",
        "If a word is lost, no user is going to realise it.",
        "I would not put a note about mistakes into the interface.",
    ),
    "anonymous-label": (
        "Numbers instead of names, so GDPR is none of our business.",
        "Embeddings can't be traced back to anyone, they are anonymous.",
        "There are no names in the database, hence nothing personal.",
    ),
    "handbook": (
        "It's in their contract, so they have already consented.",
        "All employees clicked accept on the company policy, that is enough consent.",
        "Whoever works here agreed to it on their first day.",
    ),
    "per-scan-today": (
        "BIPA fines us for each time a voice is scanned.",
        "Two hundred meetings mean two hundred violations per worker in Illinois.",
        "Under Cothron every single recording is a new claim we have to pay.",
    ),
    "bipa-over": (
        "Since the reform BIPA is nothing to worry about.",
        "Illinois softened its law, so we need no release any more.",
        "BIPA is basically dead since the amendment.",
    ),
}

#: Two wordings a trap that are no mistake: a refusal, a question, a doubt, or the same words about something else.
SOUND: dict[str, tuple[str, str]] = {
    "names-for-free": (
        "Diarization gives us numbers and the clerk adds the names.",
        "Who tells the system that SPEAKER_01 is the judge?",
    ),
    "studio-sample": (
        "One clean sample would not survive the echo of that hall.",
        "Do we need more than one sample per judge?",
    ),
    "fingerprint-proof": (
        "Can a score ever be proof in a hearing?",
        "Twins show that voices are not like fingerprints.",
    ),
    "vendor-figure": (
        "The vendor says 5% and I would like to see that on our own recordings.",
        "We expect 20 percent of the beds to be empty, is that a problem?",
    ),
    "fix-later": (
        "We settle the microphones now, a model can be changed later.",
        "How much does a better model win back in a bad room?",
    ),
    "one-ceiling-mic": (
        "Besides the ceiling microphone every nurse gets a lapel.",
        "One microphone is not enough for six beds.",
    ),
    "skip-overlap": (
        "We never drop overlap, that is where the urgent things are said.",
        "Would you score overlap or skip it?",
    ),
    "instant": (
        "Nobody gets instant labels and full accuracy together.",
        "We show an instant guess and correct it after three seconds.",
    ),
    "no-limit": (
        "For fifty people I would not take EEND.",
        "How many people can EEND label at most?",
    ),
    "hide": (
        "We tell users that labels may be wrong.",
        "Should we show errors in the interface or only in the manual?",
    ),
    "anonymous-label": (
        "I don't think that numbered speakers are anonymous.",
        "With figures per team and no vectors, is the data still personal?",
    ),
    "handbook": (
        "A clause in the contract is no free consent.",
        "Must we ask again if the handbook already mentions recordings?",
    ),
    "per-scan-today": (
        "Since 2024 it is one recovery per person and no longer per scan.",
        "What would it cost per meeting if the law had not changed?",
    ),
    "bipa-over": (
        "BIPA still matters after 2024.",
        "Does the amendment mean that we can ignore BIPA?",
    ),
}
