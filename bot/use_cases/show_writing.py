"""A reply while it is being written: streamed, updated now and then, or kept back until it is whole."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from bot.deps import Deps
from bot.views.lab import build_unfinished_message
from bot.views.text import Tamer, tame

#: "stream": text flows into the message. "edits": the message is updated. "whole": only the typing status
#: shows until the reply is posted, as Slack has no room for more at the moment.
Manner = Literal["stream", "edits", "whole"]

#: Between two pieces, and two updates, of one reply.
_EVERY_S = 1.0
#: Two words alone are not worth a call, unless nothing follows them for a while.
_MIN_CHARS = 60
_PATIENCE_S = 0.6


def choose_manner(deps: Deps, team_id: str, *, can_stream: bool = True) -> Manner:
    """Return the most pleasant manner there is room for in this minute."""
    manner: Manner = "whole"
    if can_stream and deps.courtesies.streams.take(team_id):
        manner = "stream"
    elif deps.courtesies.edits.take(team_id):
        manner = "edits"
    return manner


@dataclass(slots=True)
class Writing:
    """One reply on its way into its message."""

    deps: Deps
    team_id: str
    channel_id: str
    ts: str
    manner: Manner
    clock: Callable[[], float] = time.monotonic

    def show(self, pieces: Iterable[str]) -> str:
        """Show the pieces as they come, at most about one call a second, and return the whole text."""
        text, waiting, tamer, shown_at = "", "", Tamer(), self.clock() - _EVERY_S
        for piece in pieces:
            text += piece
            waiting += tamer.add(piece)
            if self._is_due(waiting, self.clock() - shown_at) and self._send(text, waiting):
                waiting, shown_at = "", self.clock()
        return text

    @staticmethod
    def _is_due(waiting: str, waited_s: float) -> bool:
        is_much = len(waiting) >= _MIN_CHARS or waited_s >= _EVERY_S + _PATIENCE_S
        return bool(waiting.strip()) and is_much and waited_s >= _EVERY_S

    def _send(self, text: str, waiting: str) -> bool:
        """Show what is new; False when it has to wait for the next time."""
        messenger, courtesies = self.deps.messenger_for(self.team_id), self.deps.courtesies
        if self.manner == "stream":
            if not courtesies.pieces.take(self.team_id):
                return False
            if not messenger.append_stream(self.channel_id, self.ts, waiting):
                messenger.stop_stream(self.channel_id, self.ts)
                self.manner = "edits"
            return True
        if self.manner == "edits" and courtesies.edits.take(self.team_id):
            # What comes next shows more, so nobody waits where Slack asks for a rest.
            return messenger.update_soon(self.channel_id, self.ts, build_unfinished_message(tame(text)))
        return False
