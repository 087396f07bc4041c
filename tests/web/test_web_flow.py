"""The page and the API of a team's flow, over invented items."""

import re
from itertools import pairwise

import plotly.graph_objects as go
import pytest

from tests.web.invented_flow import LYING
from web.pages.flow import chart as charts

FLOW = "/api/v1/teams/k8s/flow"
PAGE = "/teams/k8s/flow"


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))


def leads(page: str) -> list[str]:
    return [text_of(one) for one in re.findall(r'<p class="lead">(.*?)</p>', page)]


def test_the_api_has_the_keys_of_its_description(client):
    answer = client.get(FLOW).json()
    figures = {
        "type",
        "done_count",
        "never_begun_count",
        "in_progress_count",
        "late_count",
        "cycle_days",
        "lead_days",
    }
    assert set(answer) == figures | {"as_of", "types", "throughput", "in_progress", "cumulative"}
    assert answer["as_of"] == "2026-05-06T13:04:00Z"
    assert set(answer["types"][0]) == figures
    assert set(answer["throughput"][0]) == {"start_on", "day_count", "done_count"}
    assert set(answer["cumulative"][0]) == {
        "day",
        "todo_count",
        "in_progress_count",
        "done_count",
    }
    assert set(answer["in_progress"][0]) == {
        "key",
        "summary",
        "url",
        "type",
        "status",
        "column",
        "started_at",
        "age_days",
        "passed",
    }
    assert set(answer["cycle_days"]) == {"50", "85", "95"}


def test_ninety_days_to_as_of_are_shown_where_none_are_asked_for(client):
    days = client.get(FLOW).json()["cumulative"]
    assert (len(days), days[0]["day"], days[-1]["day"]) == (90, "2026-02-06", "2026-05-06")


def test_the_parts_of_the_api_agree(client):
    answer = client.get(FLOW).json()
    assert sum(week["done_count"] for week in answer["throughput"]) == answer["done_count"]
    assert sum(one["done_count"] for one in answer["types"]) == answer["done_count"]
    assert answer["cumulative"][-1]["done_count"] == answer["done_count"]
    assert answer["cumulative"][-1]["in_progress_count"] == answer["in_progress_count"] == LYING


def test_one_type_alone_can_be_asked_for(client):
    answer = client.get(FLOW, params={"type": "Bug <b>"}).json()
    [same] = [one for one in answer["types"] if one["type"] == "Bug <b>"]
    assert {name: answer[name] for name in same} == same
    assert {one["type"] for one in answer["in_progress"]} == {"Bug <b>"}


def test_few_items_have_no_percentiles_and_unknown_is_null(client):
    answer = client.get("/api/v1/teams/metal/flow").json()
    assert (answer["done_count"], answer["cycle_days"], answer["late_count"]) == (3, None, None)
    empty = client.get("/api/v1/teams/empty/flow").json()
    assert (empty["as_of"], empty["cumulative"]) == (None, [])


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("from=2026-05-02&to=2026-05-01", "from: is after `to` (2026-05-01)"),
        ("from=2010-05-02&to=2026-05-01", "from: is more than ten years before `to`"),
        ("from=0001-01-01&to=0001-01-02", "to: is not from 1990-01-01 to 2199-12-31"),
        ("to=9999-12-31", "to: is not from 1990-01-01 to 2199-12-31"),
        ("from=yesterday", "from: Input should be a valid date"),
        ("type=" + 300 * "x", "type: String should have at most 255 characters"),
    ],
)
@pytest.mark.parametrize("path", [FLOW, PAGE])
def test_days_that_make_no_sense_are_named(client, path, asked, said):
    answer = client.get(f"{path}?{asked}")
    assert answer.status_code == 422
    if path == FLOW:
        assert said.lower() in answer.json()["detail"].lower()
    else:  # what stands between backticks is set as code
        assert said.lower().replace("`", "") in text_of(answer.text).lower()


def test_page_and_api_know_a_repeated_request(client):
    for path in (FLOW, PAGE, PAGE + "?type=Story"):
        first = client.get(path)
        again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
        assert (first.status_code, again.status_code) == (200, 304)


def test_an_unknown_team_is_not_found(client):
    assert client.get("/api/v1/teams/nobody/flow").status_code == 404
    assert client.get("/teams/nobody/flow").status_code == 404


def test_a_sentence_leads_each_block(client):
    assert leads(client.get(PAGE).text) == [
        "14 items are in progress, 3 for longer than 85 of 100 took; the oldest is K8S-100, "
        "in progress for 30 days.",
        "Of 60 items done, 85 of 100 took at most 9.4 days from first in progress to done; "
        "half took at most 5.4 days.",
        "60 items were done, 4.8 a week; 14 are not done at the end, 6 more than on Fri 6 Feb.",
    ]


def test_fewer_than_five_items_have_a_sentence_in_place_of_percentiles(client):
    page = client.get("/teams/metal/flow").text
    assert leads(page)[1] == (
        "3 items were done in these days, all with a known cycle time: percentiles need at least 5."
    )
    assert "No item is in progress." in leads(page)[0]
    assert 'title="fewer than five items">–<' in page


def test_a_team_without_items_is_told_so(client):
    page = client.get("/teams/support/flow").text
    assert leads(page)[1] == "No item was done in these days."
    assert "There is no item in these days." in page
    assert "data-plot" not in page


