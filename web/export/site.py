"""The whole dashboard as a folder of pages that need no server, through the application itself."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final
from urllib.parse import quote
from zoneinfo import ZoneInfo

import telemetry
from telemetry.collecting import rare_collections
from web.export import saved_assets
from web.export.asking import completed
from web.export.at_once import Make, Open, at_once, processes_for
from web.export.folder import Folder
from web.export.links import ASSETS, file_of
from web.export.team_pages import Pages, TeamFiles, Wanted
from web.http.assets import INTER_LICENCE, Assets
from web.show.links import portfolio_page, program_page, programs_page, quarter_page

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from telemetry.report.reports import Reports

Progress = Callable[[int, int], None]  # how many teams are written, of how many that changed
_SERVED: Final = ("/api/", "/assets/", "/sign-in", "/teams/", "/wall", "/demo/")  # of no copy
_OF_QUARTERS: Final = ("/portfolio", "/programs", "/calibration")


@dataclass(frozen=True, slots=True)
class Made:
    """How many pages were made anew; the rest had nothing new."""

    rendered: int
    written: int
    removed: int


class StaticSite:
    """The pages of these teams; `live` is where the application itself is, "" for nowhere.

    `opened` makes the same pages in another process; without it all are made in this one.
    """

    def __init__(
        self,
        app: "ASGIApp",
        reports: "Reports",
        assets: Assets,
        now: datetime,
        live: str = "",
        is_whole: bool = True,
        opened: Open | None = None,
    ) -> None:
        self._pages = Pages(app, reports, now, live)
        self._reports = reports
        self._assets = assets
        self._now = now
        self._live = live.rstrip("/")
        self._is_whole = is_whole
        self._opened = opened
        self._teams = reports.team_names()

    def write(self, folder: Folder, progress: Progress = lambda done, teams: None) -> Made:
        """Write what is not there yet, and remove what is gone; all of it, or nothing."""
        with folder.held(), rare_collections():
            rendered = self._write(folder, progress)
            folder.finish()
        return Made(rendered, folder.written, folder.removed)

    def _write(self, folder: Folder, progress: Progress) -> int:
        """Put all into the folder; how many pages were made."""
        keys = {key: self._made_from(key) for key, _ in self._teams}
        changed = {key for key, given in keys.items() if not _keeps(folder, key, *given)}
        with self._making(len(changed)) as make:
            folder.put("assets", "", self._files())
            general = completed(self._pages.crawled(["/"], self._is_general))
            quarters = self._of_quarters() if self._is_whole else ()
            progress(0, len(changed))
            teams = (f"/teams/{quote(key)}" for key, _ in self._teams)
            known = frozenset((*general, *quarters, *teams))
            rendered = len(general)
            wanted = self._wanted(folder, changed, keys, known)
            for done, made in enumerate(make(wanted), start=1):
                of_over, of_own = keys[made.key]
                if made.over is not None:
                    folder.put(f"{made.key} closed", of_over, made.over)
                folder.put(f"{made.key} team", of_own, made.own)
                rendered += made.rendered
                progress(done, len(changed))
        known |= self._of_teams(folder, quarters)
        rendered += self._put_quarters(folder, quarters, known)
        folder.put("general", "", self._pages.standing(general, known))
        return rendered

    def _of_quarters(self) -> tuple[str, ...]:
        """The addresses of the portfolio and of programs, in each quarter that there is."""
        found, _ = self._reports.portfolio(None, self._now)
        programs = self._reports.programs(None)
        of_all = {found.current, found.current.next(), *found.named}
        return (
            "/portfolio",
            "/programs",
            "/calibration",
            *(
                page(quarter)
                for page in (portfolio_page, programs_page)
                for quarter in sorted(of_all)
            ),
            *(program_page(one.name) for one in programs),
            *(program_page(one.name, quarter) for one in programs for quarter in one.quarters),
        )

    def _of_teams(self, folder: Folder, quarters: tuple[str, ...]) -> frozenset[str]:
        """The addresses of teams' quarters, and of what forecasts came to, that it has pages of."""
        files = {name for key, _ in self._teams for name in folder.names(f"{key} team")}
        named = {one.rpartition("=")[2] for one in quarters if "?" in one}
        of_quarters = (quarter_page(key)(name) for key, _ in self._teams for name in named)
        every = (*of_quarters, *(f"/teams/{quote(key)}/calibration" for key, _ in self._teams))
        return frozenset(one for one in every if file_of(one) in files)

    def _put_quarters(
        self, folder: Folder, addresses: tuple[str, ...], known: frozenset[str]
    ) -> int:
        """Write these pages, where anything of any team changed; how many were made."""
        base = (telemetry.__version__, self._assets.digest, self._live, self._teams)
        key = _digest(*base, self._reports.version(None), self._now, addresses)
        if folder.keeps("quarters", key):
            return 0
        made = completed(self._pages.crawled(sorted(addresses), lambda _: False))
        folder.put("quarters", key, self._pages.standing(made, known))
        return len(made)

    def _making(self, teams: int) -> AbstractContextManager[Make]:
        count = processes_for(teams)
        if self._opened is None or count == 1:
            return nullcontext(self._made_here)
        return at_once(self._opened, count)

    def _made_here(self, wanted: Iterable[Wanted]) -> Iterator[TeamFiles]:
        return (completed(self._pages.team(one)) for one in wanted)

    def _wanted(
        self,
        folder: Folder,
        changed: set[str],
        keys: dict[str, tuple[str, str]],
        known: frozenset[str],
    ) -> Iterator[Wanted]:
        for key, _ in self._teams:
            if key in changed:
                of_over, name = keys[key][0], f"{key} closed"
                is_kept = folder.keeps(name, of_over)
                yield Wanted(key, known, frozenset(folder.names(name)) if is_kept else None)

    def _is_general(self, address: str) -> bool:
        """Whether it is a page that tells of no team alone, nor of others than those wanted."""
        if not self._is_whole:
            return address in ("/", "/definitions")
        return "?" not in address and not address.startswith((*_SERVED, *_OF_QUARTERS))

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

    def _made_from(self, key: str) -> tuple[str, str]:
        """What a team's closed sprints follow from, which do not change while its facts stay, and
        what its other pages do.
        """
        ageing = self._reports.freshness(key, self._now)
        today = self._now.astimezone(ZoneInfo(ageing.zone.key)).date()
        base = (telemetry.__version__, self._assets.digest, self._live, self._teams, today)
        of_over = _digest(*base, ageing.facts)
        return of_over, _digest(of_over, ageing.freshness, self._now)


def _keeps(folder: Folder, key: str, of_over: str, of_own: str) -> bool:
    """Whether all pages of a team stand as they would be made."""
    return folder.keeps(f"{key} closed", of_over) and folder.keeps(f"{key} team", of_own)


def _digest(*parts: object) -> str:
    return hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()[:32]
