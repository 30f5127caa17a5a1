"""Somebody in distress is recognised in the languages people write in; everyday talk is left alone."""

import pytest

from bot.tutor.distress import is_distress

#: The wordings that the rules were made from.
KNOWN = [
    "I don't want to live anymore",
    "I want to kill my self",
    "I feel hopeless and can't do this any more",
    "my boss hit me yesterday",
    "I'm thinking of ending it all",
    "kms",
    "honestly i can't go on like this",
    "my manager keeps bullying me",
    "sometimes I am self-harming",
    "Ich will nicht mehr leben",
    "quiero morir",
    "Ich möchte einfach nur noch sterben.",
]

#: Wordings that were written down before the rules and not used to adjust them.
HELD_OUT = [
    "lately i just wish i was never born",
    "Everybody would be better off without me.",
    "I see no point in going on.",
    "there is nothing left to live for, sorry",
    "He threatened me after the stand-up and I am scared for my life.",
    "I've been beaten by my husband again",
    "A colleague groped me in the lift.",
    "i am so tired of living",
    "Do you think suicide hurts?",
    "I might just hang myself tonight",
    "I no longer want to be here anymore",
    "my team lead is harassing me and I do not know what to do",
    "Mein Chef hat mich gestern geschlagen",
    "ich kann nicht mehr, alles ist sinnlos",
    "j'ai envie de mourir",
    "Mon mari me frappe.",
    "ya no quiero vivir así, no quiero vivir",
    "mi jefe me amenaza cada día",
    "non voglio più vivere",
    "quero morrer",
    "ik wil niet meer leven",
    "死にたい",
    "я не хочу жить",
]

HARMLESS = [
    "this meeting kills me",
    "There is dead air for ten seconds.",
    "kill the microphone after the session",
    "The battery is going to die before the hearing ends",
    "The noise hit me only when I listened again",
    "It hit me that the clerk has to check",
    "We can't go on like this, users complain about wrong names",
    "I am hopeless at statistics, what is a threshold?",
    "I feel hopeless about this room's echo",
    "We transcribe suicide hotlines, is that a special category?",
    "The process is killed when memory runs out",
    "We want the old model to die quietly",
    "He hit me with a hard question about consent",
    "We end it after thirty days",
    "A speaker may be harassed by callers, so consent matters",
    "I can't take another ceiling microphone",
    "They cut my self-introduction from the transcript",
    "Beat detection and overlap hit the score",
    "Ich kann nicht mehr als drei Sprecher unterscheiden",
    "No puedo más que dos micrófonos poner",
    "The dying signal at the end of a segment",
    "I'd rather die-cut the labels",
]

#: What is expected of wordings nobody has seen; no list knows them all.
LEAST_RECALL = 0.85


@pytest.mark.parametrize("text", KNOWN)
def test_known_wordings(text):
    assert is_distress(text)


def test_wordings_that_the_rules_were_not_made_from():
    missed = [text for text in HELD_OUT if not is_distress(text)]
    assert len(missed) <= (1 - LEAST_RECALL) * len(HELD_OUT), missed


@pytest.mark.parametrize("text", HARMLESS)
def test_everyday_talk_is_left_alone(text):
    assert not is_distress(text)


def test_accents_may_come_apart():
    assert is_distress("na\u0303o quero viver")
