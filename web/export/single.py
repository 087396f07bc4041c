"""A page as one file that works from a mail's attachment, charts and all. Pure."""

import html

from web.export.page import standing
from web.export.saved_assets import inlined
from web.http.assets import Assets


def single(page: str, address: str, assets: Assets, live: str) -> str:
    """The page of an address with all that it loads; `live` is the application's, "" for none.

    What leads to other pages leads to the application, or is text alone where it has no address.
    """
    live = live.rstrip("/")

    def resolve(wanted: str) -> str | None:
        path, _, asked = wanted.partition("?")
        if path == address and asked:
            return f"?{asked}"
        return f"{live}{wanted}" if live else None

    made = standing(page, address, resolve)
    at = f' <a href="{html.escape(live + address)}">The page as it is now</a>' if live else ""
    foot = f"<p>A copy, as of the time above; it changes no more.{at}</p>\n</footer>"
    return inlined(made.replace("</footer>", foot, 1), assets)
