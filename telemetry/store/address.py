"""The address of a store, with whatever signs its password has."""

import re
from urllib.parse import quote, unquote

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from telemetry.errors import StoreError
from telemetry.secrecy import know

_HOST = r"(?:\[[0-9A-Fa-f:.]+\]|[\w.%-]*)(?::\d*)?"
_REST = re.compile(rf"{_HOST}(?:,{_HOST})*(?:/[^/@?#:]*)?(?:\?[^#]*)?")
_CODED = re.compile(r"%[0-9A-Fa-f]{2}")
_PLAIN = re.compile(r"[@/:?#\[\]\s]|%(?![0-9A-Fa-f]{2})")


def read_address(text: str) -> URL:
    """The address; signs such as @ / : # % in its password stand plainly, or all as %XX.

    Raises StoreError, without any of the text, where it can be read in two ways or in none.
    """
    scheme, separator, rest = text.strip().partition("://")
    if not separator or scheme.startswith("sqlite") or "@" not in rest:
        return _kept(_made(text.strip()))
    ends = [place for place, sign in enumerate(rest) if sign == "@"]
    ends = [end for end in ends if _REST.fullmatch(rest[end + 1 :])]
    if len(ends) != 1:
        raise _ambiguous()
    user, has_password, password = rest[: ends[0]].partition(":")
    url = _made(f"{scheme}://{rest[ends[0] + 1 :]}").set(username=unquote(user))
    if not has_password:
        return _kept(url)
    is_plain = _PLAIN.search(password)
    if is_plain and _CODED.search(password):
        raise _ambiguous()
    know(password)
    return _kept(url.set(password=password if is_plain else unquote(password)))


def shown_address(url: URL) -> str:
    """The address without its password and its parameters, which may hold another."""
    return url.set(query={}).render_as_string(hide_password=True)


def passwords_of(url: URL) -> list[str]:
    """All that an address holds of secrets."""
    words = [str(url.password or "")]
    for name, value in url.query.items():
        if "pass" in name.casefold():
            words += [value] if isinstance(value, str) else list(value)
    return [word for word in words if word]


def _kept(url: URL) -> URL:
    for password in passwords_of(url):
        know(password)
        know(quote(password, safe=""))
    return url


def _made(text: str) -> URL:
    try:
        return make_url(text)
    except (ArgumentError, ValueError):
        raise StoreError(
            "store.url is not a database address (it is not shown here, as it may hold a "
            "password); use sqlite:///FILE or postgresql+psycopg://USER@HOST/DATABASE."
        ) from None


def _ambiguous() -> StoreError:
    return StoreError(
        "store.url can be read in several ways (it is not shown here, as it holds a password); "
        "write these signs of the password as %XX: @ as %40, / as %2F, : as %3A, ? as %3F, # as "
        "%23, % as %25."
    )
