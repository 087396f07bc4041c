"""What if: sliders on the page of a quarter, the same in the API, and what cannot be asked."""

import re
from datetime import date

import pytest

from telemetry.words.days import day
from tests.web.test_web_flow import text_of

SPANS = re.compile(r"<span>(.*?)</span>(?= <span>|$)")
API = "/api/v1/teams/k8s/quarters/"
PAGE = "/teams/k8s/quarters/"
ASKED = {
    "capacity_change_percent": "20",
    "impediment_share_percent": "5",
    "scope_change_points": "-4.5",
    "security_coefficient": "0.2",
}


def block(page):
    return page[page.index('id="what-if"') : page.index('aria-labelledby="roadmap-title"')]


def sliders(page):
    rows = re.findall(r'<input type="range"[^>]*>', block(page))
    return {
        values["name"]: values
        for row in rows
        if (values := dict(re.findall(r'(\S+)="([^"]*)"', row)))
    }


def compared(page):
    rows = re.findall(r"<tr[^>]*><th scope=\"row\">(.*?)</tr>", block(page), re.DOTALL)
    cells = [re.split(r"</t[hd]><td[^>]*>|</td>", row) for row in rows]
    return {label: tuple(values[:3]) for label, *values in cells}


def test_untouched_sliders_stand_where_things_are(client):
    page = client.get(PAGE + "current").text
    found = sliders(page)
    assert list(found) == list(ASKED)
    assert [one["value"] for one in found.values()] == ["0", "10", "0", "0.1"]
    assert all(one["value"] == one["data-usual"] for one in found.values())
    assert all(now == then and not change for now, then, change in compared(page).values())
    assert "quarter.js" in page
    assert "noindex" not in page


def test_what_is_asked_for_is_computed_and_said(client):
    answer = client.get(PAGE + "current", params=ASKED)
    page, text = answer.text, text_of(block(answer.text))
    assert '<meta name="robots" content="noindex">' in page
    assert {name: one["value"] for name, one in sliders(page).items()} == ASKED
    assert sliders(page)["scope_change_points"]["step"] == "any"
    for said in ("20 % more capacity", "5 % of the time lost", "4.5 points less scope"):
        assert said in text
    api = client.get(API + "current", params=ASKED).json()
    would, was = api["what_if"], api
    assert would["remaining_points"] == was["remaining_points"] - 4.5
    assert would["security_coefficient"] == 0.2
    assert would["usual_impediment_share_percent"] == 10
    assert would["reason"] is None
    assert set(would["forecast"]) == {"probability_percent", "dates", "done_by_end"}
    left = compared(page)["Left to do"]
    assert left[:2] == ("29", "24.5")
    assert left[2].startswith("−4.5")
    assert api["forecast"]["dates"]["85"] == "2026-07-10"  # what is said stays as it is


def test_each_open_epic_has_its_days_under_the_change_beside_those_that_are_told(client):
    assert "when would" not in client.get(PAGE + "current").text
    api = client.get(API + "current", params=ASKED).json()
    told = {one["key"]: one["forecast"]["dates"] for one in api["what_if"]["epics"]}
    assert list(told) == [one["key"] for one in api["epics"] if one["key"] in told]
    assert len(told) == sum(one["total_points"] > one["done_points"] for one in api["epics"]) > 1
    page = client.get(PAGE + "current", params=ASKED).text
    roadmap = page[page.index('id="roadmap"') :]
    rows = re.findall(r'<td class="num when would( changed)?">(.*?)</td>', roadmap)
    assert len(rows) == len(api["epics"]) + 1  # and all together
    for (_, cell), one in zip(rows, api["epics"], strict=False):
        days = [date.fromisoformat(on) if on else None for on in told.get(one["key"], {}).values()]
        said = [day(on, date(2026, 1, 1)) if on else "–" for on in days[:2]]
        assert [text_of(part).split(" ■")[0].strip() for part in SPANS.findall(cell)] == said
    assert "shared out by what each epic has left" in text_of(roadmap)
    nothing = client.get(API + "current?capacity_change_percent=0").json()
    assert all("forecast" in one for one in nothing["what_if"]["epics"])
    over = client.get(API + "Q1-26", params=ASKED).json()["what_if"]
    assert over["epics"] == []


def test_a_slider_reaches_what_is_asked_for(client):
    page = client.get(PAGE + "current?scope_change_points=5000&capacity_change_percent=-80").text
    found = sliders(page)
    assert found["scope_change_points"]["max"] == "5000"
    assert found["capacity_change_percent"]["min"] == "-80"


