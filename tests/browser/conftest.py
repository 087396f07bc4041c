"""A running server over invented reports, and the system's Chromium."""

import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.screenshots import launch
from tests.web.fake_reports import FakeReports
from tests.web.invented import NOW
from web.serve import server

Serve = Callable[..., Any]


@dataclass
class Running:
    url: str
    reports: FakeReports


@contextmanager
def served(
    reports: Any, clock: Callable[[], datetime], access_token: str | None = None
) -> Iterator[str]:
    """The URL of the web application over some reports, on a free port."""
    made = server(reports, host="127.0.0.1", port=0, access_token=access_token, clock=clock)
    thread = threading.Thread(target=made.run, daemon=True)
    thread.start()
    until = time.monotonic() + 60
    while not made.started and time.monotonic() < until:
        time.sleep(0.02)
    port = made.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    made.should_exit = True
    thread.join(20)


@pytest.fixture(scope="session")
def serve() -> Serve:
    """Starts the web application: `with serve(reports, clock) as url`."""
    return served


@pytest.fixture(scope="session")
def running() -> Iterator[Running]:
    reports = FakeReports()
    with served(reports, lambda: NOW) as url:
        yield Running(url, reports)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for all tests of a process."""
    if shutil.which("chromium") is None and shutil.which("chromium-browser") is None:
        missing = "no Chromium on this machine: install the package 'chromium'"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(missing)
    with sync_playwright() as playwright:
        found = launch(playwright)
        yield found
        found.close()
