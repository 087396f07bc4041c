"""Pages as files: who shows pages says here how one is made, since this part does not know them."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from telemetry.context import Context

Maker = Callable[[Context, str], bytes]  # of the address of a page, such as /teams/k8s

MAKERS: Final[dict[str, Maker]] = {}  # by the ending of the file

Drawer = Callable[[Context, str], Mapping[str, bytes]]  # each chart of that page, by its name

DRAWERS: Final[dict[str, Drawer]] = {}  # by the ending of the file


@dataclass(frozen=True, slots=True)
class Pictures:
    """How charts become PNGs that a phone shows well, for messages.

    `draw` takes a page's address, the names of charts and the instant of the page, and gives those
    that the page has; it raises TelemetryError. `why_not` is why none can be drawn here, with the
    remedy, and None where they can.
    """

    draw: Callable[[Context, str, Collection[str], datetime], Mapping[str, bytes]]
    why_not: Callable[[], str | None]


PICTURES: Final[list[Pictures]] = []  # one, where who shows pages is installed
