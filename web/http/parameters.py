"""What addresses name: each has a length, so that none is kept, searched or shown without end."""

from typing import Annotated

from fastapi import Path, Query

TeamKey = Annotated[str, Path(description="The team's key, as in telemetry.yml", max_length=64)]
QuarterId = Annotated[
    str,
    Path(
        description="Such as `Q3-26`, in any case and with two or four digits, or `current`",
        max_length=20,
    ),
]
Listed = Annotated[str, Query(max_length=300)]  # a nature, or a list of issues, on a page
