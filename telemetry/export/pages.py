"""Pages as files: who shows pages says here how one is made, since this part does not know them."""

from collections.abc import Callable, Mapping
from typing import Final

from telemetry.context import Context

Maker = Callable[[Context, str], bytes]  # of the address of a page, such as /teams/k8s

MAKERS: Final[dict[str, Maker]] = {}  # by the ending of the file

Drawer = Callable[[Context, str], Mapping[str, bytes]]  # each chart of that page, by its name

DRAWERS: Final[dict[str, Drawer]] = {}  # by the ending of the file
