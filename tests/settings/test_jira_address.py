"""The address of Jira: taken as it is, or told from that of a page that somebody copied."""

import pytest
from pydantic_core import PydanticCustomError

from telemetry.settings.jira_url import base_address

HOST = "https://jira.example.com"
CLOUD = "https://x.atlassian.net"
GATE = "https://api.atlassian.com/ex/jira/11111111-2222-3333-4444-555555555555"


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        (HOST, HOST),
        (f"{HOST}/", HOST),
        (f"{HOST}///", HOST),
        (f" {HOST} ", HOST),
        (f"{HOST}/jira", f"{HOST}/jira"),
        (f"{HOST}/tools/jira/", f"{HOST}/tools/jira"),
        (f"{HOST}/issues", f"{HOST}/issues"),  # a whole Jira may stand there
        ("http://127.0.0.1:8080/jira", "http://127.0.0.1:8080/jira"),
        ("http://[::1]:8080", "http://[::1]:8080"),
        ("http://jira:8080", "http://jira:8080"),
        (f"{GATE}/", GATE),
    ],
)
def test_a_base_address_is_taken(given, taken):
    assert base_address(given) == taken


@pytest.mark.parametrize(
    ("page", "right"),
    [
        (f"{HOST}/browse/K8S-1", HOST),
        (f"{HOST}/jira/browse/K8S-1", f"{HOST}/jira"),
        (f"{HOST}/tools/jira/Browse/K8S-1", f"{HOST}/tools/jira"),
        (f"{HOST}/rest/api/3", HOST),
        (f"{HOST}/jira/rest/api/2/", f"{HOST}/jira"),
        (f"{HOST}/rest", HOST),
        (f"{HOST}/secure/Dashboard.jspa", HOST),
        (f"{HOST}/jira/secure/RapidBoard.jspa?rapidView=1", f"{HOST}/jira"),
        (f"{HOST}/projects/K8S/issues", HOST),
        (f"{HOST}/issues/?jql=project=K8S", HOST),
        (f"{HOST}/login.jsp?os_destination=x", HOST),
        (f"{HOST}/plugins/servlet/user-profile", HOST),
        (f"{HOST}/jira/software/c/projects/K8S/boards/1", HOST),  # Cloud under its own domain
        (f"{HOST}/jira#top", f"{HOST}/jira"),
        (f"{CLOUD}/jira", CLOUD),
        (f"{CLOUD}/jira/software/projects/K8S/boards/1", CLOUD),
        (f"{CLOUD}/browse/K8S-1", CLOUD),
        (f"{CLOUD}/wiki/spaces", CLOUD),
        (f"{CLOUD}/rest/api/3/", CLOUD),
        (f"{GATE}/rest/api/3", GATE),
        (GATE.replace("/jira/", "/confluence/"), GATE),
    ],
)
def test_the_right_address_is_suggested_for_a_page(page, right):
    with pytest.raises(PydanticCustomError) as caught:
        base_address(page)
    assert str(caught.value).endswith(f" {right}")
    assert "?" not in str(caught.value)
    assert base_address(right) == right


@pytest.mark.parametrize(
    "text",
    ["jira.example.com", "https://", "https://[", f"{HOST}:port", f"https://{HOST}", "ftp://x", 7],
)
def test_what_is_no_address_is_told_so(text):
    with pytest.raises(PydanticCustomError, match="is not a web address"):
        base_address(text)


def test_a_gateway_without_a_site_says_where_its_id_is():
    with pytest.raises(PydanticCustomError, match=r"names no site.*tenant_info"):
        base_address("https://api.atlassian.com/")


@pytest.mark.parametrize(
    "host", ["bot:s3cr3t@jira.example.com", "bot%3As3cr3t%40jira", "bot%253As3cr3t%2540jira"]
)
def test_a_password_in_the_address_is_not_repeated(host):
    with pytest.raises(PydanticCustomError, match="not shown here") as caught:
        base_address(f"https://{host}")
    assert "s3cr3t" not in str(caught.value)
