"""The site's webhooks as a receiver gets them."""

import hashlib
import hmac
import json
import threading
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random

import pytest

from bot.simulator import Life, demo_world, step
from bot.simulator.server import running
from bot.simulator.state import milliseconds

start = datetime(2026, 3, 2, 9, tzinfo=UTC)
secret = "hook secret"


def after(hours: float) -> datetime:
    return start + timedelta(hours=hours)


class Receiver:
    """Takes what is posted; answers with the statuses given first, then with 202."""

    def __init__(self, *statuses):
        self.url = ""
        self.got = []
        self.statuses = list(statuses)
        self.may_answer = threading.Event()
        self.may_answer.set()

    def events(self):
        return [body["webhookEvent"] for _, _, body in self.got]

    def named(self, name):
        return [body for _, _, body in self.got if body["webhookEvent"] == name]


@contextmanager
def receiving(*statuses):
    receiver = Receiver(*statuses)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            raw = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.got.append((dict(self.headers), raw, json.loads(raw)))
            receiver.may_answer.wait(20)
            self.send_response(receiver.statuses.pop(0) if receiver.statuses else 202)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    receiver.url = f"http://127.0.0.1:{server.server_port}/hooks/jira"
    try:
        yield receiver
    finally:
        receiver.may_answer.set()
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def hooked(site, *statuses, flavour="cloud", **options):
    """A site that posts to a receiver; gives both."""
    options = {"webhook_secret": secret, "webhook_retry_seconds": (0.01, 0.01)} | options
    with (
        receiving(*statuses) as receiver,
        running(site.world, flavour, webhook_url=receiver.url, **options) as server,
    ):
        yield receiver, server


def test_every_act_on_an_issue_is_posted(site):
    with hooked(site) as (receiver, server):
        issue = site.issue(points=3)
        site.world.set_estimate(issue, 5, after(1))
        site.world.touch(issue, after(2))
        site.world.delete_issue(issue, after(3))
        assert server.webhooks.settle(10)
    created, estimated, commented, deleted = (body for _, _, body in receiver.got)
    assert receiver.events() == [
        "jira:issue_created",
        "jira:issue_updated",
        "jira:issue_updated",
        "jira:issue_deleted",
    ]
    for body in (created, estimated, commented, deleted):
        assert (body["issue"]["id"], body["issue"]["key"]) == (str(issue.id), "K8S-1")
        assert body["issue"]["fields"]["project"]["key"] == "K8S"
    assert estimated["timestamp"] == milliseconds(after(1))
    [item] = estimated["changelog"]["items"]
    assert (item["fieldId"], item["fromString"], item["toString"]) == (
        "customfield_10028",
        "3",
        "5",
    )
    assert set(estimated["changelog"]) == {"id", "items"}
    assert "changelog" not in created
    assert "changelog" not in commented
    assert estimated["issue"]["fields"]["customfield_10028"] == 5


def test_work_logs_are_posted_with_the_id_of_their_issue_only(site):
    issue = site.issue()
    with hooked(site) as (receiver, server):
        log = site.world.log_work(issue, 2, after(1), 3600, after(2))
        site.world.edit_work_log(log, after(3), seconds=60, touches_issue=False)
        site.world.delete_work_log(log, after(4), touches_issue=False)
        assert server.webhooks.settle(10)
    assert receiver.events() == [
        "jira:issue_updated",
        "worklog_created",
        "worklog_updated",
        "worklog_deleted",
    ]
    for name in ("worklog_created", "worklog_updated", "worklog_deleted"):
        [body] = receiver.named(name)
        assert set(body) == {"timestamp", "webhookEvent", "worklog"}
        assert (body["worklog"]["id"], body["worklog"]["issueId"]) == (str(log.id), str(issue.id))
    assert receiver.named("worklog_updated")[0]["worklog"]["timeSpentSeconds"] == 60