def test_before_the_first_pull_nothing_is_known(client):
    assert "the first pull of this team has not ended" in client.get("/teams/empty/flow").text


def test_the_address_holds_days_and_type(client):
    page = client.get(PAGE, params={"from": "2026-04-01", "to": "2026-05-06", "type": "Bug <b>"})
    shown = page.text
    assert "Wed 1 Apr – Wed 6 May 2026, Bug &lt;b&gt; only" in shown
    assert 'name="from" value="2026-04-01"' in shown
    assert "<option selected>Bug &lt;b&gt;</option>" in shown
    assert 'href="?from=2026-04-07&amp;to=2026-05-06&amp;type=Bug+%3Cb%3E">30 days<' in shown
    assert leads(shown)[0].startswith("5 items of type Bug &lt;b&gt; are in progress")


def test_a_type_that_no_item_has_stays_chosen(client):
    shown = client.get(PAGE, params={"type": "Spike"}).text
    assert "No item of type Spike was done in these days." in text_of(shown)
    assert "<option selected>Spike</option>" in shown


def test_the_window_shown_is_marked(client):
    assert re.findall(r'aria-current="true">([^<]+)</a>', client.get(PAGE).text)[-3:] == [
        "90 days",
        "all",
        "all",
    ]


def test_each_issue_links_to_jira_and_what_jira_says_is_escaped(client):
    page = client.get(PAGE).text
    assert 'href="https://jira.example.com/browse/K8S-100" rel="noreferrer">' in page
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
    assert "Bug <b>" not in page


def test_the_oldest_come_first_and_a_long_list_folds(client):
    page = client.get(PAGE).text
    shown, _, folded = page.partition('id="in-progress-rest"')
    keys = re.compile(r'/browse/K8S-(1\d\d)" rel="noreferrer"><span')
    assert [int(n) for n in keys.findall(shown)] == list(range(100, 110))
    assert f"<summary>{LYING - 10} more items in progress</summary>" in folded
    assert "■ </span>past 95 of 100" in shown
    assert "In Progress <span" in shown


def test_what_never_was_in_progress_is_counted_and_not_drawn_as_zero(client):
    page = client.get(PAGE).text
    assert "6 items went to done without being in progress: their cycle time is unknown." in page
    assert 'title="it was never in progress">–<' in page
    assert "sub-tasks and epics are not" in page


def test_the_tab_leads_here(client):
    tabs = re.search(r'<nav class="tabs".*?</nav>', client.get(PAGE).text, re.S)[0]
    assert 'href="/teams/k8s/flow" aria-current="page">Flow<' in tabs
    assert tabs.count("aria-current") == 1
    assert 'href="/teams/k8s/flow">Flow<' in client.get("/teams/k8s").text


def figures(reports, team="k8s", **days):
    from datetime import date
    from zoneinfo import ZoneInfo

    zone, first, last = ZoneInfo("Europe/Paris"), date(2026, 2, 6), date(2026, 5, 6)
    found = reports.flow(team, first, last)
    span = charts.flow_span(zone, first, last, last)
    cycle = charts.scatter(
        found.done, lambda item: item.cycle_days, found.whole.cycle_days, span, "cycle"
    )
    weekly = charts.weekly(found.weeks, [""] * len(found.weeks), zone, 5.0, last)
    return cycle, weekly, charts.bands(found.days, zone, last)


def test_charts_are_figures_that_plotly_knows(reports):
    cycle, weekly, bands = figures(reports)
    for figure in (cycle.figure, weekly, bands):
        layout = {k: v for k, v in figure["layout"].items() if k != "meta"}
        go.Figure(data=plain(figure["data"]), layout=plain(layout))


def plain(value):
    """The figure with any colour in place of its roles, as the page resolves them."""
    if isinstance(value, str):
        return "#123456" if value.startswith("@") else value
    if isinstance(value, list):
        return [plain(one) for one in value]
    return {k: plain(v) for k, v in value.items()} if isinstance(value, dict) else value


def test_what_took_very_long_stands_at_the_upper_edge_and_is_named(reports, client):
    cycle, _, _ = figures(reports)
    inside, beyond = cycle.figure["data"]
    assert (cycle.beyond_count, len(beyond["x"])) == (1, 1)
    assert max(inside["y"]) < cycle.figure["layout"]["yaxis"]["range"][1] < cycle.longest_days
    assert "△ 1 item took longer than the axis shows, up to 68.4 days." in client.get(PAGE).text


def test_lines_that_lie_together_share_a_label(reports):
    cycle, _, _ = figures(reports)
    notes = cycle.figure["layout"]["annotations"]
    heights = [note["y"] for note in notes]
    top = cycle.figure["layout"]["yaxis"]["range"][1]
    assert len(cycle.figure["layout"]["shapes"]) == 3
    assert all(a - b >= 14 / 330 * top for a, b in pairwise(heights))


def test_the_bands_stack_to_all_items_and_a_cut_week_is_lighter(reports):
    _, weekly, bands = figures(reports)
    assert [trace["name"] for trace in bands["data"]] == ["done", "in progress", "to do"]
    colours = weekly["data"][0]["marker"]["color"]
    assert (colours[0], colours[1], colours[-1]) == ("@plan-mid", "@plan", "@plan-mid")


def test_what_there_is_nothing_of_has_no_chart(reports):
    assert figures(reports, "support") == (None, None, None)
