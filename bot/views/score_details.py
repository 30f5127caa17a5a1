"""The lists of the score card: what to hear again, how each speaker fared, and the words."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from annotation.formats.writing import clock
from annotation.scoring import SpeakerScore, Stretch, WordErrors
from annotation.scoring.report import CAUSE_WORDS, KIND_WORDS
from bot.score_screens import Feedback
from bot.views.text import count, shorten

_NUM_STRETCHES = 5
#: More speakers than these would push the rest of the card out of sight.
_NUM_SPEAKERS = 8
_NAME_CHARS = 40
_YOU = "you wrote"
#: Shorter ones nobody could hear.
_LEAST_STRETCH_S = 0.1


class Names(NamedTuple):
    """What people call the labels that are scored, and the speakers of the reference."""

    labels: Mapping[str, str]
    reference: Mapping[str, str]


def details(feedback: Feedback) -> list[tuple[str, list[str]]]:
    """Return the lists of a card, each with its title."""
    found: list[tuple[str, list[str]]] = []
    who = _YOU if feedback.scored == "own" else "we heard"
    names = Names(feedback.names, feedback.reference_names)
    worst = [stretch_words(s, names, who=who) for s in audible(feedback.card.worst)]
    if feedback.card.worst and not worst:
        worst = [f"Nothing: no error is longer than {_LEAST_STRETCH_S:g} s."]
    if worst:
        found.append(("Listen to these again", worst))
    if feedback.card.speakers and not feedback.checked:  # a few turns say nothing of a speaker
        found.append(("Speaker by speaker", _speaker_lines(feedback, names)))
    if feedback.words:
        draft = " The words are a rough offline draft." if feedback.words_are_draft else ""
        lines = [f"Word error rate {_word_rate(feedback.words.wer)}.{draft}"]
        if feedback.words.cpwer:
            lines.append(
                f"Words under the right speaker as well (cpWER): {_word_rate(feedback.words.cpwer)}."
            )
        found.append(("Words", lines))
    return found


def stretch_words(stretch: Stretch, names: Names, *, who: str = "we heard") -> str:
    """Return one stretch as a time to listen to again, what is wrong there, and why that may be."""
    there = called(stretch.reference_speakers, names.reference)
    heard = called(stretch.hypothesis_speakers, names.labels)
    sides = f"{there} by the reference, {who} {heard}"
    span = f"{clock(stretch.start_s, 1)}-{clock(stretch.end_s, 1)}"
    # What makes two voices alike to a machine is no reason why a person wrote the wrong one.
    is_guess = who == _YOU and stretch.cause in {"similar_voices", "other"}
    cause = "" if is_guess else f"; {CAUSE_WORDS[stretch.cause]}"
    return f"{span}: {stretch.error_s:.1f} s of {KIND_WORDS[stretch.kind]} ({sides}){cause}."


def audible(stretches: Sequence[Stretch]) -> list[Stretch]:
    """Return the stretches that are long enough to be heard."""
    return [one for one in stretches if one.error_s >= _LEAST_STRETCH_S][:_NUM_STRETCHES]


def called(speakers: Sequence[str], names: Mapping[str, str]) -> str:
    """Return several speakers as people call them."""
    shown = [shorten(names.get(speaker, speaker), _NAME_CHARS) for speaker in speakers]
    return " and ".join(shown) or "nobody"


def _speaker_lines(feedback: Feedback, names: Names) -> list[str]:
    """Return who was taken for whom, and how each fared, with the mean that lets every speaker weigh the same."""
    card = feedback.card
    heard = sorted(card.speakers, key=lambda one: -one.reference_s)
    shown = [one for one in heard if one.reference_s > 0][:_NUM_SPEAKERS]
    lines = [_speaker_line(one, names, is_own=feedback.scored == "own") for one in shown]
    num_more = sum(one.reference_s > 0 for one in heard) - len(shown)
    if num_more:
        lines.append(f"And {count(num_more, 'speaker')} more.")
    if card.jer.percent is not None:
        lines.append(
            f"Jaccard error rate: {card.jer.percent:.1f} %. It is the mean over speakers, so each weighs the same."
        )
    return lines


def _speaker_line(one: SpeakerScore, names: Names, *, is_own: bool) -> str:
    speaker = shorten(names.reference.get(one.speaker, one.speaker), _NAME_CHARS)
    found = f"{one.found_s:.1f} of {one.reference_s:.1f} s found, {one.extra_s:.1f} s too much"
    if one.mapped_to is None:
        return f"{speaker}: no label of {'yours' if is_own else 'ours'} stands for them, {one.reference_s:.1f} s."
    label = shorten(names.labels.get(one.mapped_to, one.mapped_to), _NAME_CHARS)
    return f"{speaker} is {'your' if is_own else 'our'} {label}: {found}."


def _word_rate(errors: WordErrors) -> str:
    return f"{errors.percent:.1f} %: {errors.num_errors} errors in {count(errors.num_reference, 'word')}"
