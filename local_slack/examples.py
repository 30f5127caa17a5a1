"""Recordings that the page offers to try."""

from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from local_slack.errors import Json

_SUFFIXES = frozenset({".flac", ".m4a", ".mp3", ".mp4", ".ogg", ".opus", ".wav", ".webm"})


def listed(folder: Path | None) -> list[Json]:
    """What is in the folder, by name; nothing when there is none."""
    if folder is None or not folder.is_dir():
        return []
    paths = sorted(path for path in folder.iterdir() if path.suffix.lower() in _SUFFIXES)
    return [
        {
            "name": path.name,
            "title": path.stem.replace("_", " ").capitalize(),
            "url": f"/_control/examples/{path.name}",
        }
        for path in paths
    ]


def routes(folder: Path | None) -> list[Route]:
    """The list, and the bytes of what stands in it."""

    async def index(_request: Request) -> Response:
        return JSONResponse(listed(folder))

    async def example(request: Request) -> Response:
        name = request.path_params["name"]
        if folder is None or all(row["name"] != name for row in listed(folder)):
            return JSONResponse({"ok": False, "error": "file_not_found"}, 404)
        return FileResponse(folder / name)

    return [Route("/_control/examples", index), Route("/_control/examples/{name}", example)]
