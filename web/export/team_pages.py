"""Pages of the application as files: asked for, followed where they lead, made to stand alone."""

import html
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, quote

from starlette.types import ASGIApp

from telemetry.errors import TelemetryError
from web.export import saved_assets
from web.export.asking import ask, said
from web.export.links import ASSETS, Links, above, file_of
from web.export.page import standing

if TYPE_CHECKING:
    from telemetry.report.reports import Reports

_CHOICES: Final = {"over", "by"}  # of the page of impediments, each of whose choices is a page
_TURNS: Final = re.compile(r"of=[a-z]+|(?:of=[a-z]+&)?page=[0-9]+")  # of a list, or two
WEEKS: Final = 13  # of a team with sprints: a quarter; a year would take a fifth more of its time
_LINK: Final = re.compile(r'<a\b[^>]*? href="([/?][^"#]*)[^"]*"')


@dataclass(frozen=True, slots=True)
class Wanted:
    """A team whose pages are wanted; `known` are the addresses of pages that others make.

    `over` are the files of its closed sprints and past weeks as they stand, None where these are
    wanted, too.
    """

    key: str
    known: frozenset[str]
    over: frozenset[str] | None


@dataclass(frozen=True, slots=True)
class TeamFiles:
    """A team's pages by file: its own, and those of what is over where they were wanted."""

    key: str
    own: Mapping[str, bytes]
    over: Mapping[str, bytes] | None
    rendered: int


class Pages:
    """Pages of an application as they stand `now`, which is at `live`, "" for nowhere."""

    def __init__(self, app: ASGIApp, reports: "Reports", now: datetime, live: str) -> None:
        self._app = app
        self._reports = reports
        self._now = now
        self._live = live.rstrip("/")
        self.rendered = 0

    async def team(self, wanted: Wanted) -> TeamFiles:
        """A team's own pages with what is not over, and its closed sprints and past weeks."""
        before, key = self.rendered, wanted.key
        at = f"/teams/{quote(key)}"
        states = {f"{at}/sprints/{one.id}": one.state for one in self._reports.sprints(key)}
        closed = [one for one, state in states.items() if state == "closed"]
        weeks = {f"{at}/reviews/{one.week}": one for one in self._reports.week_reviews(key)}
        left_out = {*weeks} - {*islice(weeks, WEEKS if states else None)}
        over = {
            *closed,
            *(f"{one}/snapshots" for one in closed),
            *(one for one, row in weeks.items() if row.is_over and one not in left_out),
        }
        if wanted.over is not None:
            over = {one for one in over if file_of(one) in wanted.over}

        elsewhere = over | left_out

        def is_own(address: str) -> bool:
            path, _, query = address.partition("?")
            is_page = not query or _TURNS.fullmatch(query) is not None
            return path.startswith(f"{at}/") and is_page and address not in elsewhere

        running = (one for one in states if one not in over)
        own = await self.crawled([at, f"{at}/calibration", *running], is_own)
        own |= await self._variants(own, f"{at}/impediments")
        there, made = wanted.known | own.keys(), None
        if wanted.over is None:
            pages = await self._fetched(sorted(over))
            there |= pages.keys()
            made = self.standing(pages, there)
        else:
            there |= over
        return TeamFiles(key, self.standing(own, there), made, self.rendered - before)

    async def crawled(
        self, first: Iterable[str], is_wanted: Callable[[str], bool]
    ) -> dict[str, str]:
        """Pages, and those wanted that they link to."""
        found: dict[str, str] = {}
        waiting, asked = list(first), set(first)
        while waiting:
            some = await self._fetched(waiting)
            found |= some
            links = {to for one, page in some.items() for to in _addresses(one, page)}
            waiting = sorted(one for one in links - asked if is_wanted(one))
            asked |= {*waiting}
        return found

    async def _fetched(self, addresses: Iterable[str]) -> dict[str, str]:
        """The pages that there are, by address."""
        found = {}
        for address in addresses:
            answer = await ask(self._app, address)
            if answer.status == 200:
                found[address] = answer.body.decode()
                self.rendered += 1
            elif answer.status != 404:
                raise TelemetryError(
                    f"{address} can't be shown: {answer.status} {said(answer)}".strip()
                )
        return found

    async def _variants(self, pages: Mapping[str, str], address: str) -> dict[str, str]:
        """The pages that the choices of a page lead to."""
        asked = _addresses(address, pages.get(address, ""))
        return await self._fetched(one for one in sorted(asked) if _is_choice(one, address))

    def standing(self, pages: Mapping[str, str], known: Collection[str]) -> dict[str, bytes]:
        """These pages as files whose links lead to those `known` alone."""
        links = Links(known)
        return {
            file_of(address): self._page(address, page, links).encode()
            for address, page in pages.items()
        }

    def _page(self, address: str, page: str, links: Links) -> str:
        file = file_of(address)
        made = standing(page, address, links.seen_from(file))
        made = saved_assets.linked(made, above(file) + ASSETS)
        return made.replace("</footer>", f"{self._foot(address)}</footer>", 1)

    def _foot(self, address: str) -> str:
        """What a copy says of itself."""
        live = f' <a href="{self._live}{address}">The page as it is now</a>' if self._live else ""
        return f"<p>A copy, as of the time above; it changes no more.{live}</p>\n"


def _addresses(address: str, page: str) -> set[str]:
    """The addresses of the application that a page leads to."""
    path = address.partition("?")[0]
    found = set(map(html.unescape, set(_LINK.findall(page))))
    return {f"{path}{one}" if one.startswith("?") else one for one in found}


def _is_choice(address: str, of: str) -> bool:
    path, _, query = address.partition("?")
    return path == of and {name for name, _ in parse_qsl(query)} <= _CHOICES and bool(query)
