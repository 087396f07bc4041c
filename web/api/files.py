"""Answers of the API as files to take away: CSV, Parquet and workbooks."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from enum import Enum
from inspect import isclass
from typing import Annotated, Any, Literal, get_args, get_origin
from urllib.parse import quote

from fastapi import Query, Request
from pydantic import BaseModel
from starlette.responses import Response

from telemetry.export.formats import FORMATS, Format
from telemetry.export.roadmaps import JOINT
from telemetry.export.tables import Kind, Table, column
from web.http.answers import Moment
from web.http.days import bad
from web.http.site import Site

FileFormat = Annotated[
    Literal["json", "csv", "parquet", "xlsx"],
    Query(description="All rows as a file in this format, unless `json`"),
]
Which = Annotated[
    str,
    Query(
        description="Which table, where there are several and the format holds one; "
        "default: the first",
        max_length=20,
    ),
]
AS_FILES: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {
            one.media_type.partition(";")[0]: {"schema": {"type": "string", "format": "binary"}}
            for one in FORMATS.values()
            if one.name != "json"
        }
    }
}
_KINDS: Mapping[Any, Kind] = {
    bool: Kind.FLAG,
    float: Kind.NUMBER,
    datetime: Kind.INSTANT,
    date: Kind.DAY,
}
Tables = Callable[[Moment], Sequence[Table]]


def answer(
    site: Site,
    request: Request,
    team: str | None,
    name: str,
    given: str,
    tables: Tables,
    which: str = "",
    *,
    ages: bool = False,
) -> Response:
    """The tables of a team, or of all for None, as a file called after it and `name`.

    Raises RequestValidationError.
    """
    chosen = FORMATS[given]

    def render(moment: Moment) -> bytes:
        return _body(chosen, tables(moment), which)

    parts = [team or "", name, which if chosen.one else ""]
    file = f"{re.sub('[ /]', '-', '-'.join(part for part in parts if part))}.{given}"
    return site.answers.file(request, render, chosen.media_type, file, team=team, ages=ages)


def by_content(
    site: Site, request: Request, name: str, given: str, tables: Sequence[Table]
) -> Response:
    """The tables as a file where no version stands for what they hold."""
    chosen = FORMATS[given]
    made = site.answers.by_content(request, _body(chosen, tables, ""), chosen.media_type)
    made.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}.{given}"
    return made


def listed(name: str, model: type[BaseModel], items: Iterable[BaseModel]) -> Table:
    """Items of an answer as a table: what is one value each, as the API describes it."""
    columns = tuple(
        column(key, field.description or "", kind)
        for key, field in model.model_fields.items()
        if (kind := _kind(key, field.annotation)) is not None
    )
    return Table(name, columns, [tuple(_cell(item, one.key) for one in columns) for item in items])


def _kind(key: str, annotation: Any) -> Kind | None:
    """What a column of these values holds; None for objects and lists of them."""
    values = {_bare(one) for one in get_args(annotation) or (annotation,)} - {type(None)}
    if values == {int}:
        return Kind.SECONDS if key.rpartition("_")[2] == "seconds" else Kind.COUNT
    if all(one is int or _is_text(one) for one in values):
        return Kind.TEXT
    if values == {float} and key.endswith("_percent"):
        return Kind.PERCENT
    return _KINDS.get(*values) if len(values) == 1 else None


def _bare(annotation: Any) -> Any:
    """A type without what is said of it."""
    return get_args(annotation)[0] if get_origin(annotation) is Annotated else annotation


def _is_text(value: Any) -> bool:
    """Whether a type is of texts, or a text that is one of those that a value can be."""
    return isinstance(value, str) or (isclass(value) and issubclass(value, str))


def _cell(item: BaseModel, key: str) -> Any:
    value = getattr(item, key)
    if isinstance(value, list):
        return JOINT.join(value)
    return value.value if isinstance(value, Enum) else value


def _body(chosen: Format, tables: Sequence[Table], which: str) -> bytes:
    named = {table.name: table for table in tables}
    if which and which not in named:
        raise bad("table", f"is none of {', '.join(named)}", which)
    if chosen.many is not None:
        return chosen.many(tables)
    assert chosen.one is not None  # noqa: S101 - a format has one of them
    return chosen.one(named[which] if which else tables[0])
