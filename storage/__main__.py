"""`python -m storage migrate`: make the tables, or bring them up to date."""

import argparse
import sys

from storage.database import Database
from storage.errors import StorageError
from storage.settings import StorageSettings


def main(arguments: list[str] | None = None) -> int:
    """Run the command; 0 when it worked."""
    parser = argparse.ArgumentParser(prog="python -m storage", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, meaning in (
        ("migrate", "make or update the tables"),
        ("check", "say whether they are current"),
    ):
        command = commands.add_parser(name, help=meaning)
        command.add_argument("--url", help="the database; default: WHOSPOKE_DATABASE_URL")
    chosen = parser.parse_args(arguments)
    url = chosen.url or StorageSettings().database_url
    try:
        return _run(chosen.command, Database(url))
    except StorageError as error:
        print(error, file=sys.stderr)
        return 1


def _run(command: str, database: Database) -> int:
    shown = database.url.render_as_string(hide_password=True)
    try:
        if command == "migrate":
            database.migrate()
        is_current = database.is_current()
    finally:
        database.close()
    if is_current:
        print(f"The tables in {shown} are current.")
        return 0
    print(f"The tables in {shown} are not current: run `python -m storage migrate`.", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
