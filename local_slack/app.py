"""The HTTP surface: who may come in, and which address leads where."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import (
    JSONResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
    StreamingResponse,
)
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket

from local_slack import examples, file_routes, files, people, responses
from local_slack.control import ACTIONS, snapshot
from local_slack.errors import Json, SlackError
from local_slack.settings import APP_TOKEN, BOT_TOKEN
from local_slack.web_api import METHODS
from local_slack.web_api.call import Call
from local_slack.workspace import Workspace

_PAGE = Path(__file__).parent / "page"
_log = logging.getLogger(__name__)
_HEARTBEAT_S = 15.0
#: Arguments that are JSON within forms; text that merely looks like JSON stays text.
_JSON_ARGS = ("attachments", "blocks", "chunks", "files", "loading_messages", "metadata", "prompts", "view")


def build_app(ws: Workspace) -> ASGIApp:
    """The workspace as an ASGI application."""

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        ws.outbox.start()
        files.resume_shares(ws)
        yield
        await ws.stop()
        ws.close()

    async def api(request: Request) -> Response:
        return await _api(ws, request)

    async def link(socket: WebSocket) -> None:
        await ws.sockets.serve(socket)

    async def control(request: Request) -> Response:
        return await _control(ws, request)

    async def state(_request: Request) -> Response:
        return JSONResponse({"ok": True, **snapshot(ws)})

    async def changes(_request: Request) -> Response:
        return StreamingResponse(
            _changes(ws), media_type="text/event-stream", headers={"Cache-Control": "no-store"}
        )

    async def respond(request: Request) -> Response:
        return await _respond(ws, request)

    async def archive(request: Request) -> Response:
        return _archive(request)

    routes = [
        Route("/api/{method}", api, methods=["GET", "POST"]),
        WebSocketRoute("/link/", link),
        WebSocketRoute("/link", link),
        Route("/respond/{key:path}", respond, methods=["POST"]),
        Route("/archives/{channel}/p{stamp:int}", archive),
        Route("/_control/state", state),
        Route("/_control/changes", changes),
        *file_routes.routes(ws),
        *examples.routes(ws.settings.examples_dir),
        Route("/_control/{action}", control, methods=["POST"]),
        Mount("/", _Page(directory=_PAGE, html=True, check_dir=False)),
    ]
    return _Doorkeeper(Starlette(routes=routes, lifespan=lifespan), ws.settings.port)


class _Page(StaticFiles):
    """The page's files, which browsers ask for anew: a demo often runs newer code than their cache."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().file_response(*args, **kwargs)
        response.headers["Cache-Control"] = "no-cache"
        return response


class _Doorkeeper:
    """Lets in what comes from this machine: other names for it, and other sites' pages, are refused."""

    def __init__(self, app: ASGIApp, port: int) -> None:
        self._app = app
        self._hosts = {f"{name}:{port}" for name in ("127.0.0.1", "localhost")}
        self._origins = {f"http://{host}" for host in self._hosts}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        headers = {key.decode("latin-1"): value.decode("latin-1") for key, value in scope["headers"]}
        host, origin = headers.get("host", ""), headers.get("origin")
        # The SDK's own WebSocket client leaves the port out of Host.
        is_known = host in self._hosts or (
            scope["type"] == "websocket" and host in ("127.0.0.1", "localhost")
        )
        if is_known and origin in (None, *self._origins):
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 4403})
        else:
            reason = "This workspace answers only to 127.0.0.1 and localhost, and only to its own page."
            await PlainTextResponse(reason, status_code=403)(scope, receive, send)


async def _api(ws: Workspace, request: Request) -> Response:
    name = request.path_params["method"]
    headers: dict[str, str] = {}
    try:
        args = await _arguments(request)
        ws.faults.check(name)
        answer = _answer(ws, name, _token(request, args), args, headers)
    except SlackError as error:
        return JSONResponse(error.answer(), error.status, headers | error.headers)
    except (AttributeError, KeyError, TypeError, ValueError):
        # Arguments of a shape nobody thought of; Slack says no more than this either.
        _log.exception("%s failed.", name)
        return JSONResponse({"ok": False, "error": "internal_error"}, headers=headers)
    return JSONResponse({"ok": True, **answer}, headers=headers)


