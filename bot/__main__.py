"""`python -m bot`, and `report`, `appoint USER_ID` and `evaluate`, which do one thing and end.

The composition root: settings -> collaborators -> app -> Socket Mode (development) or HTTP (production).
"""

import argparse
import logging
import os
import secrets
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from pathlib import Path
from types import FrameType

import anthropic
from pydantic import ValidationError
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot import appoint, report
from bot.app import build_app
from bot.appoint import run_appoint, seed_first_manager
from bot.content import CourseInUse
from bot.deps import Deps
from bot.errors import StartError
from bot.evaluation_report import evaluation_report
from bot.jobs import register_jobs
from bot.prompt_messenger import PromptMessenger
from bot.report import run_report
from bot.retry_policy import TOKEN_REFUSALS
from bot.serving import serve_http, serve_socket
from bot.settings import ReportSettings, Settings
from bot.slack_clients import make_client
from bot.slack_directory import SlackDirectory
from bot.slack_messenger import SlackMessenger
from bot.tutor.anthropic import AnthropicTutor
from bot.tutor.breaker import Breaker
from bot.tutor.prices import price_of
from bot.tutor.protocol import Tutor, Usage
from bot.tutor.scripted import ScriptedTutor
from bot.use_cases.tell_of_lost import ask_to_tell
from course.errors import ContentError
from course.loader import Watched, default_folder
from storage.database import Database
from storage.errors import StorageError
from storage.jobs import JobRunner, QueueSpec
from storage.later_tries import LaterTries
from storage.log import start_log

_WAIT_FOR_OTHERS_S = 60.0
_PAUSE_S = 0.3
_STOP_S = 3.0
#: The longest a courtesy of a job, and anything of a listener, waits where Slack asks for a rest.
_COURTESY_WAIT_S = 3
_LISTENER_WAIT_S = 1

logger = logging.getLogger("bot")


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    parser = argparse.ArgumentParser(
        prog="python -m bot", description="Run the bot, or one of these commands."
    )
    parser.set_defaults(run=_serve)
    commands = parser.add_subparsers(metavar="COMMAND")
    under = commands.add_parser("report", help="say how a cohort stands")
    report.add_arguments(under)
    under.set_defaults(run=_report)
    under = commands.add_parser("appoint", help="give somebody a role")
    appoint.add_arguments(under)
    under.set_defaults(run=_appoint)
    under = commands.add_parser(
        "evaluate", help="say how right the labels are on clips that people corrected"
    )
    under.set_defaults(run=_evaluate)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run the bot until told to stop, or a command; returns the exit status."""
    asked = build_parser().parse_args(argv)
    return int(asked.run(asked))


def _serve(_asked: argparse.Namespace) -> int:
    start_log()
    _let_ctrl_c_end_it()
    try:
        settings = Settings()  # type: ignore[call-arg]  # pydantic-settings reads them from the environment
        runner, stop_serving = _begin(settings)
        stopped = _heed_signals()
        runner.start()
    except ValidationError as error:
        return _refuse("; ".join(str(one["msg"]).removeprefix("Value error, ") for one in error.errors()))
    except (StartError, StorageError, ContentError) as error:
        return _refuse(str(error))
    _run_until(stopped, runner, stop_serving)
    return 0


def _begin(settings: Settings) -> tuple[JobRunner, Callable[[], None]]:
    """Wait for the others, then listen to Slack; returns what runs jobs, and what stops listening.

    Raises:
        StartError: With what to do about it; so do the other errors.
        StorageError: The database is away, or not migrated.
        ContentError: The course cannot be read.
    """
    database = Database(settings.database_url)
    database.wait_until_current(_WAIT_FOR_OTHERS_S)
    client = make_client(settings.slack_bot_token.get_secret_value(), settings.slack_api_url)
    team_id = _wait_for_slack(client, settings)
    deps = make_deps(settings, database, client)
    seed_first_manager(deps, team_id)
    app = build_app(_for_listeners(deps, settings, client), client)
    runner = _make_runner(deps, settings)
    if settings.uses_socket_mode:
        stop_serving = serve_socket(app, settings.slack_app_token.get_secret_value(), deps.courtesies.crowd)
    else:
        stop_serving = serve_http(
            app, settings.slack_signing_secret.get_secret_value(), settings.host, settings.port
        )
    return runner, stop_serving


def _make_runner(deps: Deps, settings: Settings) -> JobRunner:
    schedules = register_jobs(deps)
    return JobRunner(
        deps.database,
        role="bot",
        queues=[
            QueueSpec("replies", concurrency=8, partition_concurrency=1),
            # Mostly waiting for a model or for Slack; one answer at a time for each learner.
            QueueSpec("labs", concurrency=32, partition_concurrency=1),
            QueueSpec("managers", concurrency=4, partition_concurrency=1),
            QueueSpec("nightly", concurrency=1),
        ],
        schedules=schedules,
        lease_s=settings.lease_s,
        on_given_up=LaterTries(deps.database, ask_to_tell, deps.now),
    )


def _report(asked: argparse.Namespace) -> int:
    """Print a cohort's records; the bot is not started."""
    settings = ReportSettings()  # type: ignore[call-arg]  # pydantic-settings reads them from the environment
    try:
        database = Database(settings.database_url)
        database.wait_until_current(0.0)
        module = Watched(Path(settings.course_dir) if settings.course_dir else default_folder()).module
        return run_report(asked, database, module, datetime.now(UTC))  # noqa: TID251  passed in
    except (StorageError, ContentError) as error:
        print(f"No report: {error}", file=sys.stderr)
        return 2


