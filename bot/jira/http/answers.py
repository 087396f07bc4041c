"""What an HTTP answer of Jira means: data, a failure worth another try, or an error.

Messages hold the address asked, a remedy, and of Jira's own words what may be shown; never
headers nor bodies.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

import orjson
from requests import Response

from bot.jira.http.auth import Asked
from bot.jira.http.bodies import TooMuch, check_count, too_much
from bot.jira.http.limits import (
    limit_reason,
    refusal_seconds,
)
from bot.jira.http.mending import mended, unmarked
from bot.jira.http.refusals import anonymous, redirected, refused, web_page
from bot.jira.http.retry import Failure
from telemetry.errors import TrackerError

Refusals = Mapping[int, Callable[[str], TrackerError]]
"""Errors to raise for a status, made from Jira's own message, where a question knows better."""

_nul = re.compile(rb"(?<!\\)((?:\\\\)*)\\u0000")  # an even number of backslashes before it
_again = frozenset({408, 425, 429})
_MENDABLE_BYTES = 16 * 1024 * 1024  # a second's work
_MENDABLE_ESCAPES = 500_000  # 100 MB
_never = frozenset({501, 505})  # another try changes nothing


def data_of(response: Response, asked: Asked, refusals: Refusals) -> Any:
    """The decoded JSON of an answer.

    Raises Failure where another try may help, a TrackerError where it would not.
    """
    status = response.status_code
    if status in _again or (status >= 500 and status not in _never):
        raise _troubled(response, asked)
    if 300 <= status < 400:
        raise redirected(response, asked)
    if status >= 400:
        words = asked.said(own_words(response))
        error = _refused(response, words, asked, refusals)
        error.status, error.words = status, words
        raise error
    denied = anonymous(response.headers, asked)
    if denied is not None:
        raise denied
    if is_web_page(response):
        raise web_page(asked)
    try:
        check_count(response.content, asked.most_bytes)
        return _decoded(without_nul(unmarked(response.content)))
    except TooMuch as error:
        raise too_much(f"{asked.url}{asked.path}", error) from None
    except MemoryError:
        told = TooMuch("more than there is memory for")
        raise too_much(f"{asked.url}{asked.path}", told) from None


def _refused(response: Response, words: str, asked: Asked, refusals: Refusals) -> TrackerError:
    status = response.status_code
    if status in refusals:
        return refusals[status](words or f"HTTP {status}")
    return refused(response, words, asked, is_web_page(response))


def _decoded(content: bytes) -> Any:
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError:
        _check_mendable(content)
    try:  # perhaps it is refused for one value alone
        return orjson.loads(mended(content))
    except orjson.JSONDecodeError:
        raise Failure("its answer is not JSON", is_garbled=True) from None


def _check_mendable(content: bytes) -> None:
    if len(content) > _MENDABLE_BYTES or content.count(b"\\") > _MENDABLE_ESCAPES:
        raise Failure("its answer is not JSON", is_garbled=True)


def without_nul(content: bytes) -> bytes:
    """JSON without NUL characters, which texts in a real Jira hold and PostgreSQL refuses."""
    if b"\\u0000" not in content:
        return content
    if b"\\\\u0000" not in content:
        return content.replace(b"\\u0000", b"")
    _check_mendable(content)
    return _nul.sub(rb"\1", content)


def is_web_page(response: Response) -> bool:
    """Tells HTML from JSON, whatever the content type claims."""
    if "html" in response.headers.get("Content-Type", "").lower():
        return True
    return response.content[:64].lstrip().startswith(b"<")


def own_words(response: Response) -> str:
    """Its own error message, or that of what stands before it; "" without one.

    What is not a text is none, but an answer.
    """
    try:
        body = orjson.loads(mended(without_nul(unmarked(response.content))))
    except orjson.JSONDecodeError:
        is_text = response.headers.get("Content-Type", "").lower().startswith("text/plain")
        return response.content.decode("utf-8", "replace") if is_text else ""
    if not isinstance(body, dict):
        return ""
    words: list[str] = []
    messages = body.get("errorMessages")
    words += [one for one in messages if isinstance(one, str)] if isinstance(messages, list) else []
    errors = body.get("errors")
    if isinstance(errors, dict):
        words += [f"{name}: {one}" for name, one in errors.items() if isinstance(one, str)]
    names = ("errorMessage", "message", "error", "error_description")
    told = (body.get(name) for name in names)
    return " ".join([*words, *(one for one in told if isinstance(one, str) and one)])


def _troubled(response: Response, asked: Asked) -> Failure:
    status, headers = response.status_code, response.headers
    after = refusal_seconds(status, headers)
    if status != 429:
        reason = f"HTTP {status}"
        return Failure(
            reason,
            retry_after_seconds=after,
            is_for_all=status == 503 and after is not None,
            status=status,
        )
    told = asked.said(limit_reason(headers))
    reason = f"it asks for fewer requests (HTTP 429{f', {told}' if told else ''})"
    return Failure(reason, retry_after_seconds=after, is_for_all=True, base_seconds=5.0)
