"""A store of a chosen size without a Jira, and what its facts cost, in a process of its own.

`python -m tests.bench.filling ISSUES TEAMS [ISSUES_PER_SPRINT]` writes a made-up history page by
page as a pull does, computes facts for all of it, for nothing, and for one and ten changed issues,
and prints JSON.
"""

import gc
import json
import random
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from telemetry.domain.calendar import Calendar
from telemetry.domain.models import (
    Board,
    Change,
    Field,
    Issue,
    IssueHistory,
    Sprint,
    SprintState,
    WorkLog,
)
from telemetry.domain.team import Estimate, EstimateKind, ImpedimentRules, TeamRules
from telemetry.facts import refresh
from telemetry.store.engine import open_store, writing
from telemetry.store.history import read_histories, write_histories
from telemetry.store.migrate import upgrade
from telemetry.store.teams import mark_pulled, write_team
from telemetry.store.tracker import write_boards, write_sprints

SITE = "jira"
POINTS = "customfield_10016"
PAGE = 100
TIMES = 5  # that a short step is measured; the least counts
NOW = datetime(2026, 3, 9, 16, tzinfo=UTC)
SPRINT_DAYS = 14
ISSUES_PER_SPRINT = 40
MAX_SPRINTS = 104  # four years
TODO, DOING, REVIEW, DONE = "1", "2", "3", "4"


