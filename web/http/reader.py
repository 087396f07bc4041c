"""How a reader writes numbers: with the decimal sign of the language that the browser asks for."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.numbers import get_decimal_symbol
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.show.numbers import (
    DECIMAL,
    POINT,
)

_SIGNS = (POINT, ",")  # those of digits as the pages write them
_LONGEST = 200  # letters of the header that are read, and remembered; no browser sends more


class Reader:
    """ASGI middleware that has each page's numbers written for its reader."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_vary(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                is_html = headers.get("content-type", "").startswith("text/html")
                if is_html or message["status"] == 304:
                    headers.add_vary_header("Accept-Language")
            await send(message)

        languages = Headers(scope=scope).get("accept-language", "")[:_LONGEST]
        with written_with(decimal_sign(languages)):
            await self._app(scope, receive, send_with_vary)


@contextmanager
def written_with(sign: str) -> Iterator[None]:
    """Numbers are written with this decimal sign until the block ends."""
    before = DECIMAL.set(sign)
    try:
        yield
    finally:
        DECIMAL.reset(before)


@lru_cache(512)
def decimal_sign(languages: str) -> str:
    """The sign for an Accept-Language: that of the first language that is known, else a point."""
    for language in _wanted(languages):
        try:
            sign = str(get_decimal_symbol(Locale.parse(language, sep="-")))
        except (UnknownLocaleError, ValueError):
            continue
        return sign if sign in _SIGNS else POINT
    return POINT


def _wanted(languages: str) -> list[str]:
    """The languages, the one wanted most first."""
    found = []
    for one in languages.split(","):
        name, _, weight = one.partition(";")
        if name.strip():
            found.append((_weight(weight), name.strip()))
    return [name for weight, name in sorted(found, key=lambda pair: -pair[0]) if weight > 0]


def _weight(text: str) -> float:
    """What `q=0.8` says; 1 where it says nothing."""
    name, _, value = text.strip().partition("=")
    try:
        return float(value) if name.strip() == "q" else 1.0
    except ValueError:
        return 0.0
