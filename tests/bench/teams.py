"""The list of teams at a thousand teams: `python -m tests.bench.teams [TEAMS]`.

The store is filled through the facts, two years of sprints each, without a Jira and a pull. Times
are those of the processor: other work on the machine does not count.
"""

import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, insert, update
from starlette.testclient import TestClient

from telemetry.domain.calendar import Calendar
from telemetry.domain.team import Estimate, EstimateKind, ImpedimentRules, TeamRules
from telemetry.report.reports import Reports
from telemetry.store import schema as s
from telemetry.store.engine import open_store, writing
from telemetry.store.migrate import upgrade
from telemetry.store.teams import mark_pulled, raise_facts_version, write_team
from web.app import create_app
from web.service import spare_collector

SITE = "jira"
TEAMS = 1000
NOW = datetime(2026, 5, 6, 13, 10, tzinfo=UTC)
SPRINT = timedelta(days=14)
SPRINTS = 52  # two years
ZONES = ("Europe/Paris", "UTC", "America/New_York", "Asia/Tokyo")
TIMES = 40
FEW = 3  # teams that a pull changes
SORTS = ("behind", "-behind", "team", "done", "impediments", "kept", "age", "sprint")
Figures = dict[str, float]


def _rules(number: int) -> TeamRules:
    return TeamRules(
        key=f"team-{number}",
        name=f"Team {number} of the platform",
        site=SITE,
        project_key=f"T{number}",
        is_narrowed=False,
        board_ids=(number,),
        has_sprints=number % 50 != 0,
        calendar=Calendar(timezone=ZONES[number % 4], holidays="FR"),
        estimate=Estimate(EstimateKind.FIELD, "points"),
        done_status_ids=frozenset({"3"}),
        in_progress_status_ids=frozenset({"2"}),
        impediment=ImpedimentRules(),
    )


def _sprints(team: int, count: int) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Each sprint of a team as a row of `sprints` and one of `sprint_facts`."""
    chance = random.Random(team)
    for number in range(count):
        is_last = number == count - 1 and team % 40 != 0
        start = NOW - timedelta(days=chance.randrange(1, 13)) - SPRINT * (count - 1 - number)
        end = None if is_last else start + SPRINT
        sprint: dict[str, Any] = {
            "site": SITE,
            "id": team * 1000 + number,
            "name": f"Sprint {number + 1}",
            "state": "active" if is_last else "closed",
            "board_id": team,
            "goal": "Customers upgrade without a maintenance window",
            "started_at": start,
            "planned_start_at": start,
            "planned_end_at": start + SPRINT,
            "completed_at": end,
        }
        yield sprint, _facts(chance, team, sprint["id"], NOW if end is None else end)


def _facts(chance: random.Random, team: int, sprint_id: int, as_of: datetime) -> dict[str, Any]:
    total, done = float(chance.randrange(20, 60)), float(chance.randrange(0, 20))
    names = ("added", "removed", "reestimated", "reopened", "carried_over")
    numbers = {f"{name}_points": float(chance.randrange(4)) for name in names}
    counts = dict.fromkeys(("committed", "added", "removed", "remaining", "done", "todo"), 4)
    return numbers | {
        "team_key": f"team-{team}",
        "site": SITE,
        "sprint_id": sprint_id,
        "as_of": as_of,
        "committed_points": total,
        "burned_points": done,
        "completed_points": done,
        "remaining_points": total - done,
        "in_progress_points": 3.0,
        "done_points": done,
        "total_points": total,
        "completion_percent": 100 * done / total,
        "commitment_kept_percent": 100 * done / total,
        "unestimated_count": 1,
        "expected_remaining_points": total / 2,
        "behind_points": total / 2 - done,
        "projected_50_on": date(2026, 5, 15),
        "projected_85_on": date(2026, 5, 18),
        "projected_95_on": date(2026, 5, 20),
        "finish_in_time_percent": 40.0,
        "done_by_end_50_points": total,
        "done_by_end_85_points": done,
        "working_days": 10,
        "planned_seconds": 200 * 3600,
        "impediment_seconds": chance.randrange(60) * 3600,
        "off_plan_seconds": 40 * 3600,
        "impediment_count": 6,
        "impediments_opened_count": 5,
        "impediments_closed_count": 4,
        "impediments_open_count": 2,
        "median_seconds_to_close": 60000.0,
        "counts": counts,
        "natures": [["support", 4, 7200], ["incident", 2, 36000]],
        "gap": [["removed", 3.0, [1, 2]], ["unfinished", 9.0, list(range(12))]],
    }


def fill(engine: Engine, teams: int, count: int = SPRINTS) -> None:
    """Write the teams, their sprints and the facts of these."""
    with writing(engine) as connection:
        site = {"name": SITE, "url": "https://jira.example.com", "deployment": "cloud"}
        connection.execute(insert(s.sites), [site | {"field_roles": {}}])
        for number in range(1, teams + 1):
            write_team(connection, _rules(number))
            mark_pulled(connection, f"team-{number}", NOW, NOW - timedelta(seconds=number % 900))
            if number % 50 == 0:
                continue
            pairs = list(_sprints(number, count))
            connection.execute(insert(s.sprints), [sprint for sprint, _ in pairs])
            connection.execute(insert(s.sprint_facts), [facts for _, facts in pairs])


def change(engine: Engine, team: int, at: datetime, count: int = SPRINTS) -> None:
    """Let a team's running sprint move on, as a pull does."""
    with writing(engine) as connection:
        of_team = s.sprint_facts.c.team_key == f"team-{team}"
        is_last = s.sprint_facts.c.sprint_id == team * 1000 + count - 1
        done = s.sprint_facts.c.done_points + 1
        connection.execute(update(s.sprint_facts).where(of_team, is_last).values(done_points=done))
        raise_facts_version(connection, f"team-{team}")
        mark_pulled(connection, f"team-{team}", at, at)