def _appoint(asked: argparse.Namespace) -> int:
    """Give somebody a role; the bot is not started."""
    try:
        settings = Settings()  # type: ignore[call-arg]  # pydantic-settings reads them from the environment
        database = Database(settings.database_url)
        database.wait_until_current(0.0)
        client = make_client(settings.slack_bot_token.get_secret_value(), settings.slack_api_url)
        team_id = _wait_for_slack(client, settings)
        return run_appoint(asked, make_deps(settings, database, client), team_id)
    except ValidationError as error:
        reason = "; ".join(str(one["msg"]).removeprefix("Value error, ") for one in error.errors())
    except (StartError, StorageError, ContentError) as error:
        reason = str(error)
    print(f"Nobody was appointed: {reason}", file=sys.stderr)
    return 2


def _evaluate(_asked: argparse.Namespace) -> int:
    """Print how right the labels are on corrected clips; the bot is not started."""
    settings = ReportSettings()  # type: ignore[call-arg]  # pydantic-settings reads them from the environment
    try:
        database = Database(settings.database_url)
        database.wait_until_current(0.0)
        print(evaluation_report(database, datetime.now(UTC)), end="")  # noqa: TID251  passed in
    except StorageError as error:
        print(f"No evaluation: {error}", file=sys.stderr)
        return 2
    return 0


def make_deps(settings: Settings, database: Database, client: WebClient) -> Deps:
    """Return the collaborators that the settings name."""
    folder = Path(settings.course_dir) if settings.course_dir else default_folder()
    url, token = settings.slack_api_url, settings.slack_bot_token.get_secret_value()
    messenger = SlackMessenger(client, make_client(token, url, longest_wait_s=_COURTESY_WAIT_S))

    directory = SlackDirectory(client)

    def read_figure(file: str) -> bytes | None:
        path = (folder / file).resolve()
        is_ours = path.is_relative_to(folder.resolve()) and path.is_file()
        return path.read_bytes() if is_ours else None

    examples = Path(__file__).parents[1] / "examples"

    def read_example(name: str) -> bytes | None:
        path = examples / name
        return path.read_bytes() if path.is_file() else None

    return Deps(
        database=database,
        current_module=CourseInUse(folder),
        messenger_for=lambda _team_id: messenger,
        tutor_of=_tutors(settings),
        now=partial(datetime.now, UTC),  # noqa: TID251  the process's own clock, passed in
        new_id=partial(secrets.token_hex, 8),
        new_seed=partial(secrets.randbelow, 2**31),
        read_figure=read_figure,
        read_example=read_example,
        clip_retention_days=settings.clip_retention_days,
        lab_retention_days=settings.lab_retention_days,
        test_retake=timedelta(hours=settings.test_retake_hours),
        model_name=settings.model_name,
        directory_for=lambda _team_id: directory,
        installer_id=settings.installer_id,
        lab_tokens_per_day=settings.lab_tokens_per_day,
        lab_tokens_per_month=settings.lab_tokens_per_month,
        price_of=lambda model: settings.model_price or price_of(model),
        breaker=Breaker(settings.model_rest_s),
    )


