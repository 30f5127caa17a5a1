"""What listeners and jobs are given."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.courtesies import Courtesies
from bot.directory import Directory, no_directory
from bot.messenger import Messenger
from bot.tutor.breaker import Breaker
from bot.tutor.prices import Price, price_of
from bot.tutor.protocol import Tutor, Usage
from course.model import Module
from storage.database import Database


@dataclass(frozen=True, kw_only=True, slots=True)
class Deps:
    """Collaborators, passed in and never looked up."""

    database: Database
    #: Returns the module as it is now; an edit that broke it leaves the last good one.
    current_module: Callable[[], Module]
    messenger_for: Callable[[str], Messenger]
    #: Returns the tutor of a kind, who says what each reply cost; None when that kind is not set up.
    tutor_of: Callable[[str, Callable[[Usage], None]], Tutor | None]
    now: Callable[[], datetime]
    new_id: Callable[[], str]
    new_seed: Callable[[], int]
    #: Returns a course figure by its file name in the module; None when there is none.
    read_figure: Callable[[str], bytes | None]
    #: Returns one of our practice files by its name; None when there is none.
    read_example: Callable[[str], bytes | None] = lambda _: None
    clip_retention_days: int = 30
    lab_retention_days: int = 90
    #: How long after a module test the next one may begin.
    test_retake: timedelta = timedelta(hours=12)
    #: The language model's name, shown in the lab's notice; None when only the scripted guide is set up.
    model_name: str | None = None
    #: What a learner may use of the model in any 24 hours, and a workspace in a calendar month (UTC).
    lab_tokens_per_day: int = 200_000
    lab_tokens_per_month: int = 5_000_000
    #: Returns what a model's tokens cost; None when that is not known.
    price_of: Callable[[str], Price | None] = price_of
    #: Lets a model that failed rest before anybody waits for it again.
    breaker: Breaker = field(default_factory=Breaker)
    courtesies: Courtesies = field(default_factory=Courtesies)
    #: Says who is in a workspace.
    directory_for: Callable[[str], Directory] = no_directory
    #: Becomes a manager where there is none; empty when nobody was named.
    installer_id: str = ""
