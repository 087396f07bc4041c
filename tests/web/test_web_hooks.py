"""Jira's webhooks are taken as hints where they prove themselves, and change nothing else."""

import hashlib
import hmac
import json
from datetime import timedelta

import pytest
import structlog
from starlette.testclient import TestClient

from telemetry.store.engine import reading
from telemetry.store.hints import read_hints
from tests.web.fake_reports import FakeReports
from tests.web.invented import NOW
from web.app import create_app
from web.http.webhooks import Hooks

pytestmark = pytest.mark.slow

SECRET = "s3cr3t of the webhook"
ISSUE = {
    "webhookEvent": "jira:issue_updated",
    "issue": {"id": "10002", "key": "K8S-2", "fields": {"project": {"key": "K8S"}}},
    "user": {"displayName": "Zoë <Ng>"},
}
LOG = {"webhookEvent": "worklog_created", "worklog": {"id": "7", "issueId": "10002"}}
SPRINT = {"webhookEvent": "sprint_closed", "sprint": {"id": 38, "originBoardId": 4}}


class Hooked:
    """The application with webhooks, and what it wrote of them."""

    def __init__(self, engine, **secrets) -> None:
        self.engine = engine
        self.now = NOW
        self.hooks = Hooks(engine, lambda: self.now)
        self.hooks.secrets = secrets
        app = create_app(
            FakeReports(),
            access_token="open-sesame",
            allowed_hosts=("telemetry.example.com",),
            clock=lambda: NOW,
            hooks=self.hooks,
        )
        self.client = TestClient(
            app, base_url="http://telemetry.example.com", follow_redirects=False
        )

    def post(self, body, identifier="a", path="/hooks/jira", secret=SECRET, **headers):
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        signature = hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()
        given = {"X-Hub-Signature": f"sha256={signature}"}
        if identifier:
            given["X-Atlassian-Webhook-Identifier"] = identifier
        return self.client.post(path, content=raw, headers=given | headers)

    def written(self):
        with reading(self.engine) as connection:
            return [
                (h.site, h.event, h.project_key, h.issue_id, h.sprint_id, h.board_id)
                for h in read_hints(connection)
            ]


@pytest.fixture
def hooked(sqlite_store):
    return Hooked(sqlite_store, default=SECRET)


@pytest.fixture
def hooked_to_both(store):
    """The same on both databases, for what is written."""
    return Hooked(store, default=SECRET)


@pytest.mark.parametrize(
    ("body", "row"),
    [
        (ISSUE, ("default", "jira:issue_updated", "K8S", 10002, None, None)),
        (LOG, ("default", "worklog_created", None, 10002, None, None)),
        (SPRINT, ("default", "sprint_closed", None, None, 38, 4)),
    ],
)
def test_a_signed_webhook_is_noted(hooked_to_both, body, row):
    answer = hooked_to_both.post(body)
    assert answer.status_code == 202
    assert answer.content == b""
    assert "set-cookie" not in answer.headers
    assert hooked_to_both.written() == [row]


def test_a_webhook_that_is_sent_again_is_noted_once(hooked_to_both):
    assert [hooked_to_both.post(LOG).status_code for _ in range(3)] == [202] * 3
    assert len(hooked_to_both.written()) == 1


def test_without_an_identifier_the_body_tells_whether_it_is_the_same(hooked):
    for body in (LOG, ISSUE, LOG):
        hooked.post(body, identifier="")
    assert len(hooked.written()) == 2


@pytest.mark.parametrize("identifier", ["x" * 5000, "two words", "tab\tbed"])
def test_an_identifier_that_jira_would_not_send_is_not_kept(hooked_to_both, identifier):
    assert hooked_to_both.post(LOG, identifier=identifier).status_code == 202
    with reading(hooked_to_both.engine) as connection:
        assert len(read_hints(connection)[0].identifier) == 64


@pytest.mark.parametrize(
    "signature",
    ["", "sha256=", "sha256=" + "0" * 64, "sha1=" + "0" * 40, "sha256=\xe9\xe8", "x" * 9000],
)
def test_a_forged_webhook_is_refused_without_a_word_of_why(hooked, signature):
    headers = {"X-Hub-Signature": signature.encode("latin-1")}
    answer = hooked.client.post("/hooks/jira", content=json.dumps(LOG).encode(), headers=headers)
    assert answer.status_code == 403
    assert answer.json()["detail"] == "The webhook is not signed as it should be."
    assert hooked.written() == []


