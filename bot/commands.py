"""The bot's commands: `pull`, `bot`, `check`, `alive`, `demo` and `alerts`."""

import json
import sys
from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from telemetry.context import Context
from telemetry.ending import promptly
from telemetry.errors import TelemetryError
from telemetry.secrecy import harmless
from telemetry.words.numbers import plural

if TYPE_CHECKING:
    from bot.check_teams import Finding
    from telemetry.settings.digesting import DigestKind

CHECKED = "What was checked"  # above what is of no kind, where kinds have headings


def pull(
    ctx: typer.Context,
    team: Annotated[
        list[str] | None, typer.Option(help="Only this team; may be given again.")
    ] = None,
    full: Annotated[bool, typer.Option("--full", help="Read everything again.")] = False,
    reconcile: Annotated[
        bool, typer.Option("--reconcile", help="Compare everything with Jira, as every night.")
    ] = False,
    accept_vanished: Annotated[
        bool,
        typer.Option(
            "--accept-vanished",
            help="Let go what vanished: more than a fifth of a team's issues, or the field, board "
            "or column that its figures were agreed on.",
        ),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the outcome as JSON.")] = False,
) -> None:
    """Pull once from Jira, then exit."""
    from bot.pull.progress import progress
    from bot.pull.run import pull_sites
    from telemetry.words.runs import FAILED, by_kind, failures

    _check_secrets(ctx.obj, frozenset(team or ()))
    with promptly(ctx.obj.ending), progress(sys.stderr, quiet=as_json) as shown:
        outcomes = pull_sites(
            ctx.obj,
            only=frozenset(team or ()),
            full=full,
            reconcile=reconcile,
            accept_vanished=accept_vanished,
            progress=shown,
        )
    if as_json:
        json.dump([asdict(outcome) for outcome in outcomes], sys.stdout, indent=2)
        typer.echo()
    failed: list[str] = []
    for outcome in outcomes:
        if outcome.is_busy:
            failed.append(outcome.sentence())
        elif not as_json:
            kinds = {kind: lines for kind, lines in outcome.told.items() if kind != FAILED}
            told = [outcome.sentence(), *by_kind(kinds)]
            typer.echo(harmless("\n".join(told)))
        if outcome.failures:
            failed.append(failures(outcome.failures))
    if failed:
        raise TelemetryError("\n".join(failed))


def _check_secrets(context: Context, only: frozenset[str]) -> None:
    """Refuse to begin where the credential of a site to be pulled is missing."""
    teams = [team for team in context.settings.teams if not only or team.key in only]
    context.jira_secrets({team.site for team in teams})


def bot(ctx: typer.Context) -> None:
    """Run the scheduled bot until it is stopped."""
    from threading import Event

    from bot.check_messages import NO_LINKS
    from telemetry.logs import get_logger
    from telemetry.services import running_bot

    with running_bot(ctx.obj):
        settings = ctx.obj.settings
        if settings.channels and settings.web.url is None:
            get_logger().warning(NO_LINKS)
        Event().wait()


def check(
    ctx: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False,
    sends: Annotated[
        bool, typer.Option("--send", help="Send a message to every channel, too.")
    ] = False,
) -> None:
    """Check the configuration and what it names on Jira.

    Every problem is named with its remedy.
    """
    from bot.check import check_all
    from telemetry.words.runs import by_kind

    context: Context = ctx.obj
    with promptly(context.ending):
        findings = check_all(context, sends=sends)
    if as_json:
        json.dump([asdict(finding) for finding in findings], sys.stdout, indent=2)
        typer.echo()
    else:
        for line in by_kind(_by_kind(findings)):
            typer.echo(harmless(line))
    if any(not finding.is_good for finding in findings):
        problems = sum(not finding.is_good for finding in findings)
        raise TelemetryError(f"{problems} {plural(problems, 'problem')} found")


def _by_kind(findings: "Iterable[Finding]") -> dict[str, list[str]]:
    """What is said of settings that do not fit by its heading, after all else where that is more.

    Of one kind alone all stands in the order in which it was checked.
    """
    from telemetry.metrics.contradictions import EXPLAINED, Contradiction

    some = list(findings)
    kinds = dict.fromkeys(one.kind for one in some if one.kind)
    if len(kinds) < 2:
        return {"": [one.line() for one in some]}
    titles = {kind: EXPLAINED[Contradiction(kind)].title for kind in kinds} | {"": CHECKED}
    found: dict[str, list[str]] = {CHECKED: []}
    for one in some:
        found.setdefault(titles[one.kind], []).append(one.line())
    return found


def alive(ctx: typer.Context) -> None:
    """Say whether a bot is at work, for health checks; where none is, the exit status is 1."""
    from datetime import UTC, datetime

    from bot.alive import asleep

    found = asleep(ctx.obj, datetime.now(UTC))
    if found:
        raise TelemetryError("; ".join(found))
    typer.echo("A bot is at work.")


def demo(
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="The port of the page; 0 for any.")
    ] = 8000,
    teams: Annotated[int, typer.Option(min=1, max=2000, help="How many teams.")] = 6,
    seed: Annotated[int, typer.Option(help="Another seed, another year.")] = 7,
    open_browser: Annotated[
        bool, typer.Option("--open/--no-open", help="Open the page in a browser.")
    ] = True,
) -> None:
    """Show it all here: a simulated Jira, bot and page.

    Nothing needs to be installed beside it, and nothing stays behind.
    """
    from bot.demo import run_demo

    run_demo(port=port, teams=teams, seed=seed, open_browser=open_browser)


def _send_digest(context: Context, kind: "DigestKind", team: str) -> list[str]:
    from bot.digests.now import send_now

    return send_now(context, kind, team)


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    from bot.alerts.commands import alerts
    from telemetry.digest.sending import send_with

    app.add_typer(alerts)
    send_with(_send_digest)
    for command in (pull, bot, check, alive, demo):
        app.command()(command)
