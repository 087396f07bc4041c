"""The simulated site as a web application: authentication, routes, faults, delays, counting."""

import asyncio
import base64
import binascii
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qs

import orjson
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from bot.simulator import agile_api, history_api, platform_api, search_api
from bot.simulator.browse import browse_routes
from bot.simulator.calls import Call, Finds, Handler, JiraProblem
from bot.simulator.flavours import Flavour
from bot.simulator.options import Options, RequestLog, Served
from bot.simulator.render import Renderer
from bot.simulator.state import User
from bot.simulator.world import World


def create_app(world: World, flavour: Flavour, options: Options | None = None) -> Starlette:
    """The site over HTTP; `app.state.requests` is its RequestLog."""
    site = _SiteServer(world, flavour, options or Options())
    app = Starlette(routes=site.routes(), exception_handlers={404: site.unknown})
    app.state.requests = site.requests
    return app


class _SiteServer:
    def __init__(self, world: World, flavour: Flavour, options: Options) -> None:
        self.world = world
        self.flavour: Flavour = flavour
        self.options = options
        self.requests = RequestLog()
        self.finds = Finds()
        self.prepared: dict[tuple[str, str, bytes, str], tuple[int, bytes]] = {}

    def routes(self) -> list[Route]:
        """The flavour's routes; those of fixed words stand before those of parameters."""
        if self.flavour == "cloud":
            platform = [
                *platform_api.cloud_routes,
                *search_api.cloud_routes,
                *history_api.cloud_routes,
            ]
            agile = [*agile_api.cloud_routes, *agile_api.routes]
        else:
            platform = list(search_api.datacenter_routes)
            agile = agile_api.routes
        platform += [*platform_api.routes, *search_api.routes, *history_api.routes]
        if self.options.has_work_log_lists:
            platform += history_api.work_log_lists
        versions = ("2", "3") if self.flavour == "cloud" else ("2", "latest")
        routes = [
            self._route(
                method, f"/rest/api/{version}{path}", handler, "3" if version == "3" else "2"
            )
            for version in versions
            for method, path, handler in platform
        ]
        routes += [self._route(m, f"/rest/agile/1.0{path}", h, "2") for m, path, h in agile]
        return [*routes, *browse_routes(self.world)]

    def _route(self, method: str, path: str, handler: Handler, version: str) -> Route:
        async def endpoint(request: Request) -> Response:
            try:
                return await self.serve(request, handler, version)
            except ClientDisconnect:  # it gave up while it asked: nobody hears the answer
                return Response(status_code=400)

        return Route(path, endpoint, methods=[method])

    async def serve(self, request: Request, handler: Handler, version: str) -> Response:
        """One request: the delay, then a fault, or the kept or fresh answer, treated or not."""
        body = await request.body()
        if self.options.delay_seconds:
            await asyncio.sleep(self.options.delay_seconds)
        fault = None if self.options.faults is None else self.options.faults(request)
        if isinstance(fault, Response):
            self._count(request, body, fault.status_code)
            return self._dated(fault)
        key = (request.method, _target(request), body, request.headers.get("authorization", ""))
        if self.options.is_prepared and key in self.prepared:
            status, content = self.prepared[key]
        else:
            status, content = self._answer(request, handler, version, body)
            if self.options.is_prepared and status == 200:
                self.prepared[key] = (status, content)
        self._count(request, body, status)
        answer = self._dated(_json(status, content))
        return answer if fault is None else fault(answer)

    def _dated(self, answer: Response) -> Response:
        answer.headers["Date"] = format_datetime(self.options.clock(), usegmt=True)
        return answer

    def _count(self, request: Request, body: bytes, status: int) -> None:
        self.requests.add(Served(request.method, _target(request), body, status))

    def _answer(
        self, request: Request, handler: Handler, version: str, body: bytes
    ) -> tuple[int, bytes]:
        with self.world.lock:
            try:
                call = self._call(request, version, body)
                return 200, orjson.dumps(handler(call), option=orjson.OPT_NON_STR_KEYS)
            except JiraProblem as problem:
                return problem.status, _problem(problem)

    def _call(self, request: Request, version: str, body: bytes) -> Call:
        user = self.caller(request.headers.get("authorization", ""))
        if user is None and self.options.anonymous == "refused":
            raise JiraProblem(401, "Client must be authenticated to access this resource.")
        try:
            sent = orjson.loads(body) if body else None
        except orjson.JSONDecodeError:
            raise JiraProblem(400, "Unexpected character in the request's JSON body.") from None
        base = str(request.base_url).rstrip("/")
        return Call(
            world=self.world,
            options=self.options,
            finds=self.finds,
            renderer=Renderer(self.world, self.flavour, base, version),
            user=user,
            now=self.options.clock(),
            path=dict(request.path_params),
            query=parse_qs(request.url.query, keep_blank_values=True),
            body=sent,
        )

    def caller(self, header: str) -> User | None:
        """The site's first user for right credentials, None for none; wrong ones are a 401.

        Cloud takes Basic; Data Center a personal access token as Bearer, or Basic.
        """
        if not header:
            return None
        kind, _, secret = header.partition(" ")
        is_right = False
        if kind.lower() == "basic":
            try:
                pair = base64.b64decode(secret).decode()
            except (binascii.Error, UnicodeDecodeError):
                pair = ""
            is_right = pair == f"{self.options.user}:{self.options.token}"
        elif kind.lower() == "bearer" and self.flavour == "datacenter":
            is_right = secret == self.options.token
        if not is_right or not self.world.users:
            raise JiraProblem(401, "Client must be authenticated to access this resource.")
        return next(iter(self.world.users.values()))

    async def unknown(self, request: Request, error: Exception) -> Response:
        """What no route answers: Jira's 404."""
        self._count(request, b"", 404)
        message = f"null for uri: {request.url}"
        return self._dated(_json(404, orjson.dumps({"message": message, "status-code": 404})))


def _target(request: Request) -> str:
    query = request.url.query
    return f"{request.url.path}?{query}" if query else request.url.path


def _problem(problem: JiraProblem) -> bytes:
    shape: dict[str, Any] = {"errorMessages": problem.messages, "errors": problem.errors}
    return orjson.dumps(shape)


def _json(status: int, content: bytes) -> Response:
    return Response(content, status, media_type="application/json;charset=UTF-8")
