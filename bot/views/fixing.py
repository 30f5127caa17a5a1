"""Modals in which labels are named and corrected."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from annotation.editing import key_of, speaker_key
from annotation.formats.writing import clock
from annotation.model import Turn, Word
from bot import ids
from bot.score_screens import MAX_NAME_CHARS, NEW_SPEAKER, TURNS_PER_PAGE, FixScreen, NameForm, TurnForm
from bot.views import blocks as b
from bot.views.modals import checkbox_input, modal, option, select, select_input, text_input
from bot.views.text import escape, shorten

JOIN, REMOVE = "join", "remove"
_WORDS_CHARS = 160
_NUM_OPTIONS = 99


def build_name_view(form: NameForm) -> dict[str, Any]:
    """Return the form in which labels are given names."""
    intro = b.section(
        "Names stay with this clip and are never compared with another. Listen where each label speaks longest."
    )
    fields = [
        text_input(
            f"{ids.NAMES_FIELD}.{number}",
            shorten(label, 60),
            initial=name,
            hint=f"Longest from {clock(turn.start_s, 1)} to {clock(turn.end_s, 1)}",
            max_length=MAX_NAME_CHARS,
            is_optional=True,
        )
        for number, (label, turn, name) in enumerate(form.rows)
    ]
    # A later run may number the labels anew while the form is open: each field keeps to its own label.
    metadata = {"clip": form.clip_id, "labels": [speaker_key(label) for label, _, _ in form.rows]}
    return modal("Name speakers", ids.NAMES_SAVE, metadata, [intro, *fields], submit="Save", close="Cancel")


def build_fix_view(screen: FixScreen, fault: str = "") -> dict[str, Any]:
    """Return a page of turns: who speaks is chosen in the list, all else behind the button beside it."""
    blocks: list[b.BlockJson] = []
    if fault:
        blocks.append(b.section(f":warning: {escape(fault)}"))
    blocks.append(b.context(escape(_standing(screen))))
    blocks += _speaker_blocks(screen)
    for number, turn in enumerate(screen.turns):
        blocks += _turn_blocks(screen, turn, number)
    if not screen.turns:
        blocks.append(b.section("No turn is left."))
    if screen.num_pages > 1:
        blocks += [b.divider(), _pages(screen)]
    metadata = {"clip": screen.clip_id, "page": screen.page}
    return modal("Fix labels", ids.FIX_SAVE, metadata, blocks, submit="Save and score", close="Close")


def build_turn_view(form: TurnForm) -> dict[str, Any]:
    """Return the form in which one turn is moved, given away, split, joined or removed."""
    turn = form.turn
    blocks = [
        text_input(
            ids.FIX_START, "Starts at", initial=time_text(turn.start_s), hint="Such as 0:07 or 0:07.25"
        ),
        text_input(ids.FIX_END, "Ends at", initial=time_text(turn.end_s)),
        select_input(
            ids.FIX_SPEAKER, "Who speaks", _speakers(ids.FIX_SPEAKER, form.speakers, form.names, turn.speaker)
        ),
        text_input(
            ids.FIX_SPLIT,
            "Split at",
            hint="Cuts the turn in two. If you chose somebody else above, only the second part goes to them.",
            placeholder=f"Between {time_text(turn.start_s)} and {time_text(turn.end_s)}",
            is_optional=True,
        ),
    ]
    boxes = [option("Nobody speaks here: remove this turn", REMOVE)]
    if form.following:
        after = form.following
        who = form.names.get(after.speaker, after.speaker)
        boxes.insert(
            0, option(shorten(f"Join with the next turn, {time_text(after.start_s)} {who}", 75), JOIN)
        )
    blocks.append(checkbox_input(ids.FIX_MORE, "Or", boxes))
    metadata = {"clip": form.clip_id, "page": form.page, "key": form.key, "root": form.root_view_id}
    return modal("One turn", ids.FIX_TURN_SAVE, metadata, blocks, submit="Change", close="Back")


def build_add_view(screen: FixScreen, root_view_id: str) -> dict[str, Any]:
    """Return the form for a turn that was not heard at all."""
    speakers = _speakers(ids.FIX_SPEAKER, screen.draft.speakers, screen.names, "")
    blocks = [
        text_input(ids.FIX_START, "Starts at", hint="Such as 0:07 or 0:07.25"),
        text_input(ids.FIX_END, "Ends at"),
        select_input(ids.FIX_SPEAKER, "Who speaks", speakers),
    ]
    metadata = {"clip": screen.clip_id, "page": screen.page, "root": root_view_id}
    return modal("Add a turn", ids.FIX_ADD_SAVE, metadata, blocks, submit="Add", close="Back")


def time_text(time_s: float) -> str:
    """Return a time as it is typed, to the millisecond where it has any.

    >>> time_text(67.25), time_text(3.0)
    ('1:07.25', '0:03')
    """
    return clock(time_s, 3).rstrip("0").rstrip(".")


def build_rename_view(screen: FixScreen, root_view_id: str) -> dict[str, Any]:
    """Return the form in which a speaker of the draft is called something else."""
    speakers = _options(screen.draft.speakers, screen.names)
    blocks = [
        select_input(ids.FIX_SPEAKER, "Speaker", select(ids.FIX_SPEAKER, speakers, placeholder="Who")),
        text_input(
            ids.FIX_NAME,
            "Is called",
            hint="Kept with this correction, and taken back with it. Leave it empty to go back to the number.",
            max_length=MAX_NAME_CHARS,
            is_optional=True,
        ),
    ]
    metadata = {"clip": screen.clip_id, "page": screen.page, "root": root_view_id}
    return modal("Rename a speaker", ids.FIX_RENAME_SAVE, metadata, blocks, submit="Rename", close="Back")


def _standing(screen: FixScreen) -> str:
    began = "our labels" if screen.base_version == 0 else f"version {screen.base_version} of your reference"
    state = "with corrections that are not saved yet" if screen.is_changed else "unchanged so far"
    first = screen.page * TURNS_PER_PAGE + 1
    where = (
        f"Turns {first} to {first + len(screen.turns) - 1} of {len(screen.draft.turns)}. "
        if screen.num_pages > 1
        else ""
    )
    return (
        f"{where}From {began}, {state}. Saving says that all turns are right as they stand here; "
        "our labels are scored against that. What we had heard is kept beside it."
    )


def _speaker_blocks(screen: FixScreen) -> list[b.BlockJson]:
    row: list[dict[str, Any]] = []
    speakers = screen.draft.speakers
    if len(speakers) > 1:
        options = _options(speakers, screen.names)
        row += [
            select(ids.FIX_MERGE_FROM, options, placeholder="Speaker …"),
            select(ids.FIX_MERGE_INTO, options, placeholder="is really …"),
            b.button("Merge the two", ids.FIX_MERGE, label="Merge one speaker into another").to_dict(),
        ]
    row.append(b.button("Add a turn", ids.FIX_ADD, label="Add a turn that was not heard").to_dict())
    if speakers:
        row.append(b.button("Rename", ids.FIX_RENAME, label="Call a speaker something else").to_dict())
    if screen.is_changed:
        row.append(b.button("Start over", ids.FIX_DROP, label="Forget corrections not saved").to_dict())
    # What was chosen here is forgotten as soon as there are other speakers to choose from.
    block_id = f"{ids.FIX_MERGE_BLOCK}.{speaker_key(chr(10).join(speakers))}"
    return [{"type": "actions", "block_id": block_id, "elements": row}, b.divider()]


def _turn_blocks(screen: FixScreen, turn: Turn, number: int) -> list[b.BlockJson]:
    who = screen.names.get(turn.speaker, turn.speaker)
    said = _words(screen.words, turn)
    line = f"`{clock(turn.start_s, 1)}-{clock(turn.end_s, 1)}` *{escape(shorten(who, 60))}* {escape(said)}".rstrip()
    key = key_of(turn)
    action_row = {
        "type": "actions",
        # The number keeps twins apart; the key forgets what was chosen once the turn has changed.
        "block_id": f"{number}.{key}",
        "elements": [
            _speakers(f"{ids.FIX_REASSIGN}.{number}", screen.draft.speakers, screen.names, turn.speaker),
            b.button(
                "Edit",
                f"{ids.FIX_TURN}.{number}",
                key,
                label=f"Times, split or join the turn at {clock(turn.start_s, 1)}",
            ).to_dict(),
        ],
    }
    return [b.section(line), action_row]


def _pages(screen: FixScreen) -> b.BlockJson:
    row = []
    if screen.page > 0:
        row.append(b.button("Earlier turns", f"{ids.FIX_PAGE}.back", str(screen.page - 1)))
    if screen.page + 1 < screen.num_pages:
        row.append(b.button("Later turns", f"{ids.FIX_PAGE}.next", str(screen.page + 1)))
    return b.actions(row)


def _speakers(
    action_id: str, speakers: Sequence[str], names: Mapping[str, str], chosen: str
) -> dict[str, Any]:
    options = [*_options(speakers, names)[: _NUM_OPTIONS - 1], option("A new speaker", NEW_SPEAKER)]
    return select(action_id, options, chosen=speaker_key(chosen), placeholder="Who speaks")


def _options(speakers: Sequence[str], names: Mapping[str, str]) -> list[dict[str, Any]]:
    # The label stands beside a name only where it is needed: a phone has room for little more than a name.
    shared = {name for name, uses in Counter(names.get(s, s) for s in speakers).items() if uses > 1}
    texts = {s: f"{names[s]} ({s})" if names.get(s) in shared else names.get(s, s) for s in speakers}
    return [option(texts[s], speaker_key(s)) for s in speakers[:_NUM_OPTIONS]]


def _words(words: Sequence[Word], turn: Turn) -> str:
    inside = (w.text.strip() for w in words if turn.start_s <= (w.start_s + w.end_s) / 2 <= turn.end_s)
    return shorten(" ".join(inside), _WORDS_CHARS)
