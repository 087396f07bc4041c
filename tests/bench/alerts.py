"""Looks for alerts at a thousand teams: `python -m tests.bench.alerts [TEAMS]`.

The store is filled as for the list of teams; all rules are on. Times are those of the processor.
"""

import sys
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median

import yaml
from sqlalchemy import Engine

from bot.alerts.evaluate import evaluate
from telemetry.settings import Settings, load
from telemetry.settings.alerting import RULES
from telemetry.store.engine import open_store
from telemetry.store.migrate import upgrade
from tests.bench.teams import NOW, TEAMS, change, fill, pull_all

FEW_SPRINTS = 8


def _settings(folder: Path, teams: int) -> Settings:
    """A configuration of these teams with all rules on."""
    auth = {"kind": "pat", "secret": "env:JIRA_TOKEN"}
    values = {
        "jira": {"jira": {"url": "https://jira.example.com", "auth": auth}},
        "teams": [
            {"key": f"team-{n}", "project": f"T{n}", "site": "jira"} for n in range(1, teams + 1)
        ],
        "channels": {"chat": {"url": "env:CHAT"}},
        "alerts": [{"rule": name} for name in RULES],
    }
    file = folder / "telemetry.yml"
    file.write_text(yaml.safe_dump(values))
    return load(file, {})


def _look(engine: Engine, settings: Settings, now: datetime, expected: int) -> float:
    """The seconds of a look, which must be at so many teams."""
    began = time.process_time()
    found = evaluate(engine, settings, now)
    seconds = time.process_time() - began
    assert found.errors == [], found.errors[:3]
    assert found.team_count == expected, found.team_count
    return seconds


def alert_rows(teams: int = TEAMS) -> list[tuple[str, str, str]]:
    """The rows of the table of `make bench`: what, measured, aim."""
    with tempfile.TemporaryDirectory(prefix="telemetry-alerts-") as name:
        folder, now = Path(name), NOW
        engine = open_store("sqlite:///telemetry.db", base=folder)
        upgrade(engine)
        fill(engine, teams, FEW_SPRINTS)
        settings = _settings(folder, teams)
        _look(engine, settings, now, teams)
        of_all, of_one, of_none = [], [], []
        for _ in range(3):
            now += timedelta(minutes=10)
            pull_all(engine, teams, now, FEW_SPRINTS)
            of_all.append(_look(engine, settings, now, teams))
            for team in (1, 7, 13):
                now += timedelta(minutes=10)
                change(engine, team, now, FEW_SPRINTS)
                of_one.append(_look(engine, settings, now, 1))
            of_none.append(_look(engine, settings, now, 0))
        engine.dispose()
    what = f"all rules for {teams:,} teams"
    return [
        (f"{what}: after a pull that touched all", f"{median(of_all):.1f} s", "≤ 5 s"),
        (f"{what}: after one that touched one", f"{1000 * median(of_one):.0f} ms", "≤ 100 ms"),
        (f"{what}: the same, longest", f"{1000 * max(of_one):.0f} ms", ""),
        (f"{what}: when nothing changed", f"{1000 * median(of_none):.0f} ms", ""),
    ]


if __name__ == "__main__":
    for row in alert_rows(int(sys.argv[1]) if len(sys.argv) > 1 else TEAMS):
        print(*row, sep="\t")
