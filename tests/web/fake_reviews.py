"""Reviews of the invented sprints: closed ones are frozen, and one was typed on."""

from datetime import timedelta

from telemetry.report.reviews.shapes import Frozen, Review, ReviewRow
from telemetry.report.shapes.sprint_page import SprintPage
from telemetry.store.reviews import NO_NOTES, Notes, Written
from tests.web.invented import AS_OF, choice
from tests.web.invented_weeks import AGEING

TYPED = Notes(
    2,
    {
        "notes": Written(1, "notes", "The registry moves.\n\nAsk <b>twice</b>.", AS_OF, None),
        "outcome": Written(2, "outcome", "partly", AS_OF, "session 12345678"),
    },
)


def review(page: SprintPage, impediments, report, before, ahead) -> Review:
    sprint = page.sprint
    frozen = None
    if sprint.state == "closed":
        end = sprint.figures.as_of
        frozen = Frozen(end, end, end + timedelta(minutes=10))
    return Review(page, tuple(impediments), report.recurring, before, ahead, AGEING, frozen=frozen)


def rows(sprints) -> list[ReviewRow]:
    """The sprints that have begun."""
    found = []
    for one in sprints:
        if one.started_at is not None:
            at = one.figures.as_of if one.state == "closed" and one.figures else None
            found.append(ReviewRow(choice(one), at, "partly" if one.state == "closed" else ""))
    return found


def notes(sprint_id: str) -> Notes:
    return TYPED if sprint_id == "24" else NO_NOTES
