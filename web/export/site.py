"""The whole dashboard as a folder of pages that need no server, through the application itself."""

import hashlib
import html
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, quote
from zoneinfo import ZoneInfo

from starlette.types import ASGIApp

import telemetry
from telemetry.errors import TelemetryError
from web.export import saved_assets
from web.export.asking import Answer, ask, completed
from web.export.folder import Folder
from web.export.links import ASSETS, Links, above, file_of
from web.export.page import standing
from web.http.assets import INTER_LICENCE, Assets

if TYPE_CHECKING:
    from telemetry.report.reports import Reports

_CHOICES: Final = {"over", "by"}  # of the page of impediments, each of whose choices is a page
_HREF: Final = re.compile(r'<a\b[^>]*? href="(\?[^"]+)"')
_LINK: Final = re.compile(r'<a\b[^>]*? href="(/[^"?#]*)"')
_SERVED: Final = ("/api/", "/assets/", "/sign-in", "/teams/", "/wall", "/demo/")  # of no copy


@dataclass(frozen=True, slots=True)
class Made:
    """How many pages were made anew; the rest had nothing new."""

    rendered: int
    written: int
    removed: int


class StaticSite:
    """The pages of these teams; `live` is where the application itself is, "" for nowhere."""

    def __init__(
        self,
        app: ASGIApp,
        reports: "Reports",
        assets: Assets,
        now: datetime,
        live: str = "",
        is_whole: bool = True,
    ) -> None:
        self._app = app
        self._reports = reports
        self._assets = assets
        self._now = now
        self._live = live.rstrip("/")
        self._is_whole = is_whole
        self._teams = reports.team_names()
        self._rendered = 0

    def write(self, folder: Folder) -> Made:
        """Write what is not there yet, and remove what is gone."""
        completed(self._write(folder))
        return Made(self._rendered, folder.written, folder.removed)

    async def _write(self, folder: Folder) -> None:
        folder.put("assets", "", self._files())
        general = await self._crawled(["/"], self._is_general)
        known = {*general, *(f"/teams/{quote(key)}" for key, _ in self._teams)}
        for key, _ in self._teams:
            await self._team(folder, key, known)
            folder.save()
        folder.put("general", "", self._standing(general, known))
        folder.finish()

    def _is_general(self, address: str) -> bool:
        """Whether it is a page that tells of no team alone, nor of others than those wanted."""
        if not self._is_whole:
            return address in ("/", "/definitions")
        return not address.startswith(_SERVED)

    def _files(self) -> dict[str, bytes]:
        found = {
            name: saved_assets.sheet(self._assets, name).encode()
            if name.endswith(".css")
            else one.content
            for name, one in self._assets.files.items()
            if name.endswith((".css", ".svg")) or name in ("theme.js", INTER_LICENCE)
        }
        found[saved_assets.SCRIPT] = saved_assets.script(self._assets).encode()
        found["plotly.js"] = self._assets.plotly_content
        return {f"{ASSETS}{name}": body for name, body in found.items()}

    async def _team(self, folder: Folder, key: str, known: set[str]) -> None:
        """A team's own pages with the sprints that are not over, and the closed sprints, which
        do not change while its facts stay.
        """
        ageing = self._reports.freshness(key, self._now)
        today = self._now.astimezone(ZoneInfo(ageing.zone.key)).date()
        base = (telemetry.__version__, self._assets.digest, self._live, self._teams, today)
        of_closed = _digest(*base, ageing.facts)
        of_team = _digest(of_closed, ageing.freshness, self._now)
        if folder.keeps(f"{key} closed", of_closed) and folder.keeps(f"{key} team", of_team):
            return
        at = f"/teams/{quote(key)}"
        states = {f"{at}/sprints/{one.id}": one.state for one in self._reports.sprints(key)}
        closed = [one for one, state in states.items() if state == "closed"]
        over = {*closed, *(f"{one}/snapshots" for one in closed)}

        def is_own(address: str) -> bool:
            return address.startswith(f"{at}/") and address not in over

        own = await self._crawled([at, *(one for one in states if one not in over)], is_own)
        own |= await self._variants(own, f"{at}/impediments")
        if not folder.keeps(f"{key} closed", of_closed):
            pages = await self._fetched(over)
            there = known | own.keys() | pages.keys()
            folder.put(f"{key} closed", of_closed, self._standing(pages, there))
        files = set(folder.names(f"{key} closed"))
        there = known | own.keys() | {one for one in over if file_of(one) in files}
        folder.put(f"{key} team", of_team, self._standing(own, there))

    async def _crawled(
        self, first: Iterable[str], is_wanted: Callable[[str], bool]
    ) -> dict[str, str]:
        """Pages, and those wanted that they link to."""
        found: dict[str, str] = {}
        waiting, asked = list(first), set(first)
        while waiting:
            some = await self._fetched(waiting)
            found |= some
            links = {one for page in some.values() for one in _LINK.findall(page)}
            links = set(map(html.unescape, links))
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
                self._rendered += 1
            elif answer.status != 404:
                raise TelemetryError(f"{address} can't be shown: {_said(answer)}")
        return found

    async def _variants(self, pages: Mapping[str, str], address: str) -> dict[str, str]:
        """The pages that the choices of a page lead to."""
        asked = {
            html.unescape(one).partition("#")[0] for one in _HREF.findall(pages.get(address, ""))
        }
        wanted = [
            one for one in sorted(asked) if {name for name, _ in parse_qsl(one[1:])} <= _CHOICES
        ]
        return await self._fetched(f"{address}{one}" for one in wanted)

    def _standing(self, pages: Mapping[str, str], known: set[str]) -> dict[str, bytes]:
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


def _digest(*parts: object) -> str:
    return hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()[:32]


def _said(answer: Answer) -> str:
    found = re.search(
        r"<h1>(.*?)</h1>.*?<p>(.*?)</p>", answer.body.decode(errors="replace"), re.DOTALL
    )
    return f"{answer.status} {found[2] if found else ''}".strip()
