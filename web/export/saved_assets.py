"""The files that saved pages load: as the server's, but of scripts that are no modules."""

import base64
import re
from typing import Final

from web.export.bundle import bundled
from web.http.assets import Assets

_MODULE: Final = re.compile(r'<script type="module" src="[^"]*/([\w-]+\.js)"></script>\n?')
_ADDRESS: Final = re.compile(r'="/assets/[0-9a-f]+/([^"]+)"')
_BODY_END: Final = "</body>"
SCRIPT: Final = "page.js"


def script(assets: Assets, *entries: str) -> str:
    """These modules and what they import; without any, all that a saved page does by script."""
    files = {name: one.content for name, one in assets.files.items() if name.endswith(".js")}
    return bundled(files, *(entries or ("saved.js", "page.js")))


def plotly(assets: Assets) -> bytes:
    """What draws the charts."""
    return assets.plotly_content


def sheet(assets: Assets, name: str) -> str:
    """A style sheet; the typeface stands in it, since a folder's pages may not load one."""
    text = assets.files[name].content.decode()
    font = assets.inter.content() if assets.inter is not None and name == "inter.css" else None
    if font is None:
        return text
    packed = base64.b64encode(font).decode()
    return text.replace('url("inter.woff2")', f'url("data:font/woff2;base64,{packed}")')


def linked(page: str, folder: str) -> str:
    """The page with its assets in a folder; its modules are one script at its end."""
    page = _ADDRESS.sub(rf'="{folder}\g<1>"', _MODULE.sub("", page))
    # deferred, so that it runs after what draws the charts
    return page.replace("</head>", f'<script defer src="{folder}{SCRIPT}"></script>\n</head>', 1)


def inlined(page: str, assets: Assets, *entries: str) -> str:
    """The page with all that it loads in itself; `entries` are other modules than its own."""
    scripts = [script(assets, *entries)]
    if "/plotly.js" in page:
        scripts.insert(0, plotly(assets).decode())
    page = re.sub(r'<script defer src="[^"]*"></script>\n?', "", _MODULE.sub("", page))
    page = re.sub(
        r'<link rel="stylesheet" href="/assets/[^/]*/([^"]+)">',
        lambda found: f"<style>\n{sheet(assets, found[1])}</style>",
        page,
    )
    page = re.sub(
        r'<script src="/assets/[^/]*/([^"]+)"></script>',
        lambda found: _element(assets.files[found[1]].content.decode()),
        page,
    )
    page = re.sub(
        r'(<link rel="icon" href=")/assets/[^/]*/([^"]+)"',
        lambda found: f'{found[1]}{_data(assets, found[2])}"',
        page,
    )
    at = page.rindex(_BODY_END)
    return page[:at] + "\n".join(map(_element, scripts)) + page[at:]


def _element(text: str) -> str:
    """A script element that nothing in the script ends."""
    return (
        "<script>"
        + re.sub(r"</(script)", r"<\\/\1", text, flags=re.IGNORECASE).replace("<!--", "<\\!--")
        + "</script>"
    )


def _data(assets: Assets, name: str) -> str:
    one = assets.files[name]
    return f"data:{one.media_type};base64,{base64.b64encode(one.content).decode()}"
