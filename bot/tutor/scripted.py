"""The lab persona without a model: a small guide that answers from the lesson's own facts."""

from collections.abc import Iterator
from typing import Literal

from bot.tutor.passages import PassageIndex
from bot.tutor.protocol import Conversation
from bot.tutor.scripted_reply import Reply
from bot.tutor.words import sentences
from course.model import Module

#: Versions of the course in use at once; more than a few are old ones.
_MAX_INDEXES = 4


class ScriptedTutor:
    """Plays a persona from the lesson alone; the same conversation always gets the same reply."""

    kind: Literal["scripted"] = "scripted"

    def __init__(self) -> None:
        # An index is the same for everybody and takes longer to make than a reply.
        self._indexes: dict[str, PassageIndex] = {}

    def reply(self, conversation: Conversation) -> Iterator[str]:
        """Yield the reply sentence by sentence."""
        paragraphs = Reply(conversation, self._index(conversation.module)).paragraphs()
        yield from sentences("\n\n".join(paragraph for paragraph in paragraphs if paragraph))

    def _index(self, module: Module) -> PassageIndex:
        index = self._indexes.get(module.version) or PassageIndex(module)
        if module.version:  # without one, two modules could not be told apart
            if len(self._indexes) >= _MAX_INDEXES:
                self._indexes.clear()
            self._indexes[module.version] = index
        return index
