"""X-Forwarded-* of anybody: believed of configured proxies only."""

import pytest
import requests
from starlette.testclient import TestClient

from telemetry.errors import ConfigurationError
from telemetry.settings import load
from telemetry.settings.running import WebSettings
from tests.served import served
from tests.web.fake_reports import FakeReports
from tests.web.invented import NOW
from web.app import create_app
from web.http.reach import Reach

pytestmark = pytest.mark.slow

WRONG = {"Authorization": "Bearer wrong-wrong-wrong"}
PROXIES = ("10.0.0.7/32", "192.168.0.0/16", "fd00::/8")


def client_at(address, reach):
    app = create_app(
        FakeReports(), access_token="open-sesame", allowed_hosts=(), clock=lambda: NOW, reach=reach
    )
    return TestClient(app, base_url="http://127.0.0.1", client=(address, 1), follow_redirects=False)


def statuses(client, headers):
    return [client.get("/api/v1/teams", headers=WRONG | headers(n)).status_code for n in range(11)]


@pytest.fixture
def reach():
    made = Reach()
    made.follow(WebSettings(trusted_proxies=PROXIES))
    return made


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.8", "203.0.113.9", "::1"])
def test_of_a_stranger_they_hide_nothing(reach, address):
    found = statuses(client_at(address, reach), lambda n: {"X-Forwarded-For": f"198.51.100.{n}"})
    assert found[-1] == 429


@pytest.mark.parametrize("address", ["10.0.0.7", "192.168.3.4", "fd00::1"])
def test_of_a_proxy_they_tell_its_clients_apart(reach, address):
    client = client_at(address, reach)
    tokens = iter(f"{n}-wrong" for n in range(99))
    found = [
        client.get(
            "/api/v1/teams",
            headers={
                "X-Forwarded-For": f"198.51.100.{n}",
                "Authorization": f"Bearer {next(tokens)}",
            },
        ).status_code
        for n in range(15)
    ]
    assert set(found) == {401}


def test_what_a_client_wrote_before_the_proxy_hides_nothing(reach):
    client = client_at("10.0.0.7", reach)
    found = statuses(client, lambda n: {"X-Forwarded-For": f"198.51.100.{n}, 203.0.113.5"})
    assert found[-1] == 429


def test_of_a_stranger_they_make_no_connection_secure(reach):
    told = {"X-Forwarded-Proto": "https"}
    plain = client_at("203.0.113.9", reach).get("/healthz", headers=told)
    assert "strict-transport-security" not in plain.headers
    behind = client_at("10.0.0.7", reach).get("/healthz", headers=told)
    assert "strict-transport-security" in behind.headers


def test_who_asks_from_this_machine_is_no_proxy_either():
    with served(FakeReports(), lambda: NOW, access_token="open-sesame-of-many") as url:
        answers = [
            requests.get(
                f"{url}/api/v1/teams",
                headers={
                    "Authorization": f"Bearer {n}-wrong",
                    "X-Forwarded-For": f"198.51.100.{n}",
                    "X-Forwarded-Proto": "https",
                },
                timeout=5,
            )
            for n in range(12)
        ]
    assert answers[-1].status_code == 429
    assert not any("Strict-Transport-Security" in one.headers for one in answers)


def test_proxies_that_change_are_followed(reach):
    client = client_at("10.0.0.8", reach)
    told = {"X-Forwarded-Proto": "https"}
    assert "strict-transport-security" not in client.get("/healthz", headers=told).headers
    reach.follow(WebSettings(trusted_proxies=("10.0.0.8",)))
    assert "strict-transport-security" in client.get("/healthz", headers=told).headers
    reach.follow(WebSettings())
    assert "strict-transport-security" not in client.get("/healthz", headers=told).headers


def test_with_an_address_of_its_own_no_other_name_is_answered_to():
    reach = Reach()
    reach.take_any_name()
    client = client_at("203.0.113.9", reach)
    assert client.get("/healthz", headers={"Host": "evil.example.com"}).status_code == 200
    reach.follow(WebSettings(url="https://telemetry.example.com:8443"))
    assert client.get("/healthz", headers={"Host": "evil.example.com"}).status_code == 400
    assert client.get("/healthz", headers={"Host": "telemetry.example.com"}).status_code == 200
    assert client.get("/healthz", headers={"Host": "127.0.0.1:8000"}).status_code == 200


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("https://telemetry.example.com:8443", 303),
        ("https://telemetry.example.com", 403),
        ("https://evil.example.com", 403),
    ],
)
def test_behind_a_proxy_that_rewrites_the_host_our_own_page_may_write(origin, status):
    reach = Reach()
    reach.follow(WebSettings(url="https://telemetry.example.com:8443"))
    client = client_at("203.0.113.9", reach)
    answer = client.post(
        "/sign-out", headers={"Origin": origin, "Authorization": "Bearer open-sesame"}
    )
    assert answer.status_code == status


LEAST = """
jira: {url: 'https://jira.example.com', auth: {kind: pat, secret: env:TOKEN}}
teams: [{key: web, project: WEB}]
web: """


@pytest.mark.parametrize(
    ("block", "said"),
    [
        ("{trusted_proxies: [everything]}", "is not the address of a proxy"),
        ("{trusted_proxies: [0.0.0.0/0]}", "name your proxies"),
        ("{trusted_proxies: ['::/0']}", "name your proxies"),
        ("{trusted_proxies: ['*']}", "is not the address of a proxy"),
        ("{trusted_proxies: 10.0.0.7}", "is not a list"),
        ("{url: telemetry.example.com}", "is not a web address"),
        ("{url: 'ftp://telemetry.example.com'}", "is not a web address"),
        ("{url: 'https://'}", "is not a web address"),
        ("{url: 'https://x:99999'}", "is not a web address"),
        ("{url: 'https://a:b@telemetry.example.com'}", "without user"),
        ("{url: 'https://example.com/telemetry'}", "stands at its root"),
        ("{url: 'https://example.com?x=1'}", "stands at its root"),
        ("{hosts: [x]}", "hosts"),
    ],
)
def test_a_setting_that_would_believe_everybody_or_nobody_is_refused(tmp_path, block, said):
    file = tmp_path / "telemetry.yml"
    file.write_text(LEAST + block, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=said):
        load(file, {})


def test_the_settings_of_the_contract_are_taken(tmp_path):
    file = tmp_path / "telemetry.yml"
    file.write_text(LEAST + "{url: null, trusted_proxies: [], show_summaries: true}")
    assert load(file, {}).web == WebSettings()
    file.write_text(
        LEAST + "{url: 'https://t.example.com/', trusted_proxies: [10.0.0.7, 'fd00::/8']}"
    )
    web = load(file, {}).web
    assert web.url == "https://t.example.com"
    assert web.trusted_proxies == ("10.0.0.7/32", "fd00::/8")
