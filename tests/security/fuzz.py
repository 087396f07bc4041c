"""Random requests made from the OpenAPI description: `python -m tests.security.fuzz EXAMPLES`.

Each operation is asked with what its description allows, half of it of a team that there is, and
the answer is held against the description.
"""

import sys
import tempfile
import traceback
import warnings
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from telemetry.report.reports import Reports
from telemetry.store.engine import open_store
from telemetry.store.migrate import upgrade
from tests.bench.roadmaps import CURRENT, fill_epics, fill_standings
from tests.bench.teams import NOW, fill
from web.app import create_app
from web.http.mutes import Mutes
from web.http.notes import ReviewNotes

HOST = {"Host": "127.0.0.1"}
KNOWN: dict[str, Any] = {
    "team": "team-1",
    "sprint": "current",
    "review": "1002",
    "quarter": str(CURRENT),
    "name": "Program 1",
}


@contextmanager
def filled_app() -> Iterator[FastAPI]:
    """The application over a small real store."""
    with tempfile.TemporaryDirectory() as folder:
        engine = open_store("sqlite:///telemetry.db", base=Path(folder))
        upgrade(engine)
        fill(engine, 2, 4)
        fill_standings(engine, 2)
        fill_epics(engine)
        yield create_app(
            Reports(engine),
            access_token=None,
            allowed_hosts=(),
            clock=lambda: NOW,
            trigger_pull=lambda: True,
            mutes=Mutes(engine, lambda: NOW),
            notes=ReviewNotes(engine, lambda: NOW),
        )
        engine.dispose()


def operations(app: FastAPI) -> Iterator[Any]:
    """What the description names."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        schema = schemathesis.openapi.from_asgi("/api/openapi.json", app, headers=HOST)
        described: Any = schema.get_all_operations()
        for found in described:
            yield found.ok()


def fuzz(operation: Any, examples: int) -> Counter[int]:
    """Ask an operation so often; raises where an answer is not as described, or of a fault.

    Returns how often each status was answered. A day of the year 3000 is one by its format, and
    refused: so what is refused is not held against the description.
    """
    refused_rightly = schemathesis.checks.CHECKS.get_by_names(["positive_data_acceptance"])
    statuses: Counter[int] = Counter()

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )
    @given(case=operation.as_strategy(), is_known=st.booleans())
    def ask(case: Any, is_known: bool) -> None:
        if is_known:
            case.path_parameters = {**case.path_parameters, **_known(case.path_parameters)}
        answer = case.call(headers=HOST)
        statuses[answer.status_code] += 1
        case.validate_response(answer, excluded_checks=refused_rightly)

    ask()
    return statuses


def _known(parameters: dict[str, Any]) -> dict[str, Any]:
    return {name: KNOWN[name] for name in parameters if name in KNOWN}


def main(examples: int) -> int:
    """Ask all, whatever is found; the exit code."""
    found = 0
    with filled_app() as asked:
        for one in operations(asked):
            try:
                told = str(dict(fuzz(one, examples)))
            except Exception:
                found, told = found + 1, traceback.format_exc()
            print(f"{one.label:60}{told}", flush=True)
    return min(found, 1)


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1])))
