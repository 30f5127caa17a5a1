"""Addresses of bytes: uploads by the app and by people, downloads by the app and by the page."""

from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from local_slack import file_objects, files, interactivity, messages, people
from local_slack.control import check_may_write
from local_slack.errors import Json, SlackError
from local_slack.settings import BOT_TOKEN
from local_slack.uploads import UploadReader
from local_slack.workspace import Workspace

_SIGN_IN = (
    "<!DOCTYPE html><html><head><title>Sign in</title></head><body>Sign in to see this file.</body></html>"
)


def routes(ws: Workspace) -> list[Route]:
    """The routes of all bytes that go in and out."""

    async def upload(request: Request) -> Response:
        return await _take_bytes(ws, request)

    async def download(request: Request) -> Response:
        return _give_to_app(ws, request)

    async def control_upload(request: Request) -> Response:
        return await _take_from_person(ws, request)

    async def control_file(request: Request) -> Response:
        return _give_to_person(ws, request)

    return [
        Route("/upload/v1/{file_id}", upload, methods=["POST"]),
        Route("/files-pri/{key}/{name:path}", download),
        Route("/_control/upload", control_upload, methods=["POST"]),
        Route("/_control/file/{file_id}", control_file),
    ]


async def _take_bytes(ws: Workspace, request: Request) -> Response:
    file = ws.state.files.get(request.path_params["file_id"])
    if file is None or file["state"] != "waiting":
        return PlainTextResponse("Not found", 404)
    path = file_objects.path_of(ws, file["id"])
    size = 0
    with path.open("wb") as stream:
        if request.headers.get("content-type", "").startswith("multipart/form-data"):
            for part in (await request.form()).values():
                if not isinstance(part, str):
                    size += stream.write(await part.read())
        else:
            async for chunk in request.stream():
                size += stream.write(chunk)
                if size > ws.settings.upload_limit_bytes:
                    path.unlink()
                    return PlainTextResponse("Too large", 413)
    file |= {"size": size, "state": "uploaded"}
    ws.state.save_file(file)
    return PlainTextResponse(f"OK - {size}")


def _give_to_app(ws: Workspace, request: Request) -> Response:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    may_read = scheme.lower() == "bearer" and token == BOT_TOKEN and "files:read" in ws.manifest.scopes
    file = ws.state.files.get(request.path_params["key"].partition("-")[2])
    # Slack sends strangers to its sign-in page with status 200: an app that trusts the status saves HTML.
    if not may_read or file is None or not file_objects.bot_may_read(ws, file):
        return HTMLResponse(_SIGN_IN)
    if file["state"] == "deleted":
        return HTMLResponse("<!DOCTYPE html><html><body>File not found.</body></html>", 404)
    file["num_downloads"] = file.get("num_downloads", 0) + 1
    ws.state.save_file(file)
    return FileResponse(file_objects.path_of(ws, file["id"]), media_type=file["mimetype"])


async def _take_from_person(ws: Workspace, request: Request) -> Response:
    reader = UploadReader(ws.files_dir, ws.settings.upload_limit_bytes)
    try:
        check_is_json(request)
        body = await reader.read(request.stream())
        return JSONResponse({"ok": True, **_share(ws, body, reader)})
    except SlackError as error:
        return JSONResponse(error.answer(), error.status)
    finally:
        reader.discard()


def check_is_json(request: Request) -> None:
    """Refuses other content types: a page of another site can send those unasked."""
    if request.headers.get("content-type", "").split(";")[0].strip() != "application/json":
        raise SlackError("json_required", status=415, detail="Send Content-Type: application/json.")


def _share(ws: Workspace, body: Json, reader: UploadReader) -> Json:
    user_id, channel_id = str(body.get("user")), str(body.get("channel"))
    if channel_id == people.dm_id(user_id):
        ws.user(user_id)
        ws.state.open_dm(user_id)
    in_view = body.get("view_id")
    channel: Json = {}
    if in_view:
        interactivity.shown_view(ws, user_id, str(in_view))
    else:
        channel = interactivity.joined(ws, user_id, channel_id)
        check_may_write(ws, channel)
    rows = body.get("files")
    if not isinstance(rows, list) or not rows or not all("name" in row and "content" in row for row in rows):
        raise SlackError("missing_argument", detail="The call needs files: [{name, content_base64}].")
    if channel and body.get("thread_ts") and ws.state.message(channel_id, body["thread_ts"]) is None:
        raise SlackError("thread_not_found")
    file_ids: list[str] = []
    for row in rows:
        file = files.new_file(ws, user_id, str(row["name"]))
        path = reader.paths[row["content"]].rename(file_objects.path_of(ws, file["id"]))
        file |= {"size": path.stat().st_size, "state": "ready", "is_given_to_app": bool(in_view)}
        ws.state.save_file(file)
        file_ids.append(file["id"])
    if in_view:  # The files of a file_input are the app's to read, and are shared nowhere.
        return {"file_ids": file_ids}
    fields: Json = {"user": user_id, "text": messages.as_sent(ws, body.get("text") or "")}
    if body.get("thread_ts"):
        fields["thread_ts"] = body["thread_ts"]
    return {"ts": files.share(ws, channel, file_ids, fields)["ts"], "file_ids": file_ids}


def _give_to_person(ws: Workspace, request: Request) -> Response:
    file = ws.state.files.get(request.path_params["file_id"])
    user_id = request.query_params.get("user", "")
    if file is None or file["state"] != "ready" or not file_objects.person_may_see(ws, file, user_id):
        return JSONResponse({"ok": False, "error": "file_not_found"}, 404)
    # What people upload must not run as a page of this workspace.
    headers = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox"}
    return FileResponse(file_objects.path_of(ws, file["id"]), media_type=file["mimetype"], headers=headers)