def test_a_signature_of_another_body_or_secret_is_refused(hooked):
    assert hooked.post(LOG, secret="another").status_code == 403
    raw = json.dumps(LOG).encode()
    signature = hmac.new(SECRET.encode(), raw, hashlib.sha256).hexdigest()
    headers = {"X-Hub-Signature": f"sha256={signature}"}
    assert hooked.client.post("/hooks/jira", content=raw + b" ", headers=headers).status_code == 403


def test_forged_webhooks_are_logged_once_a_minute_and_never_their_body(hooked):
    with structlog.testing.capture_logs() as events:
        for _ in range(5):
            hooked.post(ISSUE, secret="forged")
        assert [e["event"] for e in events] == ["webhooks refused"]
        hooked.now += timedelta(minutes=1)
        hooked.post(ISSUE, secret="forged")
    assert [e["count"] for e in events] == [1, 5]
    assert "Zoë" not in repr(events)
    assert SECRET not in repr(events)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"not JSON", 400),
        (b"[1, 2]", 400),
        (b"\xff\xfe", 400),
        (b"[" * 100_000, 400),
        (b'{"webhookEvent": "worklog_created"' + b" " * 1_000_000 + b"}", 413),
    ],
)
def test_what_is_no_object_of_json_is_refused(hooked, body, status):
    assert hooked.post(body).status_code == status
    assert hooked.written() == []


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"webhookEvent": "comment_created", "comment": {"id": "1"}},
        {"webhookEvent": "issue_property_set"},
        {"webhookEvent": ["jira:issue_updated"]},
        {"webhookEvent": "jira:issue_updated\n"},
    ],
)
def test_an_event_that_we_do_not_know_is_accepted_and_left(hooked, body):
    assert hooked.post(body).status_code == 202
    assert hooked.written() == []


@pytest.mark.parametrize("wrong", ["x", "-1", "1.5", True, None, [1], {"a": 1}, "9" * 40, "٣"])
def test_ids_that_are_none_are_left_out(hooked_to_both, wrong):
    body = {
        "webhookEvent": "jira:issue_updated",
        "issue": {"id": wrong, "fields": {"project": {"key": "k8s\0"}}},
        "sprint": {"id": wrong, "originBoardId": wrong},
        "worklog": wrong,
    }
    assert hooked_to_both.post(body).status_code == 202
    assert hooked_to_both.written() == [("default", "jira:issue_updated", None, None, None, None)]


def test_without_a_secret_it_names_the_setting(sqlite_store):
    answer = Hooked(sqlite_store, default=None).post(LOG)
    assert answer.status_code == 404
    assert "set jira.webhook_secret in telemetry.yml" in answer.json()["detail"]


def test_each_of_several_sites_has_its_address_and_its_secret(sqlite_store):
    hooked = Hooked(sqlite_store, emea=SECRET, apac="another", old=None)
    assert hooked.post(LOG).status_code == 404
    assert hooked.post(LOG, path="/hooks/jira/emea").status_code == 202
    assert hooked.post(LOG, path="/hooks/jira/apac").status_code == 403
    assert hooked.post(LOG, path="/hooks/jira/apac", secret="another").status_code == 202
    assert hooked.post(LOG, path="/hooks/jira/old", secret="").status_code == 404
    assert hooked.post(LOG, path="/hooks/jira/none").status_code == 404
    assert sorted(row[0] for row in hooked.written()) == ["apac", "emea"]


def test_the_address_of_the_only_site_may_name_it(hooked):
    assert hooked.post(LOG, path="/hooks/jira/default").status_code == 202


def test_a_browser_on_another_site_and_an_unknown_host_name_are_refused(hooked):
    assert hooked.post(LOG, Origin="http://evil.example.com").status_code == 403
    assert hooked.post(LOG, Host="evil.example.com").status_code == 400
    assert hooked.written() == []


def test_the_proof_opens_nothing_else(hooked):
    assert hooked.post(LOG, path="/api/v1/runs").status_code == 401
    assert hooked.client.get("/hooks/jira").status_code == 405


def test_a_store_that_cannot_be_written_lets_jira_send_it_again(hooked_to_both):
    with hooked_to_both.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE hints RENAME TO elsewhere")
    assert hooked_to_both.post(LOG).status_code == 503
