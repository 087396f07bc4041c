"""The charts of a page as pictures: Chromium draws them by the script that browsers use."""

import base64
import html
import re
from collections.abc import Collection, Mapping
from typing import Final
from urllib.parse import unquote_to_bytes

import orjson

from telemetry.errors import NotFound
from web.export.paper import nothing, opened
from web.export.saved_assets import inlined
from web.http.assets import Assets

TYPES: Final = {"png": "image/png", "svg": "image/svg+xml"}
_WHAT: Final = "a picture"
_CHART: Final = re.compile(r'<figure class="chart" id="([^"]+)" data-chart')
_MADE: Final = re.compile(rb'<pre id="pictures">(.*?)</pre>', re.DOTALL)


def charts_of(page: str) -> list[str]:
    """The names of a page's charts."""
    return [html.unescape(name) for name in _CHART.findall(page)]


def chart_of(page: str, wanted: str) -> str:
    """The chart that is asked for; the only one where none is. Raises NotFound naming those."""
    known = charts_of(page)
    if wanted in known or (not wanted and len(known) == 1):
        return wanted or known[0]
    names = ", ".join(known)
    raise NotFound(
        f"this page has no chart {wanted!r}: {f'it has {names}' if known else 'it has none'}"
        if wanted or not known
        else f"say which chart: {names}"
    )


def to_pictures(
    page: str, assets: Assets, form: str, names: Collection[str] = (), width: int = 0
) -> Mapping[str, bytes]:
    """Each chart of a page as the application answers it, by name, as png or svg.

    With names only those of them that the page has. Raises NoChromium, or TelemetryError where
    they can't be drawn in time.
    """
    wanted = [one for one in charts_of(page) if one in names or not names]
    if not wanted:
        return {}
    asked = f'data-pictures="{form}" data-wanted="{html.escape(" ".join(wanted))}"'
    asked += f' data-width="{width}"' if width else ""
    marked = page.replace("<html ", f"<html {asked} ", 1)
    made = inlined(marked, assets, "pictures.js").encode()
    with opened(made, _WHAT, "--dump-dom") as folder:
        found = _MADE.search((folder / "out").read_bytes())
    if found is None:
        raise nothing(_WHAT)
    drawn = orjson.loads(html.unescape(found[1].decode()))
    return {name: _body(address) for name, address in drawn.items()}


def _body(address: str) -> bytes:
    """What a data: address holds."""
    head, _, data = address.partition(",")
    body = unquote_to_bytes(data)
    return base64.b64decode(body) if head.endswith(";base64") else body
