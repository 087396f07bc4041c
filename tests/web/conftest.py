"""The web application over invented reports."""

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from tests.web.fake_reports import FakeReports
from tests.web.invented import NOW
from web.app import create_app

BASE = "http://127.0.0.1:8000"


@pytest.fixture
def reports() -> FakeReports:
    return FakeReports()


def _open_app(reports: FakeReports) -> FastAPI:
    return create_app(reports, access_token=None, allowed_hosts=(), clock=lambda: NOW)


@pytest.fixture(scope="session")
def shared_app() -> FastAPI:
    """One application for all tests that only ask it: to make one takes longer than a page."""
    return _open_app(FakeReports())


@pytest.fixture
def client(request) -> TestClient:
    """Asks the shared application, or one of its own where the test has the reports in hand."""
    is_own = "reports" in request.fixturenames
    app = request.getfixturevalue("reports" if is_own else "shared_app")
    app = _open_app(app) if is_own else app
    return TestClient(app, base_url=BASE, follow_redirects=False)


@pytest.fixture
def locked(reports) -> TestClient:
    """The same with an access token."""
    app = create_app(
        reports,
        access_token="open-sesame",
        allowed_hosts=("telemetry.example.com",),
        clock=lambda: NOW,
        trigger_pull=lambda: True,
    )
    return TestClient(app, base_url=BASE, follow_redirects=False)