class Filling:
    """A made-up site: teams with a board each, sprints of two weeks, the last one running."""

    def __init__(self, issues: int, teams: int, issues_per_sprint: int = ISSUES_PER_SPRINT) -> None:
        self.issues = issues
        self.teams = [_rules(number) for number in range(1, teams + 1)]
        self.sprint_count = max(1, min(MAX_SPRINTS, issues // teams // issues_per_sprint))

    def sprints(self) -> Iterator[Sprint]:
        """Every team's sprints; ids say team and number."""
        for team in self.teams:
            for number in range(1, self.sprint_count + 1):
                is_last = number == self.sprint_count
                start = self._start(number)
                end = start + timedelta(days=SPRINT_DAYS)
                yield Sprint(
                    site=SITE,
                    id=team.board_ids[0] * 1000 + number,
                    name=f"{team.name} {number}",
                    state=SprintState.ACTIVE if is_last else SprintState.CLOSED,
                    board_id=team.board_ids[0],
                    started_at=start,
                    planned_end_at=end,
                    completed_at=None if is_last else end,
                )

    def pages(self) -> Iterator[list[IssueHistory]]:
        """All issues, oldest first, as many at once as a page has."""
        for first in range(1, self.issues + 1, PAGE):
            last = min(first + PAGE, self.issues + 1)
            yield [self.history(number) for number in range(first, last)]

    def history(self, number: int) -> IssueHistory:
        """One issue with 12 changes and 2 work logs; the same number gives the same issue."""
        chance = random.Random(number)
        team = self.teams[number % len(self.teams)]
        place = 1 + (number - 1) * self.sprint_count // self.issues
        sprint_id = team.board_ids[0] * 1000 + place
        start = self._start(place)
        created_at = start - timedelta(days=chance.randrange(1, 20), minutes=number % 60)
        end = min(start + timedelta(days=SPRINT_DAYS), NOW)
        length = end - start
        turn = number // len(self.teams)  # the team's own count, so that all teams are alike
        is_subtask = turn > 0 and turn % 10 == 0
        moments = [start + length * share for share in sorted(chance.random() for _ in range(8))]
        points = chance.choice((1, 2, 3, 5, 8))
        is_impediment = turn % 30 == 1
        is_done = chance.random() < 0.8 or (is_impediment and place < self.sprint_count)
        statuses = [TODO, DOING, REVIEW, DOING, REVIEW, DONE if is_done else DOING]
        values: list[tuple[datetime, Field, str | None, str | None, str | None]] = [
            (created_at + timedelta(hours=1), Field.ESTIMATE, POINTS, None, "3"),
            (created_at + timedelta(hours=2), Field.SPRINT, None, "", str(sprint_id)),
            (created_at + timedelta(hours=3), Field.LABELS, None, "", "backend"),
            (created_at + timedelta(hours=4), Field.EPIC, None, None, "7"),
            (moments[0], Field.ESTIMATE, POINTS, "3", str(points)),
            *(
                (at, Field.STATUS, None, before, after)
                for at, before, after in zip(moments[1:6], statuses[:-1], statuses[1:], strict=True)
            ),
            (moments[6], Field.FLAGGED, None, "", "1"),
            (moments[7], Field.FLAGGED, None, "1", ""),
        ]
        issue = Issue(
            site=SITE,
            id=number,
            key=f"{team.project_key}-{number}",
            project_key=team.project_key,
            summary=f"Resize the node pools of cluster {number}",
            type_name="Sub-task" if is_subtask else "Story",
            is_subtask=is_subtask,
            is_epic=False,
            status_id=statuses[-1],
            created_at=created_at,
            updated_at=max(at for at, *_ in values),
            parent_id=number - len(self.teams) if is_subtask else None,
            labels=("backend", "impediment") if is_impediment else ("backend",),
            estimates={POINTS: None if is_subtask else points},
            sprint_ids=(sprint_id,),
        )
        changes = tuple(
            Change(number * 100 + place, 0, at, field, field_id, before, after, f"{number % 7:032}")
            for place, (at, field, field_id, before, after) in enumerate(values)
        )
        logs = tuple(
            WorkLog(
                number * 100 + place,
                moments[place + 2],
                60 * chance.randrange(15, 300),
                f"{number % 7:032}",
                moments[place + 2],
                moments[place + 2],
            )
            for place in range(2)
        )
        return IssueHistory(issue, changes, logs)

    def write_frame(self, engine: Engine) -> None:
        """Teams, boards and sprints."""
        with writing(engine) as connection:
            for team in self.teams:
                write_team(connection, team)
            boards = [
                Board(SITE, team.board_ids[0], team.name, True, POINTS) for team in self.teams
            ]
            write_boards(connection, boards)
            write_sprints(connection, list(self.sprints()))

    def write_issues(self, engine: Engine) -> None:
        """Every page in a transaction of its own."""
        for page in self.pages():
            with writing(engine) as connection:
                write_histories(connection, page)

    def refresh(self, engine: Engine, as_of: datetime, *, is_first: bool = False) -> int:
        """Facts as a pull computes them, with its last note on the teams."""
        keys = [team.key for team in self.teams]
        anew = frozenset(keys if is_first else ())
        changed = refresh(engine, SITE, dict.fromkeys(keys, as_of), anew)
        with writing(engine) as connection:
            for key in keys:
                mark_pulled(connection, key, as_of, as_of)
        return changed

    def change(self, engine: Engine, count: int, as_of: datetime) -> None:
        """Log an hour on each of the newest issues, as people do in the running sprint."""
        ids = range(self.issues - count + 1, self.issues + 1)
        with writing(engine) as connection:
            known = read_histories(connection, SITE, ids)
            write_histories(connection, [_with_log(history, as_of) for history in known.values()])

    def _start(self, place: int) -> datetime:
        running = NOW - timedelta(days=7, hours=7)
        return running - timedelta(days=SPRINT_DAYS * (self.sprint_count - place))


def _with_log(history: IssueHistory, at: datetime) -> IssueHistory:
    log_id = max(log.id for log in history.work_logs) + 10_000_000_000
    log = WorkLog(log_id, at - timedelta(hours=1), 3600, None, at, at)
    return replace(history, work_logs=(*history.work_logs, log))


def _rules(number: int) -> TeamRules:
    return TeamRules(
        key=f"team-{number}",
        name=f"Team {number}",
        site=SITE,
        project_key=f"T{number}",
        is_narrowed=False,
        board_ids=(number,),
        has_sprints=True,
        calendar=Calendar(timezone="Europe/Paris", holidays="FR"),
        estimate=Estimate(EstimateKind.FIELD, POINTS),
        done_status_ids=frozenset({DONE}),
        in_progress_status_ids=frozenset({DOING, REVIEW}),
        impediment=ImpedimentRules(),
    )


def measured(filling: Filling, engine: Engine) -> dict[str, Any]:
    """CPU seconds of each step and the peak of memory."""
    figures: dict[str, Any] = {"issues": filling.issues, "teams": len(filling.teams)}

    def note(name: str, began: float) -> None:
        seconds = round(time.process_time() - began, 3)
        figures[f"{name}_seconds"] = min(seconds, figures.get(f"{name}_seconds", seconds))
        figures[f"{name}_peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024

    began = time.process_time()
    filling.write_frame(engine)
    filling.write_issues(engine)
    note("write", began)
    began = time.process_time()
    filling.refresh(engine, NOW, is_first=True)
    note("facts", began)
    as_of = NOW
    for name, count in (("idle", 0), ("one", 1), ("ten", 10)):
        for _ in range(TIMES):
            as_of += timedelta(minutes=10)
            filling.change(engine, count, as_of)
            began = time.process_time()
            filling.refresh(engine, as_of)
            note(name, began)
    whole = figures["write_seconds"] + figures["facts_seconds"]
    figures["milliseconds_per_issue"] = round(1000 * whole / filling.issues, 3)
    return figures


def main() -> None:
    """Fill, compute, print."""
    gc.set_threshold(100_000, 50, 1_000)  # as bot.pull.run does
    with tempfile.TemporaryDirectory(prefix="telemetry-filling-") as folder:
        engine = open_store("sqlite:///telemetry.db", base=Path(folder))
        upgrade(engine)
        print(json.dumps(measured(Filling(*map(int, sys.argv[1:])), engine)))
        engine.dispose()


if __name__ == "__main__":
    main()
