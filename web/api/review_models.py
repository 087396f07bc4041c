"""What the API's answers about reviews of sprints and of weeks share."""

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import Field

from telemetry.store.reviews import Notes
from telemetry.words.plain import plain
from telemetry.words.questions import Decision as Found
from telemetry.words.reviews import Line
from web.api.models import Instant, Model, Seconds
from web.http.site import Site

State = Annotated[
    Literal["draft", "frozen", "not_kept"],
    Field(description="`not_kept`: over when the first pull came, so it is as history tells it"),
]


class Decision(Model):
    key: Annotated[str, Field(description="By which it is ticked")]
    question: str
    evidence: str
    is_ticked: bool


class Comparison(Model):
    figure: str
    now: str
    before: str


class ReviewImpediment(Model):
    key: str
    summary: str | None
    nature: str
    opened_at: Instant
    closed_at: Instant | None
    seconds: Seconds


def told(found: Sequence[Found], known: Notes) -> list[dict[str, object]]:
    """Decisions with what is ticked."""
    return [
        {
            "key": one.key,
            "question": plain(one.question),
            "evidence": plain(one.evidence),
            "is_ticked": known.is_ticked(one.key),
        }
        for one in found
    ]


def compared(lines: Sequence[Line]) -> list[dict[str, str]]:
    """Figures beside those before."""
    return [
        {"figure": one.label, "now": plain(one.now), "before": plain(one.before)} for one in lines
    ]


def review_url(site: Site, team: str, review: object) -> str:
    """The page of a review."""
    return f"{site.reach.origin or ''}/teams/{team}/reviews/{review}"
