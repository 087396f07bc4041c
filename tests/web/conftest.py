"""The web application over invented reports."""

import pytest
from starlette.testclient import TestClient

from tests.web.fake_reports import FakeReports
from tests.web.invented import NOW
from web.app import create_app

BASE = "http://127.0.0.1:8000"


@pytest.fixture
def reports() -> FakeReports:
    return FakeReports()


@pytest.fixture
def client(reports) -> TestClient:
    app = create_app(reports, access_token=None, allowed_hosts=(), clock=lambda: NOW)
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
