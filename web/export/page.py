"""A page as its server sends it, made to stand without one. Pure: HTML in, HTML out."""

import html
import re
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urljoin

import orjson

Resolve = Callable[
    [str], str | None
]  # an address on the site, as a link to it; None: there is none

_FORM: Final = re.compile(r"<form\b.*?</form>", re.DOTALL)
_FILES: Final = re.compile(
    r'<p class="files">.*?</p>|<p><a href="/api/[^"]*">[^<]*</a></p>', re.DOTALL
)
_API: Final = re.compile(r'<a href="/api/docs"[^>]*>API</a>')
_PRELOAD: Final = re.compile(r'<link rel="preload"[^>]*>\n?')
_LIVE: Final = re.compile(r' data-refresh="[^"]*"| data-live\b')
_ANCHOR: Final = re.compile(r'<a\b([^>]*?) href="([^"]*)"([^>]*)>(.*?)</a>', re.DOTALL)
_JSON: Final = re.compile(r'(<script type="application/json">)(.*?)(</script>)', re.DOTALL)
_SORTING: Final = re.compile(
    r'<span (?:class="(?:away|arrow)"|aria-hidden="true")[^>]*>[^<]*</span>'
)
_SORTED: Final = re.compile(r"[?&](?:sort|by)=-?([a-z_]+)")
_CHOICE: Final = re.compile(r'<nav class="(?:choices|pager|windows)".*?</nav>', re.DOTALL)
_OUTSIDE: Final = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_PLAIN: Final = re.compile(r"/(?!/)[^.?#;]*(?:[?#]|$)")  # an address that is whole as it stands


def standing(page: str, address: str, resolve: Resolve) -> str:
    """The page of an address without what needs its server.

    Links lead where `resolve` says; those that it knows nothing of become their text, and a choice
    of none but such is left out.
    """
    kept = _FILES.sub("", _FORM.sub("", page))
    *before, last = _API.split(kept)
    kept = "".join([*(one.rstrip() for one in before), last])
    kept = _LIVE.sub("", _PRELOAD.sub("", kept))

    def link(found: re.Match[str]) -> str:
        href = _led(html.unescape(found[2]), address, resolve)
        if 'class="sort' in found[1]:
            return f'<span data-sorts="{_column(found[2])}">{_SORTING.sub("", found[4])}</span>'
        if href is None:
            return f"<span>{found[4]}</span>"
        return f'<a{found[1]} href="{html.escape(href)}"{found[3]}>{found[4]}</a>'

    def figure(found: re.Match[str]) -> str:
        return f"{found[1]}{_led_figure(found[2], address, resolve)}{found[3]}"

    linked = _CHOICE.sub(_living, _ANCHOR.sub(link, kept))
    return _JSON.sub(figure, linked)


def _column(quoted: str) -> str:
    """The column that a link sorts by."""
    found = _SORTED.search(html.unescape(quoted))
    return found[1] if found else ""


def _living(found: re.Match[str]) -> str:
    return found[0] if "<a " in found[0] else ""


def _led(href: str, address: str, resolve: Resolve) -> str | None:
    """Where a link of the page leads; places on the page and other sites stay as they are."""
    if href.startswith("#") or _OUTSIDE.match(href):
        return href
    if href.startswith("?") and len(href) > 1:
        return resolve(address.partition("?")[0] + href)
    return resolve(href if _PLAIN.match(href) else urljoin(address, href))


def _led_figure(text: str, address: str, resolve: Resolve) -> str:
    """A chart whose points lead somewhere, with addresses that stand."""
    if '"leads":true' not in text:
        return text
    figure: dict[str, Any] = orjson.loads(text)
    for trace in figure["data"]:
        if isinstance(trace.get("customdata"), list):
            trace["customdata"] = [_point(one, address, resolve) for one in trace["customdata"]]
    return orjson.dumps(figure).decode().replace("<", "\\u003c").replace("\u2028", "\\u2028")


def _point(given: Any, address: str, resolve: Resolve) -> Any:
    return _led(given, address, resolve) if isinstance(given, str) else given
