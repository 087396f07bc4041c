"""Whether a page is made to be kept as a file: no server answers it then, nothing moves in it."""

from contextvars import ContextVar
from typing import Final

IS_SAVED: Final[ContextVar[bool]] = ContextVar("is_saved", default=False)
