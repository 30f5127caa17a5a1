"""The first manager: whom the settings name, or `python -m bot appoint` on the word of whoever runs the bot."""

import argparse
import logging
import sys

from bot.deps import Deps
from bot.errors import StartError
from bot.use_cases.manage_roles import (
    ADVICE,
    AccountOffError,
    NotAMemberError,
    appoint_from_outside,
    seed_manager,
)

logger = logging.getLogger(__name__)


def seed_first_manager(deps: Deps, team_id: str) -> None:
    """Make whom the settings name a manager, where nobody is.

    Raises:
        StartError: That is nobody's id, or not a person's who could be one.
    """
    try:
        seed_manager(deps, team_id, deps.installer_id)
    except AccountOffError as error:  # learners go on without
        logger.warning("Nobody manages the course: %s %s", error, ADVICE)
    except NotAMemberError as error:
        raise StartError(
            f"WHOSPOKE_INSTALLER_ID={deps.installer_id}: {error} Copy the member ID of whoever shall manage the "
            "course from their Slack profile, or leave the setting out."
        ) from None


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("user_id", help="the member ID from their Slack profile, such as U0123ABCD")
    parser.add_argument("--role", choices=["manager", "reviewer"], default="manager")


def run_appoint(asked: argparse.Namespace, deps: Deps, team_id: str) -> int:
    """Appoint somebody; returns the exit status."""
    try:
        member = appoint_from_outside(deps, team_id, asked.user_id, asked.role)
    except NotAMemberError as error:
        sys.stderr.write(f"{asked.user_id}: {error}\n")
        return 2
    sys.stdout.write(f"{member.name} is a {asked.role} now. They see it when they open the Home tab.\n")
    return 0