@pytest.mark.parametrize("flavour", ["cloud", "datacenter"])
def test_sprints_are_posted_through_their_whole_life(site, flavour):
    world = site.world
    with hooked(site, flavour=flavour, clock=lambda: after(9)) as (receiver, server):
        sprint = world.create_sprint(site.board.id, "S1")
        world.start_sprint(sprint, after(300), after(1))
        world.rename_sprint(sprint, "Renamed")
        world.redate_sprint(sprint, end_at=after(200))
        world.close_sprint(sprint, None, after(200))
        world.reopen_sprint(sprint)
        world.delete_sprint(sprint, after(201))
        assert server.webhooks.settle(10)
    assert receiver.events() == [
        "sprint_created",
        "sprint_started",
        "sprint_updated",
        "sprint_updated",
        "sprint_closed",
        "sprint_updated",
        "sprint_deleted",
    ]
    for _, _, body in receiver.got:
        assert (body["sprint"]["id"], body["sprint"]["originBoardId"]) == (sprint.id, site.board.id)
    assert receiver.got[2][2]["timestamp"] == milliseconds(after(9))


def test_the_signature_is_that_of_the_raw_body(site):
    with hooked(site) as (receiver, server):
        site.issue("Zoë & <co>")
        assert server.webhooks.settle(10)
    headers, raw, _ = receiver.got[0]
    wanted = hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()
    assert headers["X-Hub-Signature"] == f"sha256={wanted}"
    assert headers["X-Atlassian-Webhook-Identifier"]
    assert "X-Atlassian-Webhook-Retry" not in headers


def test_what_is_not_taken_is_sent_again_under_the_same_identifier(site):
    with hooked(site, 503, 429) as (receiver, server):
        site.issue()
        assert server.webhooks.settle(10)
        assert (server.webhooks.delivered, server.webhooks.lost) == (1, 0)
    headers = [headers for headers, _, _ in receiver.got]
    assert len({each["X-Atlassian-Webhook-Identifier"] for each in headers}) == 1
    assert [each.get("X-Atlassian-Webhook-Retry") for each in headers] == [None, "1", "2"]


def test_what_is_refused_is_not_sent_again_and_retries_end(site):
    with hooked(site, 403, 500, 500, 500) as (receiver, server):
        site.issue("Refused")
        site.issue("Never taken")
        assert server.webhooks.settle(10)
        assert (server.webhooks.delivered, server.webhooks.lost) == (1, 1)
    assert len(receiver.got) == 4


def test_nobody_waits_for_a_receiver_that_hangs_or_is_away(site):
    with hooked(site) as (receiver, server):
        receiver.may_answer.clear()
        began = time.monotonic()
        for number in range(1200):
            site.issue(f"Issue {number}")
        assert time.monotonic() - began < 4
        assert server.webhooks.lost >= 150
        receiver.may_answer.set()
    away = "http://127.0.0.1:9/hooks/jira"
    with running(site.world, "cloud", webhook_url=away, webhook_retry_seconds=()) as server:
        site.issue()
        assert server.webhooks.settle(10)
        assert server.webhooks.lost == 1


def test_some_can_be_lost_doubled_and_late(site):
    chances = {"webhook_loss": 0.3, "webhook_duplication": 0.3, "webhook_delay": 0.3}
    orders = []
    for seed in (1, 1, 2):
        with hooked(site, webhook_delay_seconds=0.05, webhook_seed=seed, **chances) as (
            receiver,
            server,
        ):
            first = site.world.projects[site.project.id].last_number
            for number in range(60):
                site.issue(f"Issue {number}")
            assert server.webhooks.settle(20)
        keys = [int(body["issue"]["key"][4:]) - first for _, _, body in receiver.got]
        identifiers = {headers["X-Atlassian-Webhook-Identifier"] for headers, _, _ in receiver.got}
        assert len(set(keys)) == len(identifiers) < len(keys)
        assert len(identifiers) < 60
        assert keys != sorted(keys)
        orders.append(sorted(keys))
    assert orders[0] == orders[1] != orders[2]


def test_no_listener_stays_behind(site):
    with hooked(site):
        assert site.world.listeners
    assert site.world.listeners == []


def test_the_life_of_a_demo_posts_too():
    now = datetime(2026, 11, 19, 14, tzinfo=UTC)
    world = demo_world(now, teams=2, weeks=4)
    with receiving() as receiver, running(world, "cloud", webhook_url=receiver.url) as server:
        random = Random(1)
        for number in range(30):
            step(world, now + timedelta(minutes=number), random)
        with Life(world, lambda: now + timedelta(hours=1), interval_seconds=0.01):
            time.sleep(0.1)
        assert server.webhooks.settle(10)
    assert {"jira:issue_updated", "worklog_created"} <= set(receiver.events())
