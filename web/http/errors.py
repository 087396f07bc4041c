"""What is answered in place of a page or an API answer that cannot be given."""

import re
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from telemetry.errors import NotFound, SprintNotStarted, StoreError
from web.http.answers import HTML, problem
from web.http.methods import allowed
from web.http.site import Site


def add_errors(app: FastAPI, site: Site) -> None:
    """Answer errors as a page with a sentence, below /api/ and /hooks/ as a problem."""

    def told(request: Request, status: int, title: str, detail: str) -> Response:
        if request.scope["path"].startswith(("/api/", "/hooks/")):
            return problem(status, title, detail)
        back = request.url.path if status == 422 and request.url.query else ""
        body = site.render("message.html", title=title, detail=detail, back=back)
        return Response(body, status, media_type=HTML)

    @app.exception_handler(NotFound)
    @app.exception_handler(SprintNotStarted)
    def not_found(request: Request, error: Exception) -> Response:
        return told(request, 404, "Not found", _as_sentence(str(error)))

    @app.exception_handler(StoreError)
    def store(request: Request, error: Exception) -> Response:
        return told(request, 503, "The store cannot be read", _as_sentence(str(error)))

    @app.exception_handler(RequestValidationError)
    def wrong(request: Request, error: RequestValidationError) -> Response:
        said = [f"{one['loc'][-1]}: {_why(one)}" for one in error.errors()]
        return told(request, 422, "Wrong parameter", _as_sentence("; ".join(said)))

    @app.exception_handler(HTTPException)
    def other(request: Request, error: HTTPException) -> Response:
        title, path = str(error.detail), request.scope["path"]
        detail = title
        if error.status_code == 404:
            title, detail = "Not found", f"There is nothing at {path}."
        answer = told(request, error.status_code, title, detail)
        answer.headers.update(error.headers or {})
        if error.status_code == 405:
            answer.headers["Allow"] = allowed(app.routes, path)
        return answer

    @app.exception_handler(Exception)
    def broken(request: Request, error: Exception) -> Response:
        detail = "Something went wrong on this server; its log says what."
        return told(request, 500, "Server error", detail)


def _why(error: Mapping[str, Any]) -> str:
    """What is wrong with a parameter; the values that it can have in place of their pattern."""
    if error.get("type") != "string_pattern_mismatch":
        return str(error["msg"])
    pattern = str(error.get("ctx", {}).get("pattern", ""))
    choices = re.findall(r"[a-z][a-z_-]*", pattern)
    is_list = re.fullmatch(r"[a-z_|^$()?-]+", pattern) and choices
    return f"is not one of {', '.join(choices)}" if is_list else "is not a value that it can have"


def _as_sentence(text: str) -> str:
    whole = text[:1].upper() + text[1:]
    return whole if whole.endswith((".", "!", "?")) else whole + "."
