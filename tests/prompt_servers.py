"""Servers that end when they are told to, not a fifth of a second later.

uvicorn looks every tenth of a second whether it is to end, and then waits as long again for its
connections. That is nothing in a process with one server. Tests start hundreds.
"""

import asyncio
from typing import Any

import uvicorn.server

LOOK_SECONDS = 0.01


class _Prompt:
    """The module as uvicorn's server has it, with short sleeps."""

    def __getattr__(self, name: str) -> Any:
        return getattr(asyncio, name)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(min(seconds, LOOK_SECONDS))


def end_servers_promptly() -> None:
    """Let all servers of this process end at once."""
    vars(uvicorn.server)["asyncio"] = _Prompt()
