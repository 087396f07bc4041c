"""Answers of the API as files to take away: CSV, Parquet and workbooks."""

import re
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Literal

from fastapi import Query, Request
from starlette.responses import Response

from telemetry.export.formats import FORMATS, Format
from telemetry.export.tables import Table
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


def _body(chosen: Format, tables: Sequence[Table], which: str) -> bytes:
    named = {table.name: table for table in tables}
    if which and which not in named:
        raise bad("table", f"is none of {', '.join(named)}", which)
    if chosen.many is not None:
        return chosen.many(tables)
    assert chosen.one is not None  # noqa: S101 - a format has one of them
    return chosen.one(named[which] if which else tables[0])
