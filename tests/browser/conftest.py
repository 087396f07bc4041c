"""A running server over invented reports, and the system's Chromium."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.looking import Watched, a_page, as_wide_as_new, wiped
from tests.served import served
from tests.web import invented_alerts
from tests.web.fake_reports import FakeReports
from tests.web.invented import NOW

Serve = Callable[..., Any]


@dataclass
class Running:
    url: str
    reports: FakeReports


@pytest.fixture(scope="session")
def serve() -> Serve:
    """Starts the web application: `with serve(reports, clock) as url`."""
    return served


@pytest.fixture(scope="session")
def running() -> Iterator[Running]:
    reports = FakeReports(open_alerts=invented_alerts.OPEN, past_alerts=invented_alerts.PAST)
    with served(reports, lambda: NOW) as url:
        yield Running(url, reports)


@pytest.fixture(scope="session")
def used_page(browser: Browser) -> Iterator[Watched]:
    with a_page(browser) as page:
        yield page


@pytest.fixture(scope="session")
def used_plain_page(browser: Browser) -> Iterator[Watched]:
    with a_page(browser, java_script_enabled=False) as page:
        yield page


@pytest.fixture
def plain_page(used_plain_page: Watched) -> Watched:
    """The page for tests that keep nothing in a browser that runs no script."""
    return as_wide_as_new(used_plain_page)


@pytest.fixture
def page(used_page: Watched, running: Running) -> Watched:
    """The page for tests that keep nothing in the browser: a new one would cost a second or two."""
    return wiped(used_page, running.url)
