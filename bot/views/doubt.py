"""What can be said where there is no reference: no rate, but where to be careful, and what would settle it."""

from annotation.doubt import Doubts
from annotation.editing import speaker_key
from annotation.formats.writing import clock
from bot import ids
from bot.messenger import Message
from bot.score_screens import NEW_SPEAKER, Question, Sureness
from bot.views import blocks as b
from bot.views.modals import option, select
from bot.views.text import count, escape, shorten

NO_RATE = "Nobody has said yet what is right, so there is no error rate: agreement of a machine with itself is not DER."
_WAYS = (
    "To get a score: press *Fix labels*, or drop a reference into this thread "
    "(RTTM, Audacity labels, CSV, WebVTT, TextGrid or our JSON)."
)
_MOST_OPTIONS = 98


def build_doubt_message(found: Sureness) -> Message:
    """Return the honest card."""
    first = (
        "You have given a reference for this clip, so *Score* says how right the labels are. Beside that:"
        if found.has_reference
        else NO_RATE
    )
    lines = _lines(found)
    parts = [
        b.header(f"How sure is this? {found.clip_name}"),
        b.section(first),
        b.section("\n".join(f"• {escape(line)}" for line in lines)),
    ]
    said = [f"How sure is this? {found.clip_name}.", first.replace("*", ""), *lines]
    if found.questions:
        parts.append(b.section("*Settle it by ear.* These turns are the least certain:"))
        said.append("Settle it by ear. These turns are the least certain:")
    for number, question in enumerate(found.questions):
        text = _question_words(question, found)
        parts.append(b.section(escape(text)))
        said.append(text)
        if question.answer is None:
            parts.append(_answers(number, question, found))
    if any(q.answer and q.answer != "unsure" for q in found.questions):
        row = b.button("Score what I checked", f"{ids.SCORE_SHOW}.checked", found.clip_id)
        parts.append(b.actions([row]))
    if not found.has_reference:
        parts.append(b.context(_WAYS))
        said.append(_WAYS.replace("*", ""))
    return Message(text=shorten("\n".join(said), 3900), blocks=parts)


def _lines(found: Sureness) -> list[str]:
    doubts = found.doubts
    lines = [
        f"People talk at once for {doubts.overlap_s:.1f} s, {100 * doubts.overlap_share:.0f} % of the speech. "
        "Labels are least reliable there."
        if doubts.overlap_s > 0
        else "Nobody seems to talk at the same time as somebody else.",
        _count_words(found),
        _short_words(doubts),
    ]
    if found.median_margin is not None:
        lines.append(
            f"Each label's margin is how much closer the voice is to it than to the next label (0: no difference). "
            f"The middle one of {count(found.num_known, 'turn')} is {found.median_margin:.2f}; "
            f"{found.num_close or 'none'} {'is a close call' if found.num_close == 1 else 'are close calls'} under 0.10."
        )
    if doubts.little_heard and doubts.num_speakers > 1:
        who = ", ".join(found.names.get(s, s) for s in doubts.little_heard)
        lines.append(f"{who}: heard for under 3 s, and perhaps somebody else under a second label.")
    return lines


def _count_words(found: Sureness) -> str:
    number = count(found.doubts.num_speakers, "speaker")
    if found.count_range is None:
        return f"{number} found; how close a call that was is not known."
    fewest, most = found.count_range
    if fewest == most:
        return f"{number} found, also with a threshold 10 % lower or higher."
    return f"{number} found; a threshold 10 % lower or higher would have given {fewest} to {most}."


def _short_words(doubts: Doubts) -> str:
    if not doubts.num_short_turns:
        return "No turn is under 1 s."
    times = ", ".join(clock(turn.start_s, 1) for turn in doubts.shortest)
    verb = "is" if doubts.num_short_turns == 1 else "are"
    return f"{count(doubts.num_short_turns, 'turn')} {verb} under 1 s, too short to tell voices apart well: {times}."


def _question_words(question: Question, found: Sureness) -> str:
    turn = question.turn
    who = found.names.get(turn.speaker, turn.speaker)
    span = f"{clock(turn.start_s, 1)}-{clock(turn.end_s, 1)}"
    if question.answer == "yes":
        return f"{span}: {who}, as you confirmed."
    if question.answer == "unsure":
        return f"{span}: {who}, or not. You could not tell."
    if question.answer:
        label = question.answer.removeprefix("no:")
        return f"{span}: {found.names.get(label, label)}, you say, where we had heard {who}."
    example = question.example
    compare = f" Compare with {clock(example.start_s, 1)}-{clock(example.end_s, 1)}." if example else ""
    return f"{span}: is this {who} too?{compare}"


def _answers(number: int, question: Question, found: Sureness) -> b.BlockJson:
    who = found.names.get(question.turn.speaker, question.turn.speaker)
    value = f"{found.clip_id}|{question.key}"
    others = [s for s in found.speakers if s != question.turn.speaker][:_MOST_OPTIONS]
    options = [option(found.names.get(s, s), f"{value}|{speaker_key(s)}") for s in others]
    if (
        question.example or not others
    ):  # of a label with one turn alone, somebody else would be the same again
        options.append(option("Somebody else", f"{value}|{NEW_SPEAKER}"))
    at = clock(question.turn.start_s, 1)
    return {
        "type": "actions",
        "block_id": f"doubt.{number}.{question.key}",
        "elements": [
            b.button("Yes", f"{ids.DOUBT_YES}.{number}", value, label=f"Yes, {at} is {who}").to_dict(),
            select(f"{ids.DOUBT_NO}.{number}", options, placeholder="No, it is …"),
            b.button(
                "Can't tell", f"{ids.DOUBT_UNSURE}.{number}", value, label=f"Can't tell who speaks at {at}"
            ).to_dict(),
        ],
    }
