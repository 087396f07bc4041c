"""One question to Jira."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from bot.jira.http.answers import Refusals
from bot.jira.http.shapes import Shape, an_object
from bot.jira.http.silences import key_of


@dataclass(frozen=True, slots=True)
class Question:
    """What one request asks, and which answers it takes."""

    method: str
    path: str
    params: Mapping[str, str | int] | None
    body: Mapping[str, Any] | None
    refusals: Refusals
    shape: Shape = an_object

    @property
    def content(self) -> bytes | None:
        """The body as it is sent."""
        return None if self.body is None else orjson.dumps(self.body)

    @property
    def key(self) -> str:
        """What it is known by when it hangs."""
        return key_of(self.path, self.params or self.body or {})
