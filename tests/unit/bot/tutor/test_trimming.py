"""A conversation is cut to size without losing its beginning or its end."""

from hypothesis import given
from hypothesis import strategies as st

from bot.tutor.protocol import LabTurn
from bot.tutor.trimming import alternating, estimated_tokens, trimmed

TURNS = st.lists(
    st.builds(LabTurn, st.sampled_from(["learner", "persona"]), st.text(max_size=200)),
    min_size=0,
    max_size=30,
)
LATEST = st.builds(LabTurn, st.just("learner"), st.text(max_size=3000))


@given(TURNS, LATEST, st.integers(200, 2000))
def test_fits_and_keeps_the_first_persona_turn_and_the_latest(turns, latest, max_tokens):
    kept = trimmed([*turns, latest], max_tokens)
    assert sum(estimated_tokens(turn.text) for turn in kept) <= max_tokens
    assert kept[-1].text[:20] == latest.text[:20]
    first = next((turn for turn in turns if turn.role == "persona"), None)
    assert first is None or any(turn.text[:20] == first.text[:20] for turn in kept)


@given(TURNS, LATEST)
def test_short_conversations_are_left_alone(turns, latest):
    every = (*turns, latest)
    assert trimmed(every, 100_000) == every


@given(TURNS, LATEST)
def test_roles_take_turns_from_learner_to_learner_and_nothing_is_empty(turns, latest):
    shaped = alternating([*turns, latest])
    roles = [turn.role for turn in shaped]
    assert roles == ["learner", "persona"] * (len(roles) // 2) + ["learner"]
    assert all(turn.text.strip() for turn in shaped)


def test_newest_turns_stay():
    turns = [LabTurn("persona", "Welcome.")]
    turns += [LabTurn("learner" if at % 2 == 0 else "persona", f"{at} " + "x" * 100) for at in range(41)]
    kept = trimmed(turns, 400)
    assert kept[0].text == "Welcome."
    assert [turn.text.split()[0] for turn in kept[1:]] == [str(at) for at in range(41 - len(kept) + 1, 41)]


def test_very_long_latest_turn_loses_its_middle():
    kept = trimmed([LabTurn("learner", "begin " + "x" * 50_000 + " end")], 1000)
    assert kept[0].text.startswith("begin")
    assert kept[0].text.endswith("end")
    assert " […] " in kept[0].text
