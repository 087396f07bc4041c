"""The questions that pages and the API ask about reviews."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from telemetry.domain.week import Week
from telemetry.report.quality.report import read_finding_count
from telemetry.report.quarter.answers import QuarterReports
from telemetry.report.reviews.ageing import read_ageing
from telemetry.report.reviews.reading import read_sprint_review
from telemetry.report.reviews.shapes import NO_AGEING, Ageing, Review, ReviewRow
from telemetry.report.reviews.week_shapes import WeekReview, WeekRow
from telemetry.report.reviews.weeks import Beside, read_week_review, read_week_rows
from telemetry.report.shapes.sprints import ChoiceFigures, SprintChoice, SprintName
from telemetry.report.shapes.teams import TeamRow
from telemetry.report.sprint import summaries as read
from telemetry.report.teams.team import StoredTeam, read_team, team_row
from telemetry.store.reviews import (
    Notes,
    Written,
    read_frozen_ids,
    read_history,
    read_notes,
    read_outcomes,
    read_review,
)
from telemetry.store.snapshots import CLOSE, Known, read_snapshots
from telemetry.store.values import LONG_AGO

HISTORY_SHOWN = 200  # versions


class ReviewReports(QuarterReports):
    """Answers about reviews. Each method reads one state of the store."""

    def review(self, team_key: str, sprint_id: int, now: datetime) -> Review:
        """The review of a sprint, a draft before its close has settled. Raises NotFound."""
        with self._read() as connection:
            team = read_team(connection, team_key)
            row = self._review_row(connection, team, now)
            return read_sprint_review(connection, team, row, sprint_id, now)

    def reviews(self, team_key: str) -> list[ReviewRow]:
        """The sprints to look back on, newest first: those that are gone from Jira too."""
        with self._read() as connection:
            team = read_team(connection, team_key)
            frozen = read_frozen_ids(connection, team.rules.key, team.rules.site)
            outcomes = read_outcomes(connection, team_key)
            choices = [one for one in read.read_choices(connection, team) if one.started_at]
            gone = frozen.keys() - {one.id for one in choices}
            choices += [_gone(connection, team, sprint_id) for sprint_id in gone]
        choices.sort(key=_start)
        return [
            ReviewRow(one, frozen.get(one.id), outcomes.get(str(one.id), ""))
            for one in reversed(choices)
        ]

    def week_review(self, team_key: str, week: Week, now: datetime) -> WeekReview:
        """The review of a week, a draft while it runs. Raises NotFound."""
        with self._read() as connection:
            team = read_team(connection, team_key)
            row = self._review_row(connection, team, now)
            beside = self._weeks_beside(connection, team, week)
            return read_week_review(connection, team, row, week, now, beside)

    def week_reviews(self, team_key: str) -> list[WeekRow]:
        """The weeks to look back on, the running one first. Raises NotFound."""
        with self._read() as connection:
            return read_week_rows(connection, read_team(connection, team_key))

    def ageing(self, team_key: str) -> Ageing:
        """What is in progress for too long by now. Raises NotFound."""
        with self._read() as connection:
            team = read_team(connection, team_key)
            return NO_AGEING if team.as_of is None else read_ageing(connection, team, team.as_of)

    def notes(self, team_key: str, review: str, version: int | None = None) -> Notes:
        """What the team typed on a review, now or then. Raises NotFound for an unknown team."""
        with self._read() as connection:
            key = read_team(connection, team_key).rules.key
            return read_notes(connection, key, review, version)

    def notes_history(self, team_key: str, review: str) -> tuple[Written, ...]:
        """What was typed on a review before, newest first. Raises NotFound for a team."""
        with self._read() as connection:
            key = read_team(connection, team_key).rules.key
            return read_history(connection, key, review, HISTORY_SHOWN)

    def _review_row(self, connection: Connection, team: StoredTeam, now: datetime) -> TeamRow:
        active, findings = self._beside(connection, team)
        row = team_row(team, team.freshness(now, self._stale_after), active)
        return replace(row, finding_count=findings)

    def _weeks_beside(self, connection: Connection, team: StoredTeam, week: Week) -> Beside | None:
        """What reviews of several weeks of a team are told from; None to read it for the week."""
        return None

    def _beside(
        self, connection: Connection, team: StoredTeam
    ) -> tuple[tuple[SprintName, ...], int | None]:
        """What stands beside a team on each of its pages: active sprints, how much contradicts."""
        return read.read_active_names(connection, team), read_finding_count(connection, team)


def _start(one: SprintChoice) -> tuple[datetime, int]:
    return one.started_at or LONG_AGO, one.id


def _gone(connection: Connection, team: StoredTeam, sprint_id: int) -> SprintChoice:
    """A sprint that only its review still knows."""
    stored = read_review(connection, team.rules.key, team.rules.site, sprint_id)
    kept = read_snapshots(
        connection, team.rules.key, team.rules.site, sprint_id, ("dates", "figures")
    )
    known = kept[CLOSE].known if CLOSE in kept else Known()
    figures = None
    if known.figures:
        committed, completed = (known.figures[f"{n}_points"] for n in ("committed", "completed"))
        figures = ChoiceFigures(committed, completed)
    return SprintChoice(
        id=sprint_id,
        name="" if stored is None else str(stored.record["name"]),
        state="closed",
        goal="",
        started_at=known.dates.get("started_at"),
        planned_end_at=known.dates.get("planned_end_at"),
        completed_at=known.dates.get("completed_at"),
        figures=figures,
    )
