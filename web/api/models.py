"""What the API's answers share: keys with their units, `null` for unknown."""

from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

Instant = Annotated[
    datetime,
    AfterValidator(lambda value: value.astimezone(UTC)),
    Field(description="RFC 3339, UTC"),
]
Points = Annotated[float | None, Field(description="Points; null where unknown")]
Percent = Annotated[float | None, Field(description="0 to 100; null where unknown")]
Seconds = Annotated[int, Field(description="Seconds of logged work")]
Impeded = Annotated[
    int | None,
    Field(description="Seconds of work logged on impediments; null where nobody can tell these"),
]
ImpedimentsUnknown = Annotated[
    str | None,
    Field(description="Why nobody can tell what is an impediment; null where that is known"),
]


class Model(BaseModel):
    model_config = ConfigDict(from_attributes=True, frozen=True)


class Answer(Model):
    """What every answer has."""

    as_of: Annotated[
        Instant | None, Field(description="Jira's clock at the last complete pull; null before it")
    ]


class Paged(Answer):
    next_cursor: Annotated[
        str | None, Field(description="Pass as `cursor` for the next page; null at the end")
    ] = None


class SprintName(Model):
    id: int
    name: str


class Problem(BaseModel):
    """An error, as `application/problem+json`."""

    title: str
    status: int
    detail: str


PROBLEMS: dict[int | str, dict[str, Any]] = {
    304: {"description": "Not modified: the ETag sent in If-None-Match still holds"},
    400: {"model": Problem, "description": "The host name is not one of this server's"},
    401: {"model": Problem, "description": "The access token is missing or wrong"},
    404: {"model": Problem, "description": "No such team or sprint"},
    413: {"model": Problem, "description": "The body is larger than a few KB"},
    422: {"model": Problem, "description": "A parameter is wrong; `detail` names it"},
    429: {"model": Problem, "description": "Too many wrong tokens; `Retry-After` says how long"},
    503: {"model": Problem, "description": "The store cannot be read, or too many ask at once"},
}


def unwritable(text: str) -> str:
    """What in a text no store can hold; "" where it can."""
    if "\0" in text:
        return "a NUL"
    return "half a character" if any("\ud800" <= one <= "\udfff" for one in text) else ""


def _written(text: str) -> str:
    if found := unwritable(text):
        raise ValueError(f"holds {found}, which no text has")
    return text


Written = Annotated[str, AfterValidator(_written)]