def pull_all(engine: Engine, teams: int, at: datetime, count: int = SPRINTS) -> None:
    """Let the running sprints of all teams move on, as a pull of all of them does."""
    facts = s.sprint_facts.c
    with writing(engine) as connection:
        running = facts.sprint_id % 1000 == count - 1
        moved = {"as_of": at, "expected_remaining_points": facts.expected_remaining_points - 0.1}
        connection.execute(update(s.sprint_facts).where(running).values(**moved))
        for number in range(1, teams + 1):
            raise_facts_version(connection, f"team-{number}")
            mark_pulled(connection, f"team-{number}", at, at)


class Timed:
    """An application, and how long the processor worked until its last answer was sent."""

    def __init__(self, app: Any) -> None:
        self._app = app
        self.seconds = 0.0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        began = time.process_time()

        async def timed(message: Any) -> None:
            if message["type"] == "http.response.body" and not message.get("more_body"):
                self.seconds = time.process_time() - began
            await send(message)

        await self._app(scope, receive, timed)


def measured(engine: Engine, teams: int = TEAMS) -> Figures:
    """Milliseconds of processor time, until the answer is sent, and kilobytes of the list of teams.

    `cold`: the first answer of a process. `p95` and `changed` (the median): after the facts of a
    few teams changed, in every order. `pulled`: after a pull of all teams changed every row.
    `minute`: when only time has passed. `again`: what was asked for just before. `known`:
    answered with 304.
    """
    now = [NOW]
    app = Timed(
        create_app(Reports(engine), access_token=None, allowed_hosts=(), clock=lambda: now[0])
    )
    spare_collector()  # as the service does
    asked = {"Accept-Encoding": "br"}
    taken: dict[str, list[float]] = {}
    with TestClient(app, base_url="http://127.0.0.1") as client:

        def ask(what: str, path: str, status: int = 200, **headers: str) -> tuple[Any, bytes]:
            with client.stream("GET", path, headers=asked | headers) as answer:
                body = b"".join(answer.iter_raw())
            taken.setdefault(what, []).append(1000 * app.seconds)
            assert answer.status_code == status, answer.status_code
            return answer, body

        ask("cold", "/")
        for turn in range(TIMES):
            path = f"/?sort={SORTS[turn % len(SORTS)]}"
            now[0] += timedelta(minutes=1)
            for number in range(FEW):
                change(engine, 1 + (turn + number * 300) % teams, now[0])
            answer, body = ask("changed", path)
            ask("again", path)
            ask("known", path, 304, **{"If-None-Match": answer.headers["etag"]})
            now[0] += timedelta(minutes=1)
            ask("minute", path)
            if turn % 4 == 0:
                now[0] += timedelta(minutes=1)
                pull_all(engine, teams, now[0])
                ask("pulled", path)
    found = {what: statistics.median(times) for what, times in taken.items()}
    p95 = statistics.quantiles(taken["changed"], n=20)[-1]
    most = max(taken["pulled"])
    return found | {"p95": p95, "pulled_most": most, "kilobytes": len(body) / 1000}


def overview_rows(teams: int = TEAMS) -> list[tuple[str, str, str]]:
    """The rows of the table of `make bench`: what, measured, aim."""
    with tempfile.TemporaryDirectory(prefix="telemetry-overview-") as folder:
        engine = open_store("sqlite:///telemetry.db", base=Path(folder))
        upgrade(engine)
        fill(engine, teams)
        found = measured(engine, teams)
        engine.dispose()
    what = f"overview of {teams:,} teams, two years"
    return [
        (f"{what}: after facts of {FEW} teams changed", f"{found['changed']:.0f} ms", ""),
        (f"{what}: the same, p95", f"{found['p95']:.0f} ms", "≤ 150 ms"),
        (f"{what}: after a pull of all teams", f"{found['pulled']:.0f} ms", ""),
        (f"{what}: the same, longest", f"{found['pulled_most']:.0f} ms", ""),
        (f"{what}: after a minute", f"{found['minute']:.0f} ms", ""),
        (f"{what}: asked for just before", f"{found['again']:.0f} ms", ""),
        (f"{what}: unchanged (304)", f"{found['known']:.0f} ms", ""),
        (f"{what}: first of a process", f"{found['cold']:.0f} ms", ""),
        (f"{what}: transferred", f"{found['kilobytes']:.0f} KB", ""),
    ]


if __name__ == "__main__":
    for row in overview_rows(int(sys.argv[1]) if len(sys.argv) > 1 else TEAMS):
        print(*row, sep="\t")
