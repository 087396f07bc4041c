"""What an HTTP answer of Jira means: data, a failure worth another try, or an error.

Messages hold the address asked, Jira's own words and a remedy; never headers nor bodies.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

import orjson
from requests import Response

from bot.jira.http.limits import (
    limit_reason,
    refusal_seconds,
)
from bot.jira.http.mending import mended
from bot.jira.http.retry import Failure
from telemetry.errors import AccessDenied, NotInTracker, TrackerError

Refusals = Mapping[int, Callable[[str], TrackerError]]
"""Errors to raise for a status, made from Jira's own message, where a question knows better."""

_nul = re.compile(rb"(?<!\\)((?:\\\\)*)\\u0000")  # an even number of backslashes before it
_again = frozenset({408, 425, 429})
_never = frozenset({501, 505})  # another try changes nothing
_login_words = ("login", "signin", "sign-in", "sso", "saml", "oauth", "authorize")
_login_reasons = ("AUTHENTICATED_FAILED", "AUTHENTICATION_DENIED")


def data_of(response: Response, url: str, path: str, who: str, refusals: Refusals) -> Any:
    """The decoded JSON of an answer.

    Raises Failure where another try may help, a TrackerError where it would not.
    """
    status = response.status_code
    if status in _again or (status >= 500 and status not in _never):
        raise _troubled(response)
    if 300 <= status < 400:
        raise _redirected(response, url, path)
    if status >= 400:
        refused = _refused(response, url, path, who, refusals)
        refused.status = status
        raise refused
    if _is_anonymous(response):
        raise AccessDenied(
            f"{url} answered {path} as to an anonymous visitor: it does not accept {who}; "
            "check url and auth of this Jira"
        )
    if is_web_page(response):
        raise AccessDenied(
            f"{url} answered {path} with a web page instead of data, as a login page would be; "
            f"check that url is Jira's base address and that {who} may use the REST API"
        )
    return _decoded(without_nul(response.content))


def _decoded(content: bytes) -> Any:
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError:
        pass  # perhaps for one value alone
    try:
        return orjson.loads(mended(content))
    except orjson.JSONDecodeError:
        raise Failure("its answer is not JSON", is_garbled=True) from None


def without_nul(content: bytes) -> bytes:
    """JSON without NUL characters, which texts in a real Jira hold and PostgreSQL refuses."""
    return _nul.sub(rb"\1", content) if b"\\u0000" in content else content


def is_web_page(response: Response) -> bool:
    """Tells HTML from JSON, whatever the content type claims."""
    if "html" in response.headers.get("Content-Type", "").lower():
        return True
    return response.content[:64].lstrip().startswith(b"<")


def own_words(response: Response) -> str:
    """Jira's own error message in one line, at most 300 characters; "" without one."""
    try:
        body = orjson.loads(mended(without_nul(response.content)))
    except orjson.JSONDecodeError:
        return ""
    if not isinstance(body, dict):
        return ""
    words: list[str] = []
    messages = body.get("errorMessages")
    words += [str(word) for word in messages] if isinstance(messages, list) else []
    errors = body.get("errors")
    if isinstance(errors, dict):
        words += [f"{name}: {word}" for name, word in errors.items()]
    words += [str(body[name]) for name in ("errorMessage", "message") if body.get(name)]
    return " ".join(" ".join(words).split())[:300]


def _troubled(response: Response) -> Failure:
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
    told = limit_reason(headers)
    reason = f"it asks for fewer requests (HTTP 429{f', {told}' if told else ''})"
    return Failure(reason, retry_after_seconds=after, is_for_all=True, base_seconds=5.0)


def _is_anonymous(response: Response) -> bool:
    """Tells whether Jira answered though it did not accept the credentials.

    Such an answer leaves out what only we may see. Data Center names the visitor in every answer.
    """
    headers = response.headers
    reason = headers.get("X-Seraph-LoginReason", "")
    return (
        any(word in reason for word in _login_reasons)
        or headers.get("X-AUSERNAME", "").strip().lower() == "anonymous"
    )


def _redirected(response: Response, url: str, path: str) -> TrackerError:
    target = urlsplit(response.headers.get("Location", ""))
    place = f"{target.scheme}://{target.hostname}" if target.hostname else "another page"
    goal = f"{target.netloc}{target.path}".lower()
    if any(word in goal for word in _login_words):
        return AccessDenied(
            f"{url} sends {path} to a login page at {place}; check auth of this Jira: "
            "its REST API must accept the credentials without a browser"
        )
    return TrackerError(
        f"{url} redirects {path} to {place}; set url to the address where Jira itself answers"
    )


def _refused(response: Response, url: str, path: str, who: str, refusals: Refusals) -> TrackerError:
    status, words = response.status_code, own_words(response)
    said = f": {words}" if words else ""
    if status in refusals:
        return refusals[status](words or f"HTTP {status}")
    if status == 401:
        return AccessDenied(
            f"{url} does not accept the credentials of {who} (HTTP 401 on {path}){said}; "
            "check kind, user and secret of this Jira's auth"
        )
    if status == 403:
        captcha = "captcha" in response.headers.get("X-Authentication-Denied-Reason", "").lower()
        remedy = (
            "log in once with a browser to answer its CAPTCHA"
            if captcha
            else "give it the permission to browse these projects"
        )
        return AccessDenied(f"{url} does not let {who} see {path} (HTTP 403){said}; {remedy}")
    if status == 404:
        return NotInTracker(
            f"{url} has no {path}, or hides it from {who} (HTTP 404){said}; "
            "check the id or key, url and permissions"
        )
    if status == 410:
        return TrackerError(
            f"{url} no longer has {path} (HTTP 410){said}; "
            "check the configured deployment: cloud, datacenter or auto"
        )
    return TrackerError(f"{url} refused {path} (HTTP {status}){said or ': no reason given'}")
