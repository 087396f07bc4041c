"""The command `export site`, and pages as files for the commands of `telemetry.export`."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from telemetry.context import Context
from telemetry.export.commands import exports, pictured, written_page
from telemetry.export.pages import DRAWERS, MAKERS, PICTURES, Pictures

if TYPE_CHECKING:
    from fastapi import FastAPI

    from telemetry.report.reports import Reports
    from web.export.site import Progress
    from web.export.some import Still
    from web.export.team_pages import Pages
    from web.http.assets import Assets

PHONE = 400  # pixels across a picture that is read on a phone, too


def site(
    ctx: typer.Context,
    folder: Annotated[Path, typer.Argument(help="The folder to write in.", show_default=False)],
    teams: Annotated[
        list[str] | None,
        typer.Option(help="These teams alone: keys, with commas or one an option. Default: all."),
    ] = None,
    url: Annotated[
        str, typer.Option(help="Where the live application is, for a link to it on each page.")
    ] = "",
    is_forced: Annotated[
        bool, typer.Option("--force", help="Write in a folder that holds other files, too.")
    ] = False,
) -> None:
    """Write the whole dashboard as pages that need no server.

    They work from a folder and from any static host. Another run writes what changed and removes
    what is gone; what it did not write it leaves alone. Pages are as of the newest pull.
    """
    from telemetry.errors import ConfigurationError
    from telemetry.store.engine import is_in_memory
    from web.export.folder import Folder
    from web.export.site import StaticSite

    context: Context = ctx.obj
    if url and not url.startswith(("http://", "https://")):
        raise ConfigurationError(f"--url {url!r} is no address: give https://…")
    keys = _keys(context, teams or ())
    reports = _still(context, keys)
    now = _newest(reports)
    app = _app(reports, now)
    opened = partial(_pages, context.path, context.environ, now, url, keys)
    site = StaticSite(
        app,
        reports,
        app.state.assets,
        now,
        url,
        is_whole=not keys,
        opened=None if is_in_memory(context.engine) else opened,
    )
    with _progress() as shown:
        made = site.write(Folder(folder, is_forced=is_forced), shown)
    typer.echo(
        f"{folder}: {made.rendered} pages rendered, {made.written} files written, "
        f"{made.removed} removed; open {folder / 'index.html'}"
    )


def review(
    ctx: typer.Context,
    sprint: Annotated[str, typer.Argument(help="The sprint's id.", show_default=False)],
    file: Annotated[
        Path, typer.Option("-o", "--output", help="A file ending in .html, .pdf, .png or .svg")
    ],
    team: Annotated[
        str, typer.Option(help="The team's key; may be left out where there is but one.")
    ] = "",
    form: Annotated[
        str, typer.Option("--format", help="html, pdf, png or svg; default: as the file ends.")
    ] = "",
) -> None:
    """Write the review of a sprint as one file that works from a mail, on paper, or its charts."""
    from urllib.parse import quote

    from telemetry.errors import ConfigurationError
    from telemetry.report.reports import Reports

    context: Context = ctx.obj
    ending = form.lower() or file.suffix.removeprefix(".").lower()
    if ending not in {*MAKERS, *DRAWERS}:
        raise ConfigurationError(f"{file} ends in none of .html, .pdf, .png, .svg")
    team = team or Reports.of(context.settings, context.engine).only_team()
    write = written_page if ending in MAKERS else pictured
    write(context, ending, f"/teams/{quote(team)}/reviews/{quote(sprint, safe='')}", file)


def _newest(reports: "Reports") -> datetime:
    """The instant of the newest data; now where there are none."""
    now = datetime.now(UTC)
    known = [one.freshness.as_of for one in reports.teams(now) if one.freshness.as_of]
    return max(known, default=now)


def _keys(context: Context, given: Sequence[str]) -> list[str]:
    """The keys of the teams that are asked for. Raises ConfigurationError for one of no team."""
    from telemetry.errors import ConfigurationError

    keys = [key.strip() for one in given for key in one.split(",") if key.strip()]
    known = [key for key, _ in _still(context, ()).team_names()] if keys else []
    for key in keys:
        if key not in known:
            raise ConfigurationError(f"--teams: no team {key!r}; there are {', '.join(known)}")
    return keys


def _still(context: Context, keys: Sequence[str]) -> "Still":
    """The reports of these teams, of all for none, as of when they are first asked."""
    from web.export.some import OfTeams, Still

    if not keys:
        return Still.of(context.settings, context.engine)
    some = OfTeams.of(context.settings, context.engine)
    some.only = frozenset(keys)
    return some


def _pages(
    path: Path | None, environ: Mapping[str, str], now: datetime, live: str, keys: Sequence[str]
) -> "Pages":
    """The pages that `site` makes, in a process that has but this to start from."""
    from web.export.team_pages import Pages

    reports = _still(Context(path, environ), keys)
    return Pages(_app(reports, now), reports, now, live)


@contextmanager
def _progress() -> Iterator["Progress"]:
    """A bar on stderr where a person watches, else nothing."""
    from rich.console import Console
    from rich.progress import Progress as Bar

    console = Console(stderr=True)
    with Bar(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("teams", total=None)
        yield lambda done, teams: bar.update(task, completed=done, total=teams)


def _app(reports: "Reports", now: datetime) -> "FastAPI":
    from web.app import create_app

    return create_app(reports, access_token=None, allowed_hosts=(), clock=lambda: now)


def _answer(context: Context, address: str, now: datetime | None = None) -> tuple[str, "Assets"]:
    """A page as the application answers it then, or now. Raises NotFound where there is none."""
    from telemetry.errors import NotFound
    from telemetry.report.reports import Reports
    from web.export.asking import ask, completed, said

    reports = Reports.of(context.settings, context.engine)
    app = _app(reports, now or datetime.now(UTC))
    answer = completed(ask(app, address))
    if answer.status != 200:
        raise NotFound(f"there is no page {address} to write: {said(answer)}")
    return answer.body.decode(), app.state.assets


def _html(context: Context, address: str) -> bytes:
    """A page in one file. Raises NotFound where there is no such page."""
    from web.export.single import single

    page, assets = _answer(context, address)
    return single(page, address, assets, str(context.settings.web.url or "")).encode()


def _drawn(form: str, context: Context, address: str) -> Mapping[str, bytes]:
    """The charts of a page as pictures. Raises NotFound where there is no such page."""
    from web.export.pictures import to_pictures

    return to_pictures(*_answer(context, address), form)


def _for_messages(
    context: Context, address: str, names: Collection[str], now: datetime
) -> Mapping[str, bytes]:
    from web.export.pictures import to_pictures

    return to_pictures(*_answer(context, address, now), "png", names, PHONE)


def _why_not() -> str | None:
    from web.export.paper import why_not

    return why_not("a picture")


def _pdf(context: Context, address: str) -> bytes:
    from web.export.paper import to_pdf

    return to_pdf(_html(context, address))


def register() -> None:
    """Add to the commands `export …` what only who shows pages can write."""
    exports.command()(site)
    exports.command()(review)
    MAKERS["html"] = _html
    MAKERS["pdf"] = _pdf
    for form in ("png", "svg"):
        DRAWERS[form] = partial(_drawn, form)
    PICTURES[:] = [Pictures(_for_messages, _why_not)]
