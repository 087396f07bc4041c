"""Tables as files: CSV, JSON, Parquet and XLSX. Pure: tables in, bytes out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

import orjson

from telemetry.errors import ConfigurationError
from telemetry.export.tables import Kind, Table
from telemetry.export.workbook import to_xlsx

if TYPE_CHECKING:
    import pandas as pd

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", *"＝＋－＠")
_PASSED_BY: Final = " \N{NO-BREAK SPACE}\N{ZERO WIDTH SPACE}\N{ZERO WIDTH NO-BREAK SPACE}"
_DTYPES: Final[Mapping[Kind, str]] = {
    Kind.TEXT: "str",
    Kind.NUMBER: "Float64",
    Kind.PERCENT: "Float64",
    Kind.COUNT: "Int64",
    Kind.SECONDS: "Int64",
    Kind.FLAG: "boolean",
    Kind.DAY: "object",
    Kind.INSTANT: "datetime64[ms, UTC]",
}


def frame(table: Table) -> "pd.DataFrame":
    """The table with a type for each column; what is unknown is missing."""
    import pandas as pd  # noqa: PLC0415 (slow to load; only who takes tables away pays)

    columns = zip(*table.rows, strict=True) if table.rows else [()] * len(table.columns)
    return pd.DataFrame(
        {
            one.key: pd.Series(list(values), dtype=_dtype(one.kind, values))
            for one, values in zip(table.columns, columns, strict=True)
        }
    )


def _dtype(kind: Kind, values: Sequence[Any]) -> Any:
    """Seconds can be halves of a median."""
    if kind is Kind.SECONDS and any(isinstance(one, float) for one in values):
        return "Float64"
    return _DTYPES[kind]


def harmless(text: Any) -> Any:
    """A text that no spreadsheet takes for a formula."""
    is_formula = isinstance(text, str) and text.lstrip(_PASSED_BY).startswith(_FORMULA)
    return f"'{text}" if is_formula else text


def to_csv(table: Table) -> bytes:
    """RFC 4180 in UTF-8 with a head line; instants are RFC 3339 in UTC, unknown cells empty."""
    import pandas as pd  # noqa: PLC0415 (as above)

    found = frame(table)
    for one in table.columns:
        if one.kind is Kind.TEXT:
            found[one.key] = found[one.key].map(harmless)
        if one.kind is Kind.INSTANT:
            found[one.key] = found[one.key].map(_rfc_3339, na_action="ignore")
    found.columns = pd.Index([harmless(name) for name in found.columns])
    return found.to_csv(index=False, lineterminator="\r\n").encode()


def _rfc_3339(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S}Z"


def to_json(table: Table) -> bytes:
    """A list of objects; instants and days as in the API, numbers as they are."""
    keys = [one.key for one in table.columns]
    rows = [dict(zip(keys, row, strict=True)) for row in table.rows]
    return orjson.dumps(rows, option=orjson.OPT_UTC_Z | orjson.OPT_OMIT_MICROSECONDS)


def to_parquet(table: Table) -> bytes:
    """Snappy Parquet, days as dates. Raises ConfigurationError where pyarrow is not installed."""
    try:
        import pyarrow as pa  # noqa: F401, PLC0415 - heavy, and wanted by few
    except ImportError:
        raise ConfigurationError(
            "Parquet needs the package pyarrow: pip install 'agile-telemetry[parquet]'"
        ) from None
    written = BytesIO()
    frame(table).to_parquet(written, engine="pyarrow", index=False)
    return written.getvalue()


@dataclass(frozen=True, slots=True)
class Format:
    """`one` writes one table, `many` several; a format has one of them."""

    name: str
    media_type: str
    one: Callable[[Table], bytes] | None = None
    many: Callable[[Sequence[Table]], bytes] | None = None


FORMATS: Final = {
    one.name: one
    for one in (
        Format("csv", "text/csv; charset=utf-8", to_csv),
        Format("json", "application/json", to_json),
        Format("parquet", "application/vnd.apache.parquet", to_parquet),
        Format(
            "xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            many=to_xlsx,
        ),
    )
}
