"""Reviews in addresses: a sprint's id, or a week."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

from fastapi import Path

from telemetry.domain.week import Week, read_week
from telemetry.errors import NotFound

if TYPE_CHECKING:
    from telemetry.report.reports import Reports

ReviewId = Annotated[
    str,
    Path(
        description="A sprint's id, whether Jira still has it or not, or a week such as `2026-W48`",
        pattern="^([0-9]{1,19}|[12][0-9]{3}-W[0-9]{2})$",
        max_length=19,
    ),
]
MOST = 2**63


def asked_review(given: str) -> int | Week:
    """The sprint or week of an address; raises NotFound for a week or number that there is not."""
    if "W" in given:
        week = read_week(given)
        if week is None:
            raise NotFound(f"there is no week {given}: that year has fewer")
        return week
    number = int(given)
    if number >= MOST:
        raise NotFound(f"there is no sprint {given}")
    return number


def look_up(reports: "Reports", team: str, review: str, now: datetime) -> str:
    """The name by which a review's notes are kept. Raises NotFound where there is no such one."""
    asked = asked_review(review)
    if isinstance(asked, Week):
        reports.week_review(team, asked, now)
    else:
        reports.review(team, asked, now)
    return str(asked)
