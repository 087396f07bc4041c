"""Sprints and teams with long names: everything stays within its column."""

from dataclasses import replace

import pytest

from tests.browser.looking import NARROW, cut, open_page, turn_to
from tests.depth import parametrize_in_turn
from tests.served import served
from tests.web.fake_reports import FakeReports
from tests.web.invented import NOW

SPRINT = "Container Registry and Artifact Storage, calendar week {} of 2026"
PROGRAM = "n" * 200
TEAM = "{} and everything that belongs to it, Roubaix and Gravelines"

# what ends to the right of the column that holds it, outside of what scrolls by itself
BEYOND = """() => [...document.querySelectorAll('main .wrap *')].filter(one => {
    const isApart = one.closest('.scroll, .away, .pop, .panel, [data-plot], svg');
    if (isApart || !one.checkVisibility()) return false;
    const column = one.parentElement.closest('.main, .side, .block, .wrap');
    return column && one.getBoundingClientRect().right > column.getBoundingClientRect().right + 1;
}).map(one => [one.tagName, one.className, one.textContent.trim().slice(0, 60)])"""


class LongNames(FakeReports):
    def _teams(self):
        return {
            key: (
                replace(row, name=TEAM.format(row.name), sprint=row.sprint and long(row.sprint)),
                tuple(map(long, sprints)),
            )
            for key, (row, sprints) in super()._teams().items()
        }

    def portfolio(self, quarter, now, before=None):
        found, known = super().portfolio(quarter, now, before)
        named = zip((PROGRAM, "东方计划" * 50), found.programs, strict=True)
        return replace(found, programs=tuple(replace(one, name=name) for name, one in named)), known

    def program(self, name, quarter, now):
        found = super().program("Sovereign", quarter, now)
        parts = tuple(replace(one, name=TEAM.format(one.name)) for one in found.teams)
        return replace(found, name=name, teams=parts)


def long(sprint):
    return replace(sprint, name=SPRINT.format(sprint.id))


@pytest.fixture(scope="module")
def url():
    with served(LongNames(), lambda: NOW) as found:
        yield found


@parametrize_in_turn(
    "path",
    [
        "/",
        "/teams/k8s",
        "/teams/security",
        "/teams/k8s/next",
        "/teams/k8s/sprints",
        "/teams/k8s/impediments",
        "/teams/k8s/flow",
        "/teams/k8s/quality",
        "/portfolio",
        "/calibration",
        "/programs",
        f"/programs/{PROGRAM}",
        "/teams/k8s/sprints/91/snapshots",
    ],
    3,
)
def test_long_names_stay_within_their_columns(page, url, path):
    open_page(page, url + path)
    for width in (1440, 1000, 390, NARROW):
        turn_to(page, "light", width)
        assert page.evaluate(BEYOND) == [], width
        assert cut(page) == [], width
