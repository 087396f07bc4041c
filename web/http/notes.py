"""Writes what teams type on their reviews: every version is kept, and fields are merged."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from starlette.requests import Request

from telemetry.errors import StoreError
from telemetry.store.engine import writing
from telemetry.store.reviews import Notes, Written, add_notes, read_notes
from telemetry.store.teams import raise_facts_version
from web.http.access import COOKIE, AccessGate, bearer

MOST_BYTES = 100 * 1024
TOO_LONG = (
    "Notes hold at most 100 KB (102,400 bytes): shorten them, or link to a document that holds "
    "the rest."
)
_TRIES = 5  # on a database where two may write at once


@dataclass(frozen=True, slots=True)
class Merged:
    """What stands there now, and what others wrote meanwhile into fields that were sent."""

    notes: Notes
    overtaken: tuple[Written, ...]


class ReviewNotes:
    """Notes of one store; `clock` is ours."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime]) -> None:
        self._engine = engine
        self._clock = clock

    def put(
        self, team_key: str, review: str, fields: Mapping[str, str], version: int, by: str | None
    ) -> Merged:
        """Write the fields that differ as a version of their own; fields not sent stay.

        `version` is what the sender began from: what others wrote into the same fields since then
        stays in the history and is told of. Raises StoreError.
        """
        for attempt in range(_TRIES):
            try:
                return self._put(team_key, review, fields, version, by)
            except IntegrityError as error:  # somebody wrote the same version just now
                if attempt == _TRIES - 1:
                    raise StoreError("too many write to this review at once") from error
            except SQLAlchemyError as error:
                raise StoreError(f"the store cannot be written: {type(error).__name__}") from error
        raise AssertionError("every try returns or raises")

    def _put(
        self, team_key: str, review: str, fields: Mapping[str, str], version: int, by: str | None
    ) -> Merged:
        with writing(self._engine) as connection:
            before = read_notes(connection, team_key, review)
            add_notes(connection, team_key, review, fields, self._clock(), by)
            after = read_notes(connection, team_key, review)
            if after.version != before.version:
                raise_facts_version(connection, team_key)  # so that other windows hear of it
        overtaken = tuple(
            one
            for name, one in before.fields.items()
            if one.version > version and name in fields and one.value != fields[name]
        )
        return Merged(after, overtaken)


def signer(request: Request, gate: AccessGate) -> str | None:
    """Who is signed in, as far as a shared token tells: the session or the token; None: nobody."""
    if gate.is_open:
        return None
    if bearer(request.headers.get("authorization", "")) is not None:
        return "access token"
    return gate.named(request.cookies.get(COOKIE, ""))
