"""The pulls' own record, and the lock that lets one bot at a time pull a site."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from pathlib import Path
from re import sub
from typing import Any

from filelock import FileLock, Timeout
from sqlalchemy import Connection, Engine, bindparam, delete, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from telemetry.errors import SiteBusy, StoreError
from telemetry.store.engine import is_in_memory
from telemetry.store.schema import cursors, pulls
from telemetry.store.upsert import upsert

USUAL_OF = 20  # pulls
_CURSOR = select(cursors.c.value).where(  # read so often that building it would cost the most
    cursors.c.site == bindparam("site"), cursors.c.name == bindparam("name")
)


@dataclass(frozen=True, slots=True)
class PullRecord:
    """One pull. `kind`: first, incremental, reconcile or full; `state`: running, done or failed.

    `issues_read` of about `issues_total` tell how far a running one is; `found` counts what a
    comparison with the tracker found by its name, None where none was made.
    """

    id: int
    site: str
    kind: str
    started_at: datetime
    ended_at: datetime | None
    state: str
    issues_changed: int
    work_logs_changed: int
    requests: int
    error: str | None
    issues_read: int | None = None
    issues_total: int | None = None
    found: dict[str, int] | None = None


def begin_pull(connection: Connection, *, site: str, kind: str, at: datetime) -> int:
    """Note that a pull started; its id.

    Call it under `pull_lock`: pulls of the site that still run in the record were killed, and
    are ended as failed.
    """
    connection.execute(
        update(pulls)
        .where(pulls.c.site == site, pulls.c.state == "running")
        .values(state="failed", ended_at=at, error="The bot ended before the pull did.")
    )
    row = {"site": site, "kind": kind, "started_at": at, "state": "running"}
    counts = {"issues_changed": 0, "work_logs_changed": 0, "requests": 0}
    result = connection.execute(insert(pulls).values(**row, **counts).returning(pulls.c.id))
    return int(result.scalar_one())


def end_pull(
    connection: Connection,
    pull_id: int,
    *,
    at: datetime,
    state: str,
    kind: str | None = None,
    issues_changed: int = 0,
    work_logs_changed: int = 0,
    requests: int = 0,
    error: str | None = None,
    found: Mapping[str, int] | None = None,
) -> None:
    """Note how a pull ended: `state` done, or failed with the error's sentence.

    `kind` is what the pull turned out to be, where that was not known when it began; `found` is
    what a comparison with the tracker found.
    """
    connection.execute(
        update(pulls)
        .where(pulls.c.id == pull_id)
        .values(
            ended_at=at,
            kind=kind or pulls.c.kind,
            state=state,
            issues_changed=issues_changed,
            work_logs_changed=work_logs_changed,
            requests=requests,
            error=error,
            found=dict(found) if found else None,
        )
    )


def note_progress(connection: Connection, pull_id: int, read: int, total: int | None) -> None:
    """Note how many issues a running pull has read, of about how many."""
    connection.execute(
        update(pulls).where(pulls.c.id == pull_id).values(issues_read=read, issues_total=total)
    )


def read_pulls(
    connection: Connection, limit: int, before_id: int | None = None
) -> tuple[PullRecord, ...]:
    """The newest pulls first; `before_id` continues after the last of the answer before."""
    statement = select(pulls).order_by(pulls.c.id.desc()).limit(limit)
    if before_id is not None:
        statement = statement.where(pulls.c.id < before_id)
    return tuple(PullRecord(**row._mapping) for row in connection.execute(statement))


def newest_pulls(connection: Connection, sites: Collection[str]) -> dict[str, PullRecord]:
    """The newest pull of each of these sites that has one."""
    newest = select(func.max(pulls.c.id)).where(pulls.c.site.in_(sites)).group_by(pulls.c.site)
    rows = connection.execute(select(pulls).where(pulls.c.id.in_(newest)))
    return {row.site: PullRecord(**row._mapping) for row in rows}


def usual_length(connection: Connection, site: str) -> timedelta | None:
    """How long the longest of the site's last complete pulls took; None where there is none."""
    c = pulls.c
    ended = select(c.started_at, c.ended_at).where(c.site == site, c.state == "done")
    rows = connection.execute(ended.order_by(c.id.desc()).limit(USUAL_OF)).all()
    return max((end - start for start, end in rows if end is not None), default=None)


@contextmanager
def pull_lock(engine: Engine, site: str) -> Iterator[None]:
    """Hold the right to pull a site; the system gives it back even when we are killed.

    Raises SiteBusy at once when another bot holds it.
    """
    if engine.dialect.name == "postgresql":
        with _postgresql_lock(engine, site):
            yield
    elif is_in_memory(engine):
        yield
    else:
        with _file_lock(Path(str(engine.url.database)), site):
            yield


@contextmanager
def _file_lock(database: Path, site: str) -> Iterator[None]:
    """A lock on an empty file beside the store; any thread may give it back."""
    name = sub(r"[^A-Za-z0-9_-]", "-", site)
    file = database.with_name(f"{database.name}.{name}.lock")
    lock = FileLock(file, mode=0o600, thread_local=False)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise _taken(site) from None
    except OSError as error:
        raise StoreError(
            f"the lock file of {site!r} beside the store cannot be written ({error.strerror}); "
            "make room on the disk, or give this user write access to the store's folder"
        ) from None
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _postgresql_lock(engine: Engine, site: str) -> Iterator[None]:
    key = int.from_bytes(blake2b(f"pull {site}".encode(), digest_size=8).digest(), signed=True)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        taking = text("SELECT pg_try_advisory_lock(:key)")
        if not connection.scalar(taking, {"key": key}):
            raise _taken(site)
        try:
            yield
        finally:
            with suppress(DBAPIError):  # where the session is over, the lock is, too
                connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": key})


def _taken(site: str) -> SiteBusy:
    return SiteBusy(
        f"another bot is pulling {site!r} into this store; wait until it ends, or stop it."
    )


def read_cursor(connection: Connection, site: str, name: str) -> Any:
    """The cursor's JSON value, None when it was never written."""
    return connection.scalar(_CURSOR, {"site": site, "name": name})


def write_cursor(connection: Connection, site: str, name: str, value: Any) -> None:
    """Set the cursor to a JSON value."""
    upsert(connection, cursors, [{"site": site, "name": name, "value": value}])


def delete_cursor(connection: Connection, site: str, name: str) -> None:
    """Forget the cursor, if there is one."""
    connection.execute(delete(cursors).where(cursors.c.site == site, cursors.c.name == name))
