"""python -m local_slack: serve a workspace, or find a free port."""

import argparse
import asyncio
import sys
from pathlib import Path

from local_slack.errors import FolderInUseError, ManifestError
from local_slack.folder import check_free
from local_slack.server import PortTakenError, bind, free_port, make_server
from local_slack.settings import APP_TOKEN, BOT_TOKEN, EVENT_RETRIES_S, Settings

#: The exit status after which whoever started us need not try again.
_WILL_NOT_WORK = 2


def _seconds(text: str) -> tuple[float, ...]:
    return tuple(float(part) for part in text.split(",") if part.strip())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m local_slack", description="A Slack-compatible workspace."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    serve = commands.add_parser("serve", help="run a workspace until Ctrl-C")
    serve.add_argument("--port", type=int, default=7600, help="where to listen on 127.0.0.1 (7600)")
    serve.add_argument("--dir", type=Path, help="where it remembers; without it nothing outlives the process")
    serve.add_argument(
        "--manifest", type=Path, default=Path("slack_manifest.yaml"), help="the app's manifest"
    )
    serve.add_argument("--examples", type=Path, metavar="DIR", help="recordings that the page offers to try")
    serve.add_argument("--rates", action="store_true", help="enforce Slack's rate limits")
    serve.add_argument(
        "--short-history",
        action="store_true",
        help="15 messages a minute, as for apps outside the Marketplace",
    )
    serve.add_argument("--event-retries", type=_seconds, default=EVENT_RETRIES_S, metavar="S,S,S")
    serve.add_argument("--http", metavar="URL", help="deliver to this request URL instead of Socket Mode")
    serve.add_argument("--signing-secret", default="", help="signs what --http delivers")
    port = commands.add_parser("free-port", help="print the first free port")
    port.add_argument("first", type=int, help="where to begin")
    port.add_argument("--dir", type=Path, help="also refuse when a workspace keeps its memory there already")
    return parser


def _serve(options: argparse.Namespace) -> None:
    if options.http and not options.signing_secret:
        raise ManifestError("--http needs --signing-secret, as the app checks the signature.")
    listener = bind(options.port)
    settings = Settings(
        options.manifest,
        dir=options.dir,
        examples_dir=options.examples,
        port=listener.getsockname()[1],
        rates=options.rates,
        short_history=options.short_history,
        event_retries_s=options.event_retries,
        request_url=options.http,
        signing_secret=options.signing_secret,
    )
    server, workspace = make_server(settings)
    print(f"Workspace at {workspace.base_url}", flush=True)
    print(
        f"SLACK_API_URL={workspace.base_url}/api/ SLACK_BOT_TOKEN={BOT_TOKEN} SLACK_APP_TOKEN={APP_TOKEN}",
        flush=True,
    )
    asyncio.run(server.serve(sockets=[listener]))


def main() -> int:
    """Runs one command; returns the exit status."""
    options = _parser().parse_args()
    try:
        if options.command == "free-port":
            if options.dir:
                check_free(options.dir)
            print(free_port(options.first))
        else:
            _serve(options)
    except (FolderInUseError, ManifestError, PortTakenError) as error:
        print(error, file=sys.stderr)
        return _WILL_NOT_WORK
    except KeyboardInterrupt:
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
