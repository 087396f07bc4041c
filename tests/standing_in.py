"""What stands in for another class wherever that one is asked for, to types as when it runs."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    StandIn = Any
else:
    StandIn = object
