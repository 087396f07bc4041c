"""Signing in with the access token, and out."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated

from fastapi import APIRouter, Query, Request
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from telemetry.errors import StoreError
from web.http.access import (
    COOKIE,
    SESSION,
)
from web.http.answers import HTML
from web.http.forms import form_fields
from web.http.guard import (
    LONGEST_PATH,
    client_address,
    local_path,
)
from web.http.site import Site


def sign_in_routes(site: Site) -> APIRouter:
    """The page that asks for the token; it leads away where none is asked for."""
    router = APIRouter(include_in_schema=False)
    router.add_api_route("/sign-in", _form(site), methods=["GET"])
    router.add_api_route("/sign-in", _try(site), methods=["POST"])

    @router.post("/sign-out")
    def sign_out(request: Request) -> Response:
        with told_of("The session cannot be ended; sign out again later"):
            site.gate.end_session(request.cookies.get(COOKIE, ""))
        answer = RedirectResponse("/sign-in", status_code=303)
        answer.delete_cookie(COOKIE, path="/")
        return answer

    return router


@contextmanager
def told_of(sentence: str) -> Iterator[None]:
    """A store that cannot be written is a StoreError that says what that means here."""
    try:
        yield
    except SQLAlchemyError:
        raise StoreError(f"the store cannot be written. {sentence}") from None


def _page(site: Site, wanted: str, error: str | None, status: int) -> Response:
    body = site.render("sign_in.html", wanted=wanted, error=error)
    return Response(body, status, {"Cache-Control": "no-store"}, HTML)


def _form(site: Site) -> Callable[..., object]:
    def form(
        request: Request,
        next: Annotated[str, Query(max_length=LONGEST_PATH)] = "/",  # noqa: A002
    ) -> Response:
        wanted = local_path(next)
        if site.gate.lets_in(None, request.cookies.get(COOKIE)):
            return RedirectResponse(wanted, status_code=303)
        return _page(site, wanted, None, 200)

    return form


def _try(site: Site) -> Callable[..., object]:
    async def attempt(request: Request) -> Response:
        fields = await form_fields(request)
        wanted = local_path(fields.get("next", "/"))
        if site.gate.is_open:
            return RedirectResponse(wanted, status_code=303)
        token = fields.get("token", "").strip()
        if not site.gate.is_token(token):
            return _wrong(site, wanted, client_address(request), token)
        answer = RedirectResponse(wanted, status_code=303)
        agent = request.headers.get("user-agent", "")
        with told_of("Nobody can sign in now; try again later"):
            session = await run_in_threadpool(site.gate.new_session, agent)
        answer.set_cookie(
            COOKIE,
            session,
            max_age=int(SESSION.total_seconds()),
            path="/",
            secure=request.scope["scheme"] == "https" or site.reach.is_tls,
            httponly=True,
            samesite="lax",
        )
        return answer

    return attempt


def _wrong(site: Site, wanted: str, address: str, token: str) -> Response:
    wait = site.gate.guesses.another(address, token)
    if not wait:
        return _page(site, wanted, "This is not the access token.", 403)
    error = f"Too many wrong tokens. Try again in {wait} seconds."
    answer = _page(site, wanted, error, 429)
    answer.headers["Retry-After"] = str(wait)
    return answer
