"""Nouns go with their numbers on every page, whichever the numbers are."""

import re
from html import unescape

import pytest

PAGES = (
    "/",
    "/runs",
    "/teams/k8s",
    "/teams/k8s/next",
    "/teams/k8s/sprints",
    "/teams/k8s/impediments",
    "/teams/k8s/impediments?from=2026-05-05&to=2026-05-05",
    "/teams/k8s/flow",
    "/teams/k8s/quality",
    "/teams/metal",
    "/teams/security",
    "/teams/empty",
    "/teams/support",
    "/teams/first",
    "/teams/identity",
    "/wall?team=k8s",
)
_ONE_OF_MANY = re.compile(
    r"(?<![\d.,\u202f])1 (points|issues|impediments|sprints|teams|items|days|working days|hours|"
    r"contradictions|kinds|changes|figures|requests|work logs|dates|amounts|alerts|messages)\b"
)
_MANY_OF_ONE = re.compile(
    r"(?<![\d.,\u202f])(0|[2-9]|\d{2,}) (point|issue|impediment|sprint|team|item|day|working day|"
    r"contradiction|kind|change|figure|request|work log|date|amount|alert|message)\b(?! with)"
)


@pytest.mark.parametrize("path", PAGES)
def test_a_noun_goes_with_its_number(client, path):
    body = client.get(path).text
    body = re.sub(r"<(script|style)\b.*?</\1>", " ", body, flags=re.S)
    text = re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", body)))
    wrong = [
        found[0] for pattern in (_ONE_OF_MANY, _MANY_OF_ONE) for found in pattern.finditer(text)
    ]
    assert wrong == []
    assert not re.search(r"(?<!day )\b1 of 1\b|\b0 of 0\b|\bNone\b(?! of| is| was)", text)
