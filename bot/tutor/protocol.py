"""What a lab persona takes and gives, whoever plays it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, Protocol

from course.model import Lab, Lesson, Module

#: Who wrote a reply: one tutor alone, or "both" where the guide took over from a model in the middle.
Author = Literal["anthropic", "scripted", "both"]


@dataclass(frozen=True, slots=True)
class LabTurn:
    """One message of a lab conversation."""

    role: Literal["learner", "persona"]
    text: str
    #: Of a persona's reply, where it is known.
    author: Author | None = None


@dataclass(frozen=True, slots=True)
class Conversation:
    """All a tutor is told: the lab, where it stands in the module, and what was said."""

    module: Module
    lesson: Lesson
    lab: Lab
    #: In order; the last one is the learner's.
    turns: tuple[LabTurn, ...]


class TutorUnavailableError(Exception):
    """The model cannot answer now.

    `kind` says why; the message is a kind sentence for the learner and never names keys or money.
    """

    def __init__(
        self,
        kind: Literal["refusal", "overloaded", "rate_limit", "no_credit", "timeout", "auth", "other"],
        message: str,
    ) -> None:
        super().__init__(message)
        self.kind = kind


@dataclass(frozen=True, slots=True)
class Usage:
    """What one reply cost."""

    model: str
    #: Neither read from a cache nor written into one.
    input_tokens: int
    output_tokens: int
    cached_tokens: int = 0
    cache_write_tokens: int = 0


class Tutor(Protocol):
    """Streams the persona's reply to the learner's last turn."""

    @property
    def kind(self) -> Literal["anthropic", "scripted"]:
        """Who plays the persona."""
        ...

    def reply(self, conversation: Conversation) -> Iterator[str]:
        """Yield the reply in pieces of plain Markdown; raises `TutorUnavailableError`, perhaps midway."""
        ...
