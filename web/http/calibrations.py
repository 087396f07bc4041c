"""What forecasts of all teams came to, read again only where some team's were judged anew."""

from threading import Lock
from typing import TYPE_CHECKING

from web.http.answers import Moment

if TYPE_CHECKING:
    from telemetry.report.calibration import Calibration
    from telemetry.report.reports import Reports


class Calibrations:
    """Of all teams what was read last, of 1,000 in a second; one team's is read as it is asked."""

    def __init__(self, reports: "Reports") -> None:
        self._reports = reports
        self._lock = Lock()  # when facts change, every open page asks at once
        self._known: Calibration | None = None

    def at(self, moment: Moment, team: str | None) -> "Calibration":
        """Of a team, or of all for None. Raises NotFound."""
        if team is not None:
            return self._reports.calibration(team, moment.now)
        with self._lock:
            self._known = self._reports.calibration(None, moment.now, self._known)
            return self._known
