"""Why Jira, or what stands before it, does not let us in: each cause with its own remedy."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from requests import Response

from bot.jira.http.auth import Asked
from bot.jira.http.scopes import scopes_for
from telemetry.errors import AccessDenied, NotInTracker, ScopeMissing, TrackerError

_login_words = (
    "login", "signin", "sign-in", "sso", "saml", "oauth", "authorize", "auth", "adfs", "idp",
    "okta", "keycloak", "openid",
)  # fmt: skip
_login_questions = ("samlrequest=", "relaystate=", "redirect_uri=", "client_id=", "os_destination=")
_captcha_words = ("captcha",)
_of_everybody = (
    "every user of Jira may see that: give it access to the product in Jira's user management, "
    "and let what stands before Jira (proxy, firewall, allowlist of addresses) pass this question"
)
_base_paths = ("/serverInfo", "/myself")  # of every Jira, and for everybody


def anonymous(headers: Mapping[str, str], asked: Asked) -> AccessDenied | None:
    """The error of an answer that was given though the credentials were not accepted.

    Such an answer leaves out what only we may see. Data Center names the visitor in every answer.
    """
    if needs_captcha(headers):
        return _captcha(asked)
    is_failed = "AUTHENTICATED_FAILED" in headers.get("X-Seraph-LoginReason", "")
    if not is_failed and headers.get("X-AUSERNAME", "").strip().lower() != "anonymous":
        return None
    return AccessDenied(
        f"{asked.url} answered {asked.path} as to an anonymous visitor: it does not accept "
        f"{asked.who}; check {asked.written.auth}, and {asked.written.url}"
    )


def needs_captcha(headers: Mapping[str, str]) -> bool:
    """Whether Jira takes no password until somebody has answered its CAPTCHA."""
    is_denied = "AUTHENTICATION_DENIED" in headers.get("X-Seraph-LoginReason", "")
    reason = headers.get("X-Authentication-Denied-Reason", "").lower()
    return is_denied or any(word in reason for word in _captcha_words)


def web_page(asked: Asked, status: int = 200) -> AccessDenied:
    """The error of a page where data were asked for."""
    told = "" if status < 400 else f" (HTTP {status})"
    return AccessDenied(
        f"{asked.url} answered {asked.path} with a web page instead of data{told}, as a login page "
        f"or a proxy's would be; check that {asked.written.url} is Jira's base address and that "
        f"{asked.who} may use the REST API without a browser"
    )


def redirected(response: Response, asked: Asked) -> TrackerError:
    """The error of a redirect, which is never followed: the credentials are this address's."""
    location = response.headers.get("Location", "")
    if asked.said(location) != location:  # it is long, odd or repeats a secret
        location = ""
    target = urlsplit(location)
    scheme = target.scheme or urlsplit(asked.url).scheme
    place = f"{scheme}://{target.netloc}" if target.hostname else "another page"
    goal = f"{target.netloc}{target.path}".lower()
    asks = target.query.lower()
    if any(one in goal for one in _login_words) or any(one in asks for one in _login_questions):
        return AccessDenied(
            f"{asked.url} sends {asked.path} to a login page at {place}; check "
            f"{asked.written.auth}: its REST API must accept the credentials without a browser. "
            f"Where a sign-on stands before it, {asked.written.url} must lead around it"
        )
    base, found, _ = location.partition(asked.path)
    right = (
        base.rstrip("/") if found and target.hostname else "the address where Jira itself answers"
    )
    return TrackerError(
        f"{asked.url} redirects {asked.path} to {place}; set {asked.written.url} to {right}"
    )


def refused(response: Response, words: str, asked: Asked, is_page: bool) -> TrackerError:
    """The error of a status from 400 on; `words` are Jira's own."""
    status, url, path, who = response.status_code, asked.url, asked.path, asked.who
    said = f": {words}" if words else ""
    if status in (401, 403):
        return _denied(response, words, asked, is_page)
    if status == 404 and path.endswith(_base_paths):
        return NotInTracker(
            f"there is no Jira at {url}: it has no {path} (HTTP 404); check {asked.written.url}, "
            "which is Jira's base address, with its context path where it has one"
        )
    if status == 404:
        return NotInTracker(
            f"{url} has no {path}, or hides it from {who} (HTTP 404){said}; "
            f"check the id or key, {asked.written.url} and permissions"
        )
    if is_page and status != 407:
        return web_page(asked, status)
    remedies = {
        402: "its subscription does not allow that: see to it in the site's administration",
        407: "the proxy before it wants credentials: put them into HTTPS_PROXY, or the host into "
        "NO_PROXY",
        410: "check the configured deployment: cloud, datacenter or auto",
    }
    lost = "no longer has" if status == 410 else "refused"
    usual = f"check {asked.written.url}, and what stands before Jira (proxy, firewall)"
    remedy = remedies.get(status, usual)
    return TrackerError(
        f"{url} {lost} {path} (HTTP {status}){said or ': no reason given'}; {remedy}"
    )


def _denied(response: Response, words: str, asked: Asked, is_page: bool) -> TrackerError:
    status, url, path, who = response.status_code, asked.url, asked.path, asked.who
    said = f": {words.rstrip('.')}" if words else ""
    if needs_captcha(response.headers):
        return _captcha(asked)
    if _lacks_scope(response.headers, words):
        scopes = " and ".join(scopes_for(path))
        return ScopeMissing(
            f"{url} does not let {who} see {path} (HTTP {status}){said}; the token lacks a scope: "
            f"make one with {scopes} and put it where {asked.written.auth} says"
        )
    if is_page:
        return web_page(asked, status)
    if status == 401:
        return AccessDenied(
            f"{url} does not accept the credentials of {who} (HTTP 401 on {path}){said}; "
            f"check kind, user and secret of {asked.written.auth}"
        )
    remedy = "give it the permission to browse these projects"
    if path.endswith(("/serverInfo", "/myself", "/field", "/status")):
        remedy = _of_everybody
    elif "/rest/agile/" in path:
        remedy = f"{remedy}, and access to Jira Software"
    return AccessDenied(f"{url} does not let {who} see {path} (HTTP 403){said}; {remedy}")


def _lacks_scope(headers: Mapping[str, str], words: str) -> bool:
    """Whether the token is known, but was not made for this resource."""
    told = words.lower()
    is_named = "scope" in told and "match" in told
    is_short = any(word in told for word in ("insufficient", "missing", "lack", "required"))
    return (
        is_named
        or ("scope" in told and is_short)
        or "insufficient_scope" in headers.get("WWW-Authenticate", "").lower()
    )


def _captcha(asked: Asked) -> AccessDenied:
    return AccessDenied(
        f"{asked.url} takes no password of {asked.who} until its CAPTCHA is answered, as after "
        f"failed logins; log in once with a browser, then check {asked.written.auth}"
        f" and {asked.written.url}"
    )
