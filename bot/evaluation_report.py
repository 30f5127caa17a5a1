"""`python -m bot evaluate`: how right the labels are on people's own clips, without starting the bot."""

from datetime import datetime

from annotation.scoring import FOUR_SETTINGS, Score
from bot.use_cases.evaluate_labels import LEAST_CLIPS, Evaluation, evaluate_labels
from storage.database import Database

_HEAD = (
    "DER of the machine's labels against people's corrections, of clips whose uploaders ticked that their "
    "corrections may be used for this. People correct what they notice, so the truth is kind to the machine."
)


def evaluation_report(database: Database, now: datetime) -> str:
    """Return the figures as text; groups of few clips are named without figures."""
    found = evaluate_labels(database, now)
    if not found:
        return f"{_HEAD}\nNo such clip has been corrected yet: not measured.\n"
    return "\n".join([_HEAD, *(line for one in found for line in _lines(one))]) + "\n"


def _lines(one: Evaluation) -> list[str]:
    if one.settings is None:
        return [f"{one.group}: {one.num_clips} of at least {LEAST_CLIPS} clips, so not shown"]
    head = f"{one.group}: {one.num_clips} clips"
    return [head, *(f"  {setting.title}: {_rate(one.settings[setting.key])}" for setting in FOUR_SETTINGS)]


def _rate(score: Score) -> str:
    if score.der_percent is None:
        return "no reference speech"
    return (
        f"{score.der_percent:.1f} % (missed {score.missed_s:.1f} s, false alarm {score.false_alarm_s:.1f} s, "
        f"wrong speaker {score.confusion_s:.1f} s, of {score.scored_speaker_s:.1f} s)"
    )
