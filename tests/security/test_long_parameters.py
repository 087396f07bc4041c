"""Texts without end in an address, a form or a header: none is searched, kept or shown."""

from functools import partial
from urllib.parse import quote

import pytest
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from tests.web.fake_reports import FakeReports
from tests.web.invented import NOW
from web.app import create_app
from web.http.access import AccessGate
from web.http.answers import ENTRY_BYTES, Remembered
from web.http.webhooks import Hooks


def described():
    """The description of all routes, those of pages and webhooks as well."""
    app = create_app(
        FakeReports(),
        access_token=None,
        allowed_hosts=(),
        clock=lambda: NOW,
        hooks=Hooks(None, None),
    )
    routes = list(_routes(app.routes))
    for route in routes:
        route.include_in_schema = True
    return get_openapi(title="all", version="1", routes=routes)


def _routes(found):
    for route in found:
        if isinstance(route, APIRoute):
            yield route
        elif router := getattr(route, "original_router", None):
            yield from _routes(router.routes)


PARAMETERS = [
    (f"{method.upper()} {path}", one)
    for path, methods in described()["paths"].items()
    for method, operation in methods.items()
    for one in operation.get("parameters", [])
]


def is_bounded(schema) -> bool:
    if "anyOf" in schema:
        return all(is_bounded(one) for one in schema["anyOf"])
    if schema.get("type") == "array":
        return "maxItems" in schema and is_bounded(schema["items"])
    if schema.get("type") in ("integer", "number"):
        has_end = {"maximum", "exclusiveMaximum"} & schema.keys()
        return bool(has_end and {"minimum", "exclusiveMinimum"} & schema.keys())
    return bool(
        {"maxLength", "enum", "const"} & schema.keys()
        or schema.get("type") == "null"
        or ("pattern" in schema and not set("*+{.") & set(schema["pattern"]))
    )


@pytest.mark.parametrize(
    ("where", "one"), PARAMETERS, ids=[f"{where} {one['name']}" for where, one in PARAMETERS]
)
def test_every_parameter_has_an_end(where, one):
    assert is_bounded(one["schema"]), f"{where}: {one}"


def test_the_routes_that_were_walked_are_all_there_are():
    places = {one["in"] for _, one in PARAMETERS}
    paths = {where.partition(" ")[2] for where, _ in PARAMETERS}
    assert places == {"path", "query", "header"}
    assert {"/teams/{key}", "/api/v1/teams/{team}/time", "/hooks/jira/{site}", "/events"} <= paths


@pytest.mark.parametrize("path", ["/", "/go", "/wall", "/teams/k8s", "/sign-in", "/runs"])
def test_a_text_of_thousands_of_letters_is_a_wrong_parameter_or_ignored(client, path):
    for name in ("q", "team", "teams", "issues", "impediments", "next", "before", "started"):
        if (path, name) == ("/wall", "teams"):  # its list of teams may be long
            continue
        answer = client.get(f"{path}?{name}={'x' * 7000}")
        assert answer.status_code in (200, 303, 422)
        assert "x" * 301 not in answer.text


@pytest.mark.parametrize("path", ["/teams/{}", "/api/v1/teams/{}/time", "/teams/{}/flow"])
def test_a_team_of_thousands_of_letters_is_refused(client, path):
    assert client.get(path.format("x" * 7000)).status_code == 422


def test_signing_in_leads_to_no_address_of_thousands_of_letters(locked):
    answer = locked.get("/teams/k8s?issues=" + quote("ü" * 1200))
    assert answer.headers["location"] == "/sign-in"
    given = {"token": "open-sesame", "next": "/" + "x" * 3000}
    assert locked.post("/sign-in", data=given).headers["location"] == "/"


def test_a_token_of_thousands_of_letters_is_a_wrong_one():
    gate = AccessGate("secret", lambda: NOW)
    assert not gate.lets_in("s" * 60_000, None)
    assert not gate.guesses.another("192.0.2.1", "s" * 60_000)
    assert not gate.is_session("s" * 60_000)


def test_pages_kept_of_many_addresses_weigh_no_more_than_they_may():
    kept = Remembered[bytes](1_000_000, lambda body: len(body) + ENTRY_BYTES)
    for n in range(2_000):
        kept.get(("/teams/k8s/flow", n), partial(bytes, (n % 7) * 10_000))
    weights = [len(entry.made[0]) + ENTRY_BYTES for entry in kept._entries.values()]
    assert sum(weights) <= 1_000_000
    assert len(weights) <= 250
