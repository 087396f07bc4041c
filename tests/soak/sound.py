"""What must hold of a store at any instant, also when a pull was stopped anywhere."""

from pathlib import Path

from sqlalchemy import Engine, exists, select
from starlette.testclient import TestClient

from telemetry.context import Context
from telemetry.facts import rebuild
from telemetry.store import schema as s
from telemetry.store.engine import reading
from telemetry.store.pulls import PullRecord, read_pulls
from tests.pulled import Pulled
from tests.soak.comparing import differences
from web.app import create_app

OF_AN_ISSUE = (s.changes, s.work_logs, s.sprint_members, s.sprint_names, s.epic_members)


def assert_sound(pulled: Pulled) -> None:
    """Nothing is half-written, the database is whole, and the pages can be read."""
    with reading(pulled.engine) as connection:
        for table in OF_AN_ISSUE:
            mine = (s.issues.c.site == table.c.site) & (s.issues.c.id == table.c.issue_id)
            orphans = connection.execute(select(table).where(~exists().where(mine))).all()
            assert orphans == [], table.name
        if pulled.engine.dialect.name == "sqlite":
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
    app = create_app(pulled.reports, access_token=None, allowed_hosts=(), clock=pulled.story.clock)
    client = TestClient(app, base_url="http://127.0.0.1:8000")
    for path in ("/", "/runs", *(f"/teams/{t.key}" for t in pulled.context.settings.teams)):
        answer = client.get(path)
        assert answer.status_code in (200, 404), f"{path}: {answer.text}"


def pull_records(engine: Engine) -> tuple[PullRecord, ...]:
    """All pulls, newest first."""
    with reading(engine) as connection:
        return read_pulls(connection, 100)


def assert_converges(pulled: Pulled, store_url: str) -> None:
    """One pull goes well now and ends where a first pull into an empty store does."""
    outcome = pulled.good_pull()
    assert not outcome.is_busy
    assert pull_records(pulled.engine)[0].state == "done"
    assert all(pull.state != "running" for pull in pull_records(pulled.engine))
    assert_sound(pulled)
    assert rebuild(pulled.engine) == 0
    context = Context(
        Path(str(pulled.context.path)), pulled.context.environ | {"STORE_URL": store_url}
    )
    fresh = Pulled(pulled.story, pulled.url, context, pulled.requests)
    try:
        fresh.good_pull()
        assert differences(pulled.engine, fresh.engine) == []
    finally:
        context.engine.dispose()
