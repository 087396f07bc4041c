"""`POST /hooks/jira`: takes Jira's webhooks as hints of where the bot should look at once."""

import hashlib
import hmac
import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Annotated, Any

import orjson
import structlog
from fastapi import APIRouter, Path, Request
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from telemetry.errors import StoreError
from telemetry.secrecy import Hidden
from telemetry.store.engine import writing
from telemetry.store.hints import Hint, write_hint
from web.http.answers import problem

log = structlog.get_logger()

TELL_EVERY = timedelta(minutes=1)
EVENT = re.compile(
    r"(?:jira:)?(?:(?:issue|worklog)_(?:created|updated|deleted)"
    r"|sprint_(?:created|started|updated|closed|deleted))"
)
IDENTIFIER = re.compile(r"[\x21-\x7e]{1,128}")
PROJECT_KEY = re.compile(r"[A-Z][A-Z0-9_]{0,63}")
DIGITS = re.compile(r"[0-9]{1,18}")


class Hooks:
    """Knows each site's webhook secret, and writes what a proved webhook names."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime]) -> None:
        self.secrets: Mapping[
            str, Hidden | str | None
        ] = {}  # by site; None where none is configured
        self._engine = engine
        self._clock = clock
        self._told_at: datetime | None = None
        self._refused = 0

    def refusal(self, site: str | None) -> Response | str:
        """The site whose webhooks are taken here, or the answer that none are."""
        if site is None and len(self.secrets) > 1:
            return _not_found("Several sites are configured: post to /hooks/jira/SITE.")
        name = site if site is not None else next(iter(self.secrets), None)
        if name is None or not self.secrets.get(name):
            where = "of this site" if len(self.secrets) > 1 else "in telemetry.yml"
            return _not_found(f"Webhooks are not taken: set jira.webhook_secret {where}.")
        return name

    def is_signed(self, site: str, body: bytes, signature: str) -> bool:
        """Whether Jira signed this body with the site's secret; tells of others now and then."""
        secret = Hidden.of(self.secrets.get(site) or "").reveal()
        wanted = f"sha256={hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}"
        if secret and hmac.compare_digest(wanted.encode(), signature.strip().lower().encode()):
            return True
        self._refused += 1
        now = self._clock()
        if self._told_at is None or now - self._told_at >= TELL_EVERY:
            log.warning(
                "webhooks refused",
                site=site,
                count=self._refused,
                reason="X-Hub-Signature does not match; give the webhook in Jira the secret that "
                "jira.webhook_secret names",
            )
            self._told_at, self._refused = now, 0
        return False

    def take(self, site: str, body: Mapping[str, Any], identifier: str) -> None:
        """Write what an event names; events that we do not know are left."""
        hint = hint_of(site, body, identifier, self._clock())
        if hint is not None:
            with writing(self._engine) as connection:
                write_hint(connection, hint)


def hint_of(
    site: str, body: Mapping[str, Any], identifier: str, received_at: datetime
) -> Hint | None:
    """What a webhook's body names, None where we do not know its event."""
    event = body.get("webhookEvent")
    if not isinstance(event, str) or EVENT.fullmatch(event) is None:
        return None
    sprint_id = _id(_at(body, "sprint", "id"))
    project_key = _at(body, "issue", "fields", "project", "key")
    is_key = isinstance(project_key, str) and PROJECT_KEY.fullmatch(project_key) is not None
    return Hint(
        site=site,
        identifier=identifier,
        event=event,
        received_at=received_at,
        project_key=project_key if is_key else None,
        issue_id=_id(_at(body, "issue", "id")) or _id(_at(body, "worklog", "issueId")),
        sprint_id=sprint_id,
        board_id=_id(_at(body, "sprint", "originBoardId")),
    )


def hook_routes(hooks: Hooks) -> APIRouter:
    """The addresses to which Jira posts."""
    router = APIRouter(include_in_schema=False)

    @router.post("/hooks/jira")
    async def only_site(request: Request) -> Response:
        return await _taken(hooks, request, None)

    @router.post("/hooks/jira/{site}")
    async def one_site(request: Request, site: Annotated[str, Path(max_length=200)]) -> Response:
        return await _taken(hooks, request, site)

    return router


async def _taken(hooks: Hooks, request: Request, site: str | None) -> Response:
    name = hooks.refusal(site)
    if isinstance(name, Response):
        return name
    try:
        raw = await request.body()
    except ClientDisconnect:
        raw = b""
    if not hooks.is_signed(name, raw, request.headers.get("x-hub-signature", "")):
        return problem(403, "Refused", "The webhook is not signed as it should be.")
    body = _object(raw)
    if body is None:
        return problem(400, "Not understood", "The body is not a JSON object.")
    identifier = request.headers.get("x-atlassian-webhook-identifier", "")
    if IDENTIFIER.fullmatch(identifier) is None:
        identifier = hashlib.sha256(raw).hexdigest()
    try:
        await run_in_threadpool(hooks.take, name, body, identifier)
    except (SQLAlchemyError, StoreError):
        return problem(503, "The store cannot be written", "Send the webhook again later.")
    return Response(status_code=202)


def _object(raw: bytes) -> dict[str, Any] | None:
    try:
        body = orjson.loads(raw)
    except orjson.JSONDecodeError:
        return None
    return body if isinstance(body, dict) else None


def _at(value: Any, *steps: str) -> Any:
    """What stands below these keys, None where one of them is missing."""
    for step in steps:
        value = value.get(step) if isinstance(value, dict) else None
    return value


def _id(value: Any) -> int | None:
    """An id of Jira, which gives them as numbers or as text."""
    text = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
    return int(text) if DIGITS.fullmatch(text) else None


def _not_found(detail: str) -> Response:
    return problem(404, "Not found", detail)
