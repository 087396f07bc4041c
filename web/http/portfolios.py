"""The portfolio as it is at a moment: read once for all who ask, and no more than did change."""

from threading import Lock
from typing import TYPE_CHECKING

from telemetry.domain.quarter import Quarter
from web.http.answers import Moment

if TYPE_CHECKING:
    from telemetry.report.quarter.portfolio import Known
    from telemetry.report.quarter.shapes import Portfolio
    from telemetry.report.reports import Reports

KEPT = 4  # quarters


class Portfolios:
    """Quarters of all teams, as the last that were asked for stand now."""

    def __init__(self, reports: "Reports") -> None:
        self._reports = reports
        self._lock = Lock()  # when facts change, every open page asks at once
        self._known: Known | None = None
        self._made: dict[Quarter | None, tuple[str, str, Portfolio]] = {}

    def at(self, moment: Moment, quarter: Quarter | None) -> "Portfolio":
        """A quarter, or the running one for None."""
        with self._lock:
            made = self._made.pop(quarter, None)
            if made is None or made[:2] != (moment.version, moment.minute):
                found, self._known = self._reports.portfolio(quarter, moment.now, self._known)
                made = (moment.version, moment.minute, found)
            self._made[quarter] = made
            while len(self._made) > KEPT:
                del self._made[next(iter(self._made))]
            return made[2]
