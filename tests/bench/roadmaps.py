"""Quarters: their page, the portfolio of a thousand teams, futures, a team's back-test.

`python -m tests.bench.roadmaps [TEAMS]`. The store is filled through the facts, without a Jira and
a pull. Times are those of the processor: other work on the machine does not count.
"""

import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, insert, select
from starlette.testclient import TestClient

from telemetry.domain.quarter import Quarter, quarter_of
from telemetry.facts.reading.batch import Team
from telemetry.facts.roadmaps import write_roadmaps
from telemetry.metrics.epic_figures import EpicFigures
from telemetry.metrics.forecast import Moves
from telemetry.metrics.roadmap_forecast import EpicOutlook, RoadmapOutlook, to_stored
from telemetry.metrics.roadmap_runs import FUTURES, RoadmapRuns
from telemetry.metrics.standing import Standing
from telemetry.metrics.standing import to_stored as standing_to_stored
from telemetry.metrics.what_if import Drawn
from telemetry.report.reports import Reports
from telemetry.store import schema as s
from telemetry.store.engine import open_store, reading, writing
from telemetry.store.migrate import upgrade
from telemetry.store.teams import mark_pulled, raise_facts_version, read_team
from tests.bench.teams import FEW, NOW, SITE, TEAMS, Timed, fill
from web.app import create_app
from web.service import spare_collector

QUARTERS = 9  # two years, and the running one
EPICS, CHILDREN = 10, 20
TIMES = 40
SORTS = ("risk", "-risk", "team", "done", "date", "chance", "growth", "open")
CURRENT = quarter_of(NOW.date())
Rows = list[tuple[str, str, str]]


def _quarters() -> list[Quarter]:
    found = [CURRENT]
    while len(found) < QUARTERS:
        found.append(found[-1].before())
    return found[::-1]


def _standing(chance: random.Random, team: int, quarter: Quarter) -> Standing:
    is_over = quarter < CURRENT
    epics = []
    for number in range(EPICS):
        total = float(chance.randrange(10, 60))
        done = total if is_over else float(chance.randrange(int(total)))
        programs = (f"Program {chance.randrange(30)}",) if chance.random() < 0.6 else ()
        epics.append(
            EpicFigures(team * 1000 + number, programs, total, 0.0, done, 1, 1, CHILDREN, 5)
        )
    total = sum(one.total_points for one in epics)
    return Standing(tuple(epics), (), total * 0.9, (total, total) if is_over else None)


def _outlook(chance: random.Random, epics: tuple[EpicFigures, ...]) -> RoadmapOutlook:
    def dates() -> tuple[date, date, date]:
        on = NOW.date() + timedelta(days=chance.randrange(60))
        return on, on + timedelta(days=8), on + timedelta(days=20)

    each = tuple(
        (one.issue_id, EpicOutlook(chance.random() * 100, dates()))
        for one in epics
        if one.remaining_points
    )
    return RoadmapOutlook(chance.random() * 100, dates(), 100.0, 90.0, each)


def fill_standings(engine: Engine, teams: int) -> None:
    """Write where each team's quarters stand, and what is forecast of the running one."""
    for number in range(1, teams + 1):
        chance, key = random.Random(number), f"team-{number}"
        of_team = {"team_key": key, "site": SITE}
        found = {one: _standing(chance, number, one) for one in _quarters()}
        said = to_stored(_outlook(chance, found[CURRENT].epics))
        rows = [
            of_team | {"quarter": str(one)} | standing_to_stored(standing)
            for one, standing in found.items()
        ]
        outlook = {"quarter": str(CURRENT), "day": NOW.date(), "basis": [], "said": said}
        outlook |= {"drawn": Drawn(0.0, 0.0, NOW.date(), 0, (), ()).to_stored()}
        with writing(engine) as connection:
            connection.execute(insert(s.quarter_facts), rows)
            connection.execute(insert(s.quarter_outlooks), [of_team | outlook | {"worth": None}])


def _steps(chance: random.Random, first: datetime, last: datetime) -> list[list[Any]]:
    """What a child was: to do with an estimate, taken up, done, if that is not ahead."""
    span = (last - first) / timedelta(seconds=1)
    at = sorted(first + timedelta(seconds=chance.random() * span) for _ in range(2))
    points = float(chance.choice((1, 2, 3, 5, 8)))
    steps: list[list[Any]] = [[first - timedelta(days=20), "todo", points]]
    steps += [[on, state, points] for on, state in zip(at, ("in_progress", "done"), strict=True)]
    return [step for step in steps if step[0] <= NOW]


def fill_epics(engine: Engine) -> None:
    """Write the epics of the first team and what their children were, over two years."""
    chance = random.Random(1)
    of_team = {"team_key": "team-1", "site": SITE}
    epics, children, issues = [], [], []
    for place, quarter in enumerate(_quarters()):
        first = datetime.combine(quarter.first_day(), NOW.timetz())
        last = datetime.combine(quarter.last_day(), NOW.timetz())
        for number in range(EPICS):
            epic = 10_000 * place + 100 * number
            since = first - timedelta(days=20)
            spells = {
                "spells": [[str(quarter), since, None]],
                "program_spells": [["Evergreen", since, None]],
            }
            names = {"quarters": [str(quarter)], "programs": ["Evergreen"], "odd": []}
            epics.append(of_team | {"issue_id": epic} | names | spells)
            issues.append(issue_row(epic))
            for child in range(1, CHILDREN + 1):
                row = {"epic_id": epic, "issue_id": epic + child, "is_dependency": child == 1}
                children.append(of_team | row | {"steps": _steps(chance, first, last)})
    with writing(engine) as connection:
        connection.execute(insert(s.issues), issues)
        connection.execute(insert(s.epic_facts), epics)
        connection.execute(insert(s.epic_children), children)


