"""Which teams are to be looked at: those whose facts, day or rules are others than before."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.alerts import routing
from telemetry.settings import Settings
from telemetry.store.alerts import TeamState


class Due:
    """Tells whether a team's facts, day or rules are others than at the last look."""

    def __init__(self, settings: Settings, now: datetime) -> None:
        self._settings = settings
        self._now = now
        self._days: dict[str, date] = {}  # by time zone
        self._digests: dict[tuple[int, ...], str] = {}  # by the rules that are on
        self._zones = {team.key: team.calendar.timezone for team in settings.teams}

    def __call__(self, state: TeamState) -> bool:
        if state.evaluated_on is None or state.seen_version != state.facts_version:
            return True
        if state.evaluated_on < self._day(self._zones.get(state.key, "UTC")):
            return True
        return state.configured != self._digest(state.key)

    def _day(self, zone: str) -> date:
        if zone not in self._days:
            self._days[zone] = self._now.astimezone(ZoneInfo(zone)).date()
        return self._days[zone]

    def _digest(self, team_key: str) -> str:
        rules = routing.of_team(self._settings, team_key)
        known = tuple(map(id, rules.values()))  # entries live as long as the settings
        if known not in self._digests:
            self._digests[known] = routing.digest(rules)
        return self._digests[known]
