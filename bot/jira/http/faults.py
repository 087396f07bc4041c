"""What a request that had no answer died of, and what to do about it."""

import errno
from collections.abc import Iterator
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import NameResolutionError, ProtocolError, ReadTimeoutError

from bot.jira.http.auth import Written
from bot.jira.http.retry import Failure
from telemetry.errors import TrackerUnavailable, UnexpectedAnswer

_reasons = {  # the first that fits
    requests.exceptions.SSLError: "the encrypted connection broke off",
    requests.exceptions.ConnectTimeout: "no connection within {connect:g} s",
    requests.exceptions.Timeout: "no answer within {read:g} s",
    requests.exceptions.ChunkedEncodingError: "its answer breaks off",
    requests.exceptions.ContentDecodingError: "its answer cannot be unpacked",
}
_certificates = (  # what OpenSSL says, and what that means; the first that fits
    (
        ("Hostname mismatch", "IP address mismatch", "doesn't match"),
        "shows a certificate of another host; check the host name in {url}",
    ),
    (
        ("certificate has expired", "certificate is not yet valid"),
        "shows a certificate whose days are over, or have not begun; have it renewed, and check "
        "the clock of this machine ({url})",
    ),
    (
        ("CERTIFICATE_VERIFY_FAILED",),
        "shows a certificate that this machine does not trust; add its authority to "
        "REQUESTS_CA_BUNDLE, or check {url}",
    ),
    (
        ("WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE", "record layer failure", "HTTP_REQUEST"),
        "does not speak TLS there; check https:// and the port in {url}",
    ),
    (
        ("UNSUPPORTED_PROTOCOL", "HANDSHAKE_FAILURE", "ALERT_PROTOCOL_VERSION", "NO_SHARED_CIPHER"),
        "and this machine have no TLS version in common; its TLS must be 1.2 or newer ({url})",
    ),
)
_network = {
    errno.ECONNREFUSED: "nothing listens there (connection refused)",
    errno.EHOSTUNREACH: "its host cannot be reached",
    errno.ENETUNREACH: "its network cannot be reached",
}


def meaning(
    error: requests.exceptions.RequestException,
    url: str,
    timeout: tuple[float, float],
    written: Written,
) -> Failure | TrackerUnavailable | UnexpectedAnswer:
    """The fault of a request as an error of ours: a Failure where another try may help."""
    if isinstance(error, requests.exceptions.SSLError):
        for signs, sentence in _certificates:
            if any(sign in str(error) for sign in signs):
                return TrackerUnavailable(f"{url} {sentence.format(url=written.url)}")
    if isinstance(error, requests.exceptions.ProxyError):
        return _proxy(error, url, written)
    for kind, reason in _reasons.items():
        if isinstance(error, kind):
            is_garbled = kind is requests.exceptions.ContentDecodingError
            connect, read = timeout
            told = reason.format(connect=connect, read=read)
            is_closed = kind is requests.exceptions.ConnectTimeout
            remedy = f"check host and port in {written.url}, and firewalls" if is_closed else ""
            is_silent = kind is requests.exceptions.Timeout
            return Failure(told, is_garbled=is_garbled, remedy=remedy, is_silent=is_silent)
    if isinstance(error, requests.exceptions.ConnectionError):
        return _broken(error, timeout, written)
    return UnexpectedAnswer(f"{url} cannot be asked ({type(error).__name__}); check {written.url}")


def _broken(error: Exception, timeout: tuple[float, float], written: Written) -> Failure:
    cause = error.args[0] if error.args else None
    cause = getattr(cause, "reason", None) or cause
    if isinstance(cause, ReadTimeoutError):
        return Failure(f"its answer stopped for {timeout[1]:g} s", is_silent=True)
    if isinstance(cause, ProtocolError):
        return Failure(
            "it dropped the connection",
            remedy=f"try again later; if that stays, check http or https and the port in "
            f"{written.url}",
        )
    if isinstance(cause, NameResolutionError):
        return Failure(
            "its host name is not found",
            remedy=f"check the host name in {written.url}, and this machine's network",
        )
    numbers = {one.errno for one in _chain(cause) if isinstance(one, OSError)}
    reason = next((told for number, told in _network.items() if number in numbers), "no connection")
    return Failure(
        reason, remedy=f"check host and port in {written.url}, and whether Jira runs there"
    )


def _proxy(error: Exception, url: str, written: Written) -> Failure | TrackerUnavailable:
    """A proxy of the environment that does not let us through; its password is not shown."""
    known = requests.utils.select_proxy(url, requests.utils.get_environ_proxies(url))
    proxy = urlsplit(known or "")
    shown = f" {proxy.hostname}:{proxy.port}" if proxy.hostname and proxy.port else ""
    remedy = f"check HTTPS_PROXY, HTTP_PROXY and NO_PROXY of this process, and {written.url}"
    if "407" in str(error):
        return TrackerUnavailable(f"the proxy{shown} before {url} wants credentials; {remedy}")
    return Failure(f"no connection through the proxy{shown}", remedy=remedy)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
