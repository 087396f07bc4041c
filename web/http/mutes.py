"""Writes mutes: the one thing about alerts that pages and the API change."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from telemetry.errors import StoreError
from telemetry.store.engine import writing
from telemetry.store.mutes import add_mute, end_mute


class Mutes:
    """Mutes of one store; `clock` is ours."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime]) -> None:
        self._engine = engine
        self._clock = clock

    def add(self, team_key: str, rule: str | None, until: datetime, by: str) -> int:
        """Mute a team's alerts of a rule, or all; the number. Raises StoreError."""
        try:
            with writing(self._engine) as connection:
                return add_mute(connection, team_key, rule, until, self._clock(), by)
        except SQLAlchemyError as error:
            raise StoreError(f"the store cannot be written: {type(error).__name__}") from error

    def end(self, mute_id: int, by: str) -> bool:
        """End a mute; whether it was in force. Raises StoreError."""
        try:
            with writing(self._engine) as connection:
                return end_mute(connection, mute_id, self._clock(), by)
        except SQLAlchemyError as error:
            raise StoreError(f"the store cannot be written: {type(error).__name__}") from error