def _tutors(settings: Settings) -> Callable[[str, Callable[[Usage], None]], Tutor | None]:
    scripted = ScriptedTutor()
    client = None
    if settings.model_name:
        key = settings.anthropic_api_key.get_secret_value()
        client = anthropic.Anthropic(api_key=key, base_url=settings.anthropic_base_url)

    def tutor_of(kind: str, on_usage: Callable[[Usage], None]) -> Tutor | None:
        if kind == "scripted":
            return scripted
        if client is None:
            return None
        # One for each reply, so that its cost is noted for whom it was written; the connections are shared.
        return AnthropicTutor(client, settings.model, on_usage=on_usage)

    return tutor_of


def _for_listeners(deps: Deps, settings: Settings, patient: WebClient) -> Deps:
    """Return collaborators that never hold a listener's thread for long."""
    url, token = settings.slack_api_url, settings.slack_bot_token.get_secret_value()
    brief, patient_messenger = (
        make_client(token, url, longest_wait_s=_LISTENER_WAIT_S),
        SlackMessenger(patient),
    )

    @cache
    def messenger_for(_team_id: str) -> PromptMessenger:
        return PromptMessenger(brief, patient_messenger)

    directory = SlackDirectory(brief)
    return replace(deps, messenger_for=messenger_for, directory_for=lambda _team_id: directory)


def _wait_for_slack(client: WebClient, settings: Settings) -> str:
    """Wait until the workspace answers, as a local one may start after us; returns its id."""
    deadline = time.monotonic() + _WAIT_FOR_OTHERS_S
    while True:
        try:
            return str(client.auth_test()["team_id"])
        except SlackApiError as error:
            fault = error.response.get("error")
            if fault in TOKEN_REFUSALS or time.monotonic() > deadline:
                raise StartError(
                    f"Slack refuses SLACK_BOT_TOKEN ({fault}). Copy it again from your app's settings."
                ) from None
        except OSError:
            if time.monotonic() > deadline:
                raise StartError(
                    f"Nobody answers at {settings.slack_api_url}. Is the workspace running?"
                ) from None
        time.sleep(_PAUSE_S)


def _let_ctrl_c_end_it() -> None:
    """Until there is something to stop in order, Ctrl-C ends the process without a word.

    KeyboardInterrupt would not do: where it strikes in a callback of the garbage collector, Python drops it.
    """
    signal.signal(signal.SIGINT, lambda _number, _frame: os._exit(0))


def _heed_signals() -> threading.Event:
    """From now on SIGTERM and Ctrl-C set what is returned."""
    stopped = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        stopped.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    return stopped


def _run_until(stopped: threading.Event, runner: JobRunner, stop_serving: Callable[[], None]) -> None:
    stopped.wait()
    logging.disable(logging.ERROR)  # what a closing socket says is no fault
    stop_serving()
    runner.stop(_STOP_S)
    sys.stdout.flush()
    os._exit(0)  # a job that still runs is taken over at the next start


def _refuse(reason: str) -> int:
    print(f"The bot does not start: {reason}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