def _answer(ws: Workspace, name: str, token: str, args: Json, headers: dict[str, str]) -> Json:
    if not token:
        raise SlackError("not_authed")
    if token not in (BOT_TOKEN, APP_TOKEN):
        raise SlackError("invalid_auth")
    if token == BOT_TOKEN and ws.is_uninstalled:
        raise SlackError("account_inactive")
    if (name == "apps.connections.open") != (token == APP_TOKEN):
        raise SlackError(
            "not_allowed_token_type" if name in (*METHODS, "apps.connections.open") else "unknown_method"
        )
    if ws.limiter is not None and (wait_s := ws.limiter.wait_s(name, args.get("channel"))):
        raise SlackError("ratelimited", status=429, headers={"Retry-After": str(wait_s)})
    if name == "apps.connections.open":
        url = ws.base_url.replace("http:", "ws:", 1)
        return {"url": f"{url}/link/?ticket={ws.sockets.issue_ticket()}&app_id={people.APP_ID}"}
    method = METHODS.get(name)
    if method is None:
        raise SlackError("unknown_method", req_method=name)
    ws.require_scope(*method.scopes)
    return method.handler(Call(ws, args, headers))


def _token(request: Request, args: Json) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token if scheme.lower() == "bearer" else str(args.get("token") or "")


async def _arguments(request: Request) -> Json:
    args: Json = dict(request.query_params)
    if "json" in request.headers.get("content-type", ""):
        try:
            body = json.loads(await request.body() or b"{}")
        except ValueError:
            raise SlackError("invalid_json") from None
        if not isinstance(body, dict):
            raise SlackError("json_not_object")
        args |= body
    elif request.method == "POST":
        args |= {key: value for key, value in (await request.form()).items() if isinstance(value, str)}
    for key in _JSON_ARGS:
        if isinstance(args.get(key), str) and args[key]:
            try:
                args[key] = json.loads(args[key])
            except ValueError:
                raise SlackError(
                    "invalid_blocks_format" if key == "blocks" else "invalid_arguments"
                ) from None
    return args


async def _control(ws: Workspace, request: Request) -> Response:
    try:
        body = await _json_body(request)
        action = ACTIONS.get(request.path_params["action"], _unknown_action)
        return JSONResponse({"ok": True, **await action(ws, body)})
    except SlackError as error:
        return JSONResponse(error.answer(), error.status)


async def _unknown_action(_ws: Workspace, _body: Json) -> Json:
    raise SlackError("unknown_action", status=404)


async def _json_body(request: Request) -> Json:
    file_routes.check_is_json(request)
    try:
        body: Any = await request.json()
    except ValueError:
        raise SlackError("invalid_json", status=400) from None
    if not isinstance(body, dict):
        raise SlackError("invalid_json", status=400)
    return body


async def _changes(ws: Workspace) -> AsyncIterator[str]:
    event = ws.state.watch()
    try:
        while not ws.is_stopping:
            event.clear()
            yield f'data: {{"rev": {ws.state.rev}}}\n\n'
            try:
                await asyncio.wait_for(event.wait(), _HEARTBEAT_S)
            except TimeoutError:
                continue
    finally:
        ws.state.unwatch(event)


def _archive(request: Request) -> Response:
    """A permalink, followed from outside the page: the message, in its thread."""
    stamp = str(request.path_params["stamp"])
    thread_ts = request.query_params.get("thread_ts") or f"{stamp[:-6]}.{stamp[-6:]}"
    return RedirectResponse(f"/#{quote(request.path_params['channel'])}/{quote(thread_ts)}")


async def _respond(ws: Workspace, request: Request) -> Response:
    try:
        body = json.loads(await request.body() or b"{}")
        ws.faults.check("response_url")
        responses.respond(ws, request.path_params["key"], body)
    except ValueError:
        return JSONResponse({"ok": False, "error": "invalid_payload"}, 400)
    except SlackError as error:
        return JSONResponse(error.answer(), max(error.status, 400), error.headers)
    return PlainTextResponse("ok")