def issue_row(number: int) -> dict[str, Any]:
    """What the store has of an epic."""
    return {
        "site": SITE,
        "id": number,
        "key": f"T1-{number}",
        "project_key": "T1",
        "summary": "Upgrade clusters in place without a maintenance window",
        "type_name": "Epic",
        "is_subtask": False,
        "is_epic": True,
        "status_id": "1",
        "created_at": NOW,
        "updated_at": NOW,
        "labels": [],
        "components": [],
        "is_flagged": False,
        "estimates": {},
        "natures": {},
        "sprint_ids": [],
        "digest": "",
    }


def _change(engine: Engine, number: int, at: datetime) -> None:
    with writing(engine) as connection:
        raise_facts_version(connection, f"team-{number}")
        mark_pulled(connection, f"team-{number}", at, at)


def measured(engine: Engine, teams: int) -> dict[str, list[float]]:
    """Milliseconds of processor time, until the answer is sent, of each kind of question."""
    now = [NOW]
    app = Timed(
        create_app(Reports(engine), access_token=None, allowed_hosts=(), clock=lambda: now[0])
    )
    spare_collector()  # as the service does
    taken: dict[str, list[float]] = {}
    with TestClient(app, base_url="http://127.0.0.1") as client:

        def ask(what: str, path: str) -> None:
            with client.stream("GET", path, headers={"Accept-Encoding": "br"}) as answer:
                for _ in answer.iter_raw():
                    pass
            taken.setdefault(what, []).append(1000 * app.seconds)
            assert answer.status_code == 200, answer.status_code

        ask("cold", "/portfolio")
        ask("past", f"/portfolio?quarter={CURRENT.before()}")
        ask("first quarter", "/teams/team-1/quarters/current")
        for turn in range(TIMES):
            path = f"/portfolio?sort={SORTS[turn % len(SORTS)]}"
            now[0] += timedelta(minutes=1)
            for number in range(FEW):
                _change(engine, 1 + (turn + number * 300) % teams, now[0])
            ask("changed", path)
            now[0] += timedelta(minutes=1)
            ask("minute", path)
            _change(engine, 1, now[0])
            ask("quarter", "/teams/team-1/quarters/current")
    return taken


def slid(engine: Engine) -> list[float]:
    """Milliseconds of a quarter's page at each place of a slider; its forecast must be written."""
    app = Timed(create_app(Reports(engine), access_token=None, allowed_hosts=(), clock=lambda: NOW))
    taken = []
    with TestClient(app, base_url="http://127.0.0.1") as client:
        for place in range(TIMES + 1):
            client.get(f"/teams/team-1/quarters/current?capacity_change_percent={place}")
            taken.append(1000 * app.seconds)
    return taken[1:]  # the first compiles what the page is made of


def futures() -> float:
    """Milliseconds of a quarter's futures, the best of some turns."""
    chance = random.Random(1)
    pool = [Moves(float(chance.randrange(8)), float(chance.randrange(3))) for _ in range(60)]
    return min(_seconds(lambda: RoadmapRuns(pool, 1).of(80.0, 40)) for _ in range(9)) * 1000


def _seconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def back_test(engine: Engine) -> tuple[float, float]:
    """Seconds to forecast a team's past quarters anew, with the running one; and once more."""
    with reading(engine) as connection:
        record = read_team(connection, "team-1")
    assert record is not None

    def once() -> None:
        write_roadmaps(engine, SITE, [Team(record.rules, NOW, has_new_epics=True)])

    found = _seconds(once), _seconds(once)
    with reading(engine) as connection:
        past = connection.scalar(select(s.roadmap_forecasts.c.quarter_count))
    assert past == QUARTERS - 1
    return found


def p95(values: list[float]) -> str:
    """The 95th percentile and the median."""
    high = statistics.quantiles(values, n=20)[-1]
    return f"{high:.0f} ms (median {statistics.median(values):.0f})"


def roadmap_rows(teams: int = TEAMS) -> Rows:
    """The rows of the table of `make bench`: what, measured, aim."""
    with tempfile.TemporaryDirectory(prefix="telemetry-roadmaps-") as folder:
        engine = open_store("sqlite:///telemetry.db", base=Path(folder))
        upgrade(engine)
        fill(engine, teams)
        fill_standings(engine, teams)
        fill_epics(engine)
        rows = list(_rows(engine, teams))
        engine.dispose()
    return rows


def _rows(engine: Engine, teams: int) -> Iterator[tuple[str, str, str]]:
    taken = measured(engine, teams)
    what = f"portfolio of {teams:,} teams"
    yield f"{what}: after facts of {FEW} teams changed, p95", p95(taken["changed"]), "≤ 300 ms"
    yield f"{what}: a minute later, p95", p95(taken["minute"]), "≤ 150 ms"
    yield f"{what}: first of a process", f"{taken['cold'][0]:.0f} ms", ""
    yield f"{what}: first of a past quarter", f"{taken['past'][0]:.0f} ms", ""
    what = f"quarter page, {QUARTERS} quarters of {EPICS * CHILDREN} issues"
    yield f"{what}: p95 of new facts", p95(taken["quarter"]), "≤ 60 ms"
    yield f"{FUTURES:,} futures of a quarter", f"{futures():.1f} ms", "≤ 15 ms"
    whole, again = back_test(engine)
    yield "a team's past quarters forecast anew", f"{whole:.2f} s", "≤ 5 s"
    yield "the same, once more", f"{again:.2f} s", ""
    yield "quarter page with a slider moved, p95", p95(slid(engine)), "≤ 60 ms"


if __name__ == "__main__":
    for row in roadmap_rows(int(sys.argv[1]) if len(sys.argv) > 1 else TEAMS):
        print(*row, sep="\t")
