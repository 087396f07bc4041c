"""What pages and the API ask about quarters, programs and the portfolio."""

from collections.abc import Collection
from datetime import datetime

from telemetry.domain.quarter import Quarter
from telemetry.metrics.what_if import Change
from telemetry.report.alerts.answers import AlertReports
from telemetry.report.alerts.quarters import read_running
from telemetry.report.alerts.watched import WatchedQuarter
from telemetry.report.calibration import Calibration, read_calibration
from telemetry.report.quarter.portfolio import NOTHING_KNOWN, Known, portfolio, read_known
from telemetry.report.quarter.programs import read_program, read_programs
from telemetry.report.quarter.report import read_quarter_report
from telemetry.report.quarter.shapes import (
    Portfolio,
    ProgramName,
    ProgramReport,
    QuarterReport,
)
from telemetry.report.teams.team import read_team


class QuarterReports(AlertReports):
    """Answers about roadmaps."""

    def quarter(
        self,
        team_key: str,
        quarter: Quarter | None,
        now: datetime,
        change: Change | None = None,
        epics: Collection[str] = (),
    ) -> QuarterReport:
        """A team's quarter, or the running one, what a change makes of it, and some of its epics.

        Raises NotFound.
        """
        with self._read() as connection:
            team = read_team(connection, team_key)
            return read_quarter_report(connection, team, quarter, now, change, epics)

    def programs(self, quarter: Quarter | None) -> list[ProgramName]:
        """All programs by name, or those with epics of a quarter."""
        with self._read() as connection:
            return read_programs(connection, quarter)

    def running_quarter(self, team_key: str, now: datetime) -> WatchedQuarter | None:
        """A team's running quarter in a few figures; None where nothing estimated is of it."""
        with self._read() as connection:
            team = read_team(connection, team_key)
            return None if team.as_of is None else read_running(connection, team, now)

    def portfolio(
        self, quarter: Quarter | None, now: datetime, before: Known | None = None
    ) -> tuple[Portfolio, Known]:
        """A quarter of all teams, or the running one; what was read `before` saves reading."""
        with self._read() as connection:
            known, wanted = read_known(connection, quarter, now, before or NOTHING_KNOWN)
        return portfolio(known, wanted, now, self._stale_after), known

    def program(self, name: str, quarter: Quarter | None, now: datetime) -> ProgramReport:
        """A program's quarter, or the running one. Raises NotFound."""
        with self._read() as connection:
            return read_program(connection, name, quarter, now)

    def calibration(
        self, team_key: str | None, now: datetime, before: Calibration | None = None
    ) -> Calibration:
        """What forecasts came to, of a team or for None of all; what was read `before` saves
        reading. Raises NotFound.
        """
        with self._read() as connection:
            return read_calibration(connection, team_key, now, before)