@pytest.mark.parametrize(
    "asked",
    [
        "capacity_change_percent=-101",
        "capacity_change_percent=201",
        "capacity_change_percent=lots",
        "capacity_change_percent=",
        "impediment_share_percent=-1",
        "impediment_share_percent=100.1",
        "scope_change_points=1e9",
        "scope_change_points=nan",
        "scope_change_points=-inf",
        "security_coefficient=1.5",
        "security_coefficient=-0.1",
        "security_coefficient=50%25",
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(client, asked):
    name = asked.partition("=")[0]
    answer = client.get(API + f"current?{asked}")
    assert answer.status_code == 422
    assert answer.json()["detail"].lower().startswith(f"{name}: input should be")
    assert client.get(PAGE + f"current?{asked}").status_code == 422


@pytest.mark.parametrize(
    ("asked", "why"),
    [("Q1-26", "The quarter is over"), ("Q3-26", "The quarter has not begun")],
)
def test_of_what_does_not_run_nothing_can_be_changed(client, asked, why):
    page = client.get(PAGE + asked).text
    assert not sliders(page)
    assert why in text_of(block(page))
    found = client.get(API + asked, params=ASKED).json()["what_if"]
    assert found["reason"].startswith(why)
    assert (found["forecast"], found["remaining_points"]) == (None, None)


@pytest.mark.parametrize("key", ["support", "empty"])
def test_of_a_team_without_a_forecast_why_is_said(client, key):
    page = client.get(f"/teams/{key}/quarters/current").text
    assert not sliders(page)
    assert "Nothing is forecast" in text_of(block(page))


def test_another_change_is_another_answer(client):
    tags = {
        client.get(PAGE + "current" + query).headers["etag"]
        for query in ("", "?capacity_change_percent=0", "?capacity_change_percent=10")
    }
    assert len(tags) == 3


def ticks(page):
    rows = re.findall(r'<input type="checkbox" name="epic" value="([^"]*)"[^>]*?( checked)?>', page)
    return {key: bool(checked) for key, checked in rows}


def test_chosen_epics_have_a_burnup_of_their_own_beside_what_is_changed(client):
    plain = client.get(PAGE + "current").text
    assert not any(ticks(plain).values())
    assert 'id="chosen"' not in plain
    asked = {"epic": ["K8S-2012", "K8S-2014", "K8S-404"], "scope_change_points": "4"}
    page = client.get(PAGE + "current", params=asked).text
    assert [key for key, is_on in ticks(page).items() if is_on] == ["K8S-2012", "K8S-2014"]
    assert "Points done and scope of K8S-2012, K8S-2014" in text_of(page)
    figure = page[page.index('id="chosen"') :]
    assert '"name":"scope"' in figure[: figure.index("</script>")]
    assert '<input type="hidden" name="scope_change_points" value="4">' in page
    assert block(page).count('name="epic"') == 2  # the sliders' form keeps the choice
    assert 'href="?scope_change_points=4#roadmap"' in page
    assert 'href="?epic=K8S-2012&amp;epic=K8S-2014#what-if"' in page


@pytest.mark.parametrize("asked", [{"epic": "K8S-404"}, {"epic": ""}, {"epic": "<b>"}])
def test_what_is_no_epic_of_the_quarter_is_not_chosen(client, asked):
    page = client.get(PAGE + "current", params=asked).text
    assert not any(ticks(page).values())
    assert '<b>"' not in page


def test_epics_without_estimates_have_no_burnup(client):
    page = client.get(PAGE + "current", params={"epic": "K8S-2015"}).text
    assert "Nothing of them was estimated in the quarter." in text_of(page)


def test_too_many_choices_are_refused(client):
    assert client.get(PAGE + "current?" + "epic=x&" * 1_001).status_code == 422
    assert client.get(PAGE + "current?epic=" + "x" * 256).status_code == 422


def test_each_thing_that_moves_the_date_is_told(client):
    page = text_of(client.get(PAGE + "current").text)
    for said in (
        "What is left",
        "Scope grown since",
        "What usually drops out until the end",
        "Velocity up lately",
        "2.6 to 2.9 points a working day",
        "Issues without an estimate",
        "Dependencies not done",
        "Impediments and off-plan work, more than usual",
    ):
        assert said in page
    drivers = client.get(API + "current").json()["forecast"]["drivers"]
    assert drivers[-1] == {
        "kind": "lost",
        "working_days": 2,
        "points": None,
        "usual": 14,
        "now": 23,
    }
