"""What pages, API and messages ask about impediments, and about where time went."""

from datetime import date

from telemetry.report.freshness import StoreState
from telemetry.report.impediments.between import read_between
from telemetry.report.impediments.report import read_impediment_report, read_open_time
from telemetry.report.impediments.shapes import ImpedimentReport
from telemetry.report.shapes.time import ImpedimentRow, OpenTime, TimeRow
from telemetry.report.sprint import summaries as read
from telemetry.report.sprint.chosen import CURRENT
from telemetry.report.sprint.time import Which, read_impediments, read_time, read_time_by_sprint
from telemetry.report.teams.team import read_team


class ImpedimentReports(StoreState):
    """Answers about time and impediments. Each method reads one state of the store."""

    def time(self, team_key: str, first: date, last: date, by: str = "day") -> list[TimeRow]:
        """Where time went, by day, week or sprint, days of zero too, as far as it is known."""
        with self._read() as connection:
            team = read_team(connection, team_key)
            if by == "sprint":
                return list(read_time_by_sprint(connection, team, first, last))
            if team.as_of is None:
                return []
            return list(read_time(connection, team, first, last, by))

    def impediments(
        self, team_key: str, first: date, last: date, which: Which = "listed"
    ) -> list[ImpedimentRow]:
        """The impediments opened, closed, open or worked on from the first day to the last."""
        with self._read() as connection:
            team = read_team(connection, team_key)
            calendar = team.rules.calendar
            end = calendar.day_end(last)
            if team.as_of is not None:
                end = max(min(end, team.as_of), calendar.day_start(first))
            return list(read_impediments(connection, team, calendar.day_start(first), end, which))

    def sprint_impediments(
        self, team_key: str, sprint_id: int, which: Which
    ) -> list[ImpedimentRow]:
        """The impediments behind a sprint's figures; none before its start. Raises NotFound."""
        with self._read() as connection:
            team = read_team(connection, team_key)
            sprint = read.read_summary(connection, team, sprint_id)
            start, end = sprint.started_at, sprint.window_end_at
            if start is None or end is None:
                return []
            return list(read_impediments(connection, team, start, end, which))

    def open_time(self, team_key: str, first: date, last: date) -> OpenTime:
        """How long impediments were open from the first day to the last. Raises NotFound."""
        with self._read() as connection:
            team = read_team(connection, team_key)
            calendar = team.rules.calendar
            start, end = calendar.day_start(first), calendar.day_end(last)
            end = max(min(end, team.as_of or start), start)
            return read_open_time(connection, team, start, end)

    def impediment_report(
        self, team_key: str, sprint_id: int | str, over: int, by: str = "sprint"
    ) -> ImpedimentReport:
        """What came instead in a sprint and the closed ones before it. Raises NotFound."""
        with self._read() as connection:
            team = read_team(connection, team_key)
            if sprint_id == CURRENT:
                found = read.current_sprint_id(connection, team)
            else:
                found = int(sprint_id)
            return read_impediment_report(connection, team, found, over, by)

    def impediments_between(
        self, team_key: str, first: date, last: date, by: str = ""
    ) -> ImpedimentReport:
        """The same from the first day to the last, beside as many days before. Raises NotFound."""
        with self._read() as connection:
            return read_between(connection, read_team(connection, team_key), first, last, by)
