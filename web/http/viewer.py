"""Who asks, as far as an answer depends on it: signed in or not, and how they write numbers."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, lru_cache

from babel import Locale, negotiate_locale
from babel.localedata import locale_identifiers
from babel.numbers import get_decimal_symbol
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from telemetry.words.numbers import POINT
from web.show.numbers import DECIMAL

IS_SIGNED_IN = "telemetry.is_signed_in"  # in the scope of a request, as the guard found
_VIEWER = "telemetry.viewer"
_SIGNS = (POINT, ",")  # those of digits as the pages write them
_LONGEST = 200  # letters of the header that are read, and remembered; no browser sends more


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who asks; `locale` is the language they want most of those that are known."""

    is_signed_in: bool
    locale: str

    @property
    def decimal_sign(self) -> str:
        """How they write numbers: a point or a comma."""
        return _decimal_sign(self.locale)


def viewer_of(request: Request) -> Viewer:
    """Who sent a request."""
    found: Viewer = request.scope[_VIEWER]
    return found


class Viewers:
    """ASGI middleware that finds who asks, and has each page's numbers written for them."""

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
        viewer = Viewer(scope.get(IS_SIGNED_IN, False), wanted_locale(languages))
        scope[_VIEWER] = viewer
        with written_with(viewer.decimal_sign):
            await self._app(scope, receive, send_with_vary)


@contextmanager
def written_with(sign: str) -> Iterator[None]:
    """Numbers are written with this decimal sign until the block ends."""
    before = DECIMAL.set(sign)
    try:
        yield
    finally:
        DECIMAL.reset(before)


@lru_cache(512)  # 35 µs an answer
def wanted_locale(languages: str) -> str:
    """The locale for an Accept-Language: the first one that is known, else English."""
    return negotiate_locale(_wanted(languages), _known(), sep="-") or "en"


@cache  # 50 µs, for each new wish
def _known() -> tuple[str, ...]:
    """All locales, named as browsers name them."""
    return tuple(name.replace("_", "-") for name in locale_identifiers())


@lru_cache(512)  # 6 µs an answer
def _decimal_sign(locale: str) -> str:
    sign = str(get_decimal_symbol(Locale.parse(locale, sep="-")))
    return sign if sign in _SIGNS else POINT


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
