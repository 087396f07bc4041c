"""Long spans of time as a table by day or week. Read by reports, only where a span is asked for."""

from datetime import date

import numpy as np
import pandas as pd


def time_table(seconds: pd.DataFrame, days: list[date], by: str = "day") -> pd.DataFrame:
    """Seconds by day or week over these days, those of zero too.

    `seconds` has the columns day, kind, nature and seconds; `days` are neighbours, in order.
    Index: the day, or the Monday of its week. Columns: (kind, nature) as they occur.
    """
    index = pd.Index(days)
    columns, classes = pd.factorize(pd.MultiIndex.from_frame(seconds[["kind", "nature"]]))
    cells = np.zeros((len(index), len(classes)), dtype=np.int64)
    np.add.at(
        cells, (index.get_indexer(pd.Index(seconds["day"])), columns), seconds["seconds"].to_numpy()
    )
    table = pd.DataFrame(cells, pd.DatetimeIndex(index), classes)
    return table.resample("W-MON", label="left", closed="left").sum() if by == "week" else table
