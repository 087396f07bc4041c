"""The blocks of how the program runs: its store, its keys, its bot and its page."""

from datetime import time, timedelta
from typing import Annotated

from pydantic import Field

from telemetry.settings.block import Block
from telemetry.settings.secret import Secret
from telemetry.settings.values import Clock, Duration, Network, StoreUrl, WebUrl, Whole


class StoreSettings(Block):
    """Where history and figures are kept."""

    url: Annotated[
        StoreUrl,
        Field(
            description="`sqlite:///FILE`, `postgresql+psycopg://…` or, with a password, env:NAME"
        ),
    ] = "sqlite:///telemetry.db"


class PrivacySettings(Block):
    """How people are kept apart without being known."""

    key: Annotated[
        Secret,
        Field(
            description="key of the pseudonyms of people, at least 16 characters; made at the "
            "first start on SQLite, required with PostgreSQL"
        ),
    ] = Secret("file:telemetry.key")


class BotSettings(Block):
    """When the bot asks, and how hard."""

    every: Annotated[Duration, Field(description="between pulls: `30s`, `10m`, `1h30m`")] = (
        timedelta(minutes=10)
    )
    reconcile: Annotated[
        Clock, Field(description="time of day (UTC) at which everything is compared with Jira")
    ] = time(2, 30)
    requests_at_once: Annotated[
        Whole, Field(ge=1, le=32, description="requests to one Jira at the same time, at most")
    ] = 4
    answer_megabytes: Annotated[
        Whole, Field(ge=1, le=1024, description="MB that one answer of Jira may hold, unpacked")
    ] = 64

    @property
    def reconcile_at(self) -> tuple[int, int]:
        """Hour and minute of the daily comparison."""
        return self.reconcile.hour, self.reconcile.minute


class WebSettings(Block):
    """How the page is reached from outside."""

    url: Annotated[
        WebUrl | None,
        Field(
            description="its address, as in the browser: then only this host name is answered to, "
            "and with https the browser is told to keep to it"
        ),
    ] = None
    trusted_proxies: Annotated[
        tuple[Network, ...],
        Field(
            max_length=64,
            description="addresses or networks of the proxies before it: X-Forwarded-For and "
            "X-Forwarded-Proto are believed of these alone",
        ),
    ] = ()
    show_summaries: Annotated[
        bool,
        Field(
            description="whether issues are named by their titles; false: by their keys alone, on "
            "pages, in files, in the terminal and in messages"
        ),
    ] = True
