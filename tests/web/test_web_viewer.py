"""Numbers are written with the decimal sign of whoever reads them."""

import re

import pytest

from tests.web.test_web_links import PAGES
from web.http.viewer import Viewer, wanted_locale

DECIMALS = re.compile(r"(?<![\w.,/:-])\d+\.\d+(?![\w.])")
GERMAN = {"Accept-Language": "de-DE,de;q=0.9,en;q=0.8"}


@pytest.mark.parametrize(
    ("asked", "sign"),
    [
        ("", "."),
        ("en-GB,en;q=0.9", "."),
        ("de-DE,de;q=0.9,en;q=0.8", ","),
        ("fr", ","),
        ("fr-CA;q=0.7, en-US;q=0.9", "."),
        ("xx-nonsense, *, pt-BR", ","),
        ("de;q=0, en", "."),
        ("fa", "."),  # its own sign is for its own digits
        ("de;q=much", "."),
        (";;;,,,=", "."),
        ("de" * 5000, "."),
    ],
)
def test_the_sign_is_that_of_the_language_wanted_most(asked, sign):
    assert Viewer(False, wanted_locale(asked)).decimal_sign == sign


def shown(text):
    """What a reader sees: no scripts, no tags."""
    without = re.sub(r"<(script|svg)\b.*?</\1>", " ", text, flags=re.S)
    return re.sub("<[^>]*>", " ", without)


@pytest.mark.parametrize("path", ["/", "/teams/k8s", "/teams/k8s/impediments", "/wall?teams=k8s"])
def test_a_page_is_written_for_its_reader_and_again_for_the_next(client, path):
    plain = client.get(path).text
    german = client.get(path, headers=GERMAN).text
    assert DECIMALS.search(shown(plain))
    assert DECIMALS.findall(shown(german)) == []
    assert re.search(r"\d,\d", shown(german))
    assert client.get(path).text == plain
    assert client.get(path, headers=GERMAN).text == german


@pytest.mark.parametrize("path", PAGES)
def test_no_page_keeps_a_point_for_a_reader_who_writes_a_comma(client, path):
    assert DECIMALS.findall(shown(client.get(path, headers=GERMAN).text)) == []


def test_what_one_reader_has_is_not_taken_for_what_another_should_get(client):
    first = client.get("/teams/k8s")
    tag = first.headers["etag"]
    assert "Accept-Language" in first.headers["vary"]
    again = client.get("/teams/k8s", headers={"If-None-Match": tag})
    assert again.status_code == 304
    assert "Accept-Language" in again.headers["vary"]
    assert client.get("/teams/k8s", headers=GERMAN | {"If-None-Match": tag}).status_code == 200


def test_charts_are_told_the_sign_and_the_api_keeps_to_json(client):
    assert '<html lang="en" data-decimal=",">' in client.get("/teams/k8s", headers=GERMAN).text
    path = "/api/v1/teams/k8s/sprints/current"
    assert client.get(path, headers=GERMAN).json() == client.get(path).json()
