"""What the default alerts are worth: `python -m tests.record [SITES] [WEEKS] [TEAMS]`.

Pulls differently seeded sites, replays their alerts as they were known at the time, and prints for
each rule how often it spoke and came true, beside what chance alone gives; and how many messages
a team gets in a week.
"""

import os
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import yaml

from bot.pull.run import pull_sites
from bot.simulator import Options, running
from bot.simulator.demo_configuration import demo_configuration
from bot.simulator.generate import demo_world
from telemetry.alerts.record import RuleRecord, main_threshold, record, together
from telemetry.alerts.replay import JUDGED, replay
from telemetry.context import Context
from telemetry.report.alerts.past import PastYear, read_past_year
from telemetry.report.teams.team import read_configured_teams
from telemetry.settings.alerting import AlertSettings, default_alerts
from telemetry.store.engine import reading

NOW = datetime(2026, 5, 6, 13, 10, tzinfo=UTC)
TRIED = {
    "sprint_behind": (10, 15, 20, 25, 30, 40),
    "sprint_at_risk": (5, 10, 15, 25, 40),
    "scope_grown": (10, 20, 30, 50),
    "impediment_time": (100, 150, 200, 300),
    "impediment_open": (2, 3, 5, 8),
    "quarter_at_risk": (1, 3, 5, 10, 20),
}


def entry(rule: str, threshold: float | None = None) -> AlertSettings:
    """A rule as it is by default, or with another threshold."""
    key = main_threshold(rule)
    return AlertSettings.model_validate({"rule": rule} | ({key: threshold} if threshold else {}))


def pasts(seed: int, weeks: int, teams: int) -> Iterator[PastYear]:
    """The teams of a site after a real pull of it."""
    world = demo_world(NOW, teams=teams, seed=seed, weeks=weeks)
    options = Options(clock=lambda: NOW)
    with tempfile.TemporaryDirectory() as folder, running(world, "cloud", options) as served:
        file = Path(folder) / "telemetry.yml"
        known = demo_configuration(world, served.url, "TOKEN")
        file.write_text(yaml.safe_dump(known), encoding="utf-8")
        context = Context(file, dict(os.environ) | {"TOKEN": options.token})
        for outcome in pull_sites(context, clock=lambda: NOW):
            assert not outcome.failures, outcome.failures
        with reading(context.engine) as connection:
            for team in read_configured_teams(connection):
                past = read_past_year(connection, team, timedelta(weeks=weeks - 8))
                if past is not None and past.has_sprints:
                    yield past
        context.engine.dispose()


def messages(past: PastYear) -> list[int]:
    """How many messages each week had, of the rules that are on by default.

    What comes up at one day's end is one message.
    """
    day_of = past.calendar.day_of
    on = {one.rule: one for one in default_alerts() if one.rule in JUDGED}
    days = {one.day for one in replay(past, on)}
    days |= {
        day_of(at)
        for one in past.sprints
        for at in (one.summary.started_at, one.summary.completed_at)
        if at is not None and day_of(at) >= past.since
    }
    weeks = Counter((day - past.since).days // 7 for day in days)
    return [weeks[n] for n in range((day_of(past.as_of) - past.since).days // 7)]


def _rank(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))]


def _line(one: RuleRecord, name: str) -> str:
    def percent(value: float | None) -> str:
        return "–" if value is None else f"{value:.0f} %"

    lead = "–" if one.lead_days is None else f"{one.lead_days:g}"
    return (
        f"{name:<18}{one.threshold:>6g}{one.spoken:>7}{one.a_week:>8.2f}"
        f"{one.came_true:>6}/{one.judged:<5}{percent(one.came_true_percent):>6}"
        f"{percent(one.chance_percent):>8}{lead:>6}"
    )


def main() -> None:
    """Replay and print."""
    sites, weeks, teams = ([int(one) for one in sys.argv[1:]] + [11, 112, 6][len(sys.argv) - 1 :])[
        :3
    ]
    found: Mapping[tuple[str, float | None], list[RuleRecord]] = defaultdict(list)
    by_week: list[float] = []
    by_team: list[float] = []
    longest = 0.0
    for seed in range(7, 7 + sites):
        for past in pasts(seed, weeks, teams):
            began = time.process_time()
            for one in record(past, {name: entry(name) for name in JUDGED}):
                found[one.rule, None].append(one)
            longest = max(longest, time.process_time() - began)
            for rule, thresholds in TRIED.items():
                for threshold in thresholds:
                    found[rule, threshold] += record(past, {rule: entry(rule, threshold)})
            counts = messages(past)
            by_week += counts
            by_team.append(sum(counts) / len(counts))
        print(f"seed {seed}: {len(by_team)} teams so far", flush=True)
    print(
        f"{'rule':<18}{'from':>6}{'spoke':>7}{'a week':>8}{'came true':>12}{'':>6}{'chance':>8}"
        f"{'lead':>6}"
    )
    for name in JUDGED:
        print(_line(together(found[name, None]), name))
        for threshold in TRIED[name]:
            print(_line(together(found[name, threshold]), "  tried"))
    print(f"messages a team and week: mean {sum(by_week) / len(by_week):.2f}, ", end="")
    print(f"95 of 100 team-weeks at most {_rank(by_week, 0.95):g}, most {max(by_week):g};")
    print(f"a team's mean: median {_rank(by_team, 0.5):.2f}, 95 of 100 {_rank(by_team, 0.95):.2f}")
    print(f"the record of one team: at most {longest:.2f} s of CPU")


if __name__ == "__main__":
    main()
