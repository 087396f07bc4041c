"""Records of alerts, replayed once for a team's facts and a threshold that is tried."""

from datetime import datetime
from typing import Annotated

from fastapi import Query

from telemetry.alerts.record import TeamRecord, team_records
from telemetry.alerts.replay import JUDGED
from web.http.answers import Remembered
from web.http.site import Site

KEPT = 2_000  # of a few hundred bytes each; a replay takes 0.1 to 0.4 s

Rule = Annotated[str | None, Query(pattern=f"^({'|'.join(JUDGED)})$", description="Only this rule")]
Threshold = Annotated[
    float | None,
    Query(gt=0, lt=1e6, description="Another threshold of the rule to try, in its own unit"),
]


class Records:
    """The records of one web application."""

    def __init__(self, site: Site) -> None:
        self._reports = site.reports
        self._kept = Remembered[tuple[TeamRecord, ...]](KEPT)

    def of_team(
        self, team: str, rule: str | None, threshold: float | None, now: datetime
    ) -> tuple[TeamRecord, ...]:
        """One record a rule; none before the first complete pull. Raises NotFound."""
        on = self._reports.alert_entries(team)
        facts = self._reports.freshness(team, now).facts
        key = (team, facts, repr(on), rule, threshold)
        return self._kept.get(key, lambda: self._replayed(team, rule, threshold))

    def _replayed(
        self, team: str, rule: str | None, threshold: float | None
    ) -> tuple[TeamRecord, ...]:
        past = self._reports.past_year(team)
        if past is None:
            return ()
        return team_records(past, self._reports.alert_entries(team), rule, threshold)
