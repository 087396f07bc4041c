"""The page and the API of what came instead, over invented figures."""

import html
import json
import re

import plotly.graph_objects as go
import pytest

from tests.web.invented import TODAY
from tests.web.test_web_figures import resolved
from web.pages.impediments.chart import (
    Axis,
    time_over,
)

PAGE = "/teams/k8s/impediments"


def text_of(page: str) -> str:
    bare = re.sub(r"<script.*?</script>|<span popover.*?</span></span>", "", page, flags=re.S)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", bare)).split())


def leads(client, path: str) -> list[str]:
    found = re.findall(r'<p class="lead">(.*?)</p>', client.get(path).text, re.S)
    return [text_of(one).replace("\u202f", " ") for one in found]


def charts(page: str) -> list[dict]:
    return [
        json.loads(one)
        for one in re.findall(r'<script type="application/json">(.*?)</script>', page, re.S)
    ]


def test_each_block_leads_with_its_figures(client):
    what, when, where, still_open, back = leads(client, PAGE)
    assert what.startswith(
        "10 impediments took 38 h in Sprint 27 so far; the 6 sprints before lost 6.3 h each."
    )
    assert "support comes most often, but incident costs most" in what
    assert when == "Wed 29 Apr was the worst day: 11.5 h, mostly incident."
    assert where.endswith("impediments took most in Sprint 27, 13 %.")
    assert still_open.startswith(
        "3 impediments are open, the oldest, K8S-2318, for 8 working days. Closing one in "
        "Sprint 27 so far took 16.8 h, against 21.5 h in the 6 sprints before (medians)."
    )
    assert back == "All 4 impediments are of 1 kind that comes back, and took 30 h."


def test_natures_stand_by_cost_with_the_sum_of_shares_as_text(client):
    table = client.get(PAGE).text.partition('class="natures pareto"')[2].partition("</table>")[0]
    rows = re.findall(r"<tr>\s*<th scope=\"row\".*?</tr>", table, re.S)
    shown = [text_of(row).replace("\u202f", " ") for row in rows if "<a" in row]
    assert [row.split()[0] for row in shown] == [
        "incident",
        "support",
        "dependency",
        "environment",
        "unknown",
    ]
    assert [row.split(" ", 1)[1][-11:].split()[-2] for row in shown] == [
        "46",
        "75",
        "91",
        "97",
        "100",
    ]


def test_peak_days_are_named_with_their_issues(client):
    shown = text_of(client.get(PAGE).text).replace("\u202f", " ")
    assert "Wed 29 Apr: 11.5 h, mostly incident: K8S-2326, K8S-2334" in shown


@pytest.mark.parametrize("by", ["day", "week", "sprint"])
def test_the_charts_are_what_plotly_accepts(client, by):
    for team in ("k8s", "chinese", "support", "identity"):
        found = charts(client.get(f"/teams/{team}/impediments?by={by}").text)
        assert found
        for figure in found:
            assert go.Figure(resolved(figure)).data


def test_the_address_holds_what_is_shown(client):
    page = client.get(PAGE + "?over=3&by=week&sprint=24&nature=support").text
    for wanted in ("over=1&amp;by=week&amp;sprint=24", "over=3&amp;by=day&amp;sprint=24"):
        assert wanted in page
    assert "of nature support" in page
    assert "The 3 sprints before" in page
    assert re.search(r'aria-current="true">week<', page)


@pytest.mark.parametrize("query", ["over=0", "over=13", "by=month", "sprint=x"])
def test_a_wrong_address_is_told(client, query):
    assert client.get(f"{PAGE}?{query}").status_code == 422


def test_natures_in_chinese_have_their_colours_and_links(client):
    page = client.get("/teams/chinese/impediments").text
    assert "网络" in text_of(page)
    assert 'class="swatch n-1"' in page
    assert "nature=%E7%BD%91%E7%BB%9C" in page


def test_a_team_without_impediments_is_told_so(client):
    page = client.get("/teams/first/impediments")
    shown = text_of(page.text)
    assert "No impediment came up in Sprint 31 so far" in shown
    assert "No hours were logged on impediments in this time." in shown
    assert "No impediment was opened or worked on." in shown


def test_a_team_that_logs_no_time_gets_open_days_and_is_told(client):
    page = client.get("/teams/identity/impediments").text
    shown = text_of(page)
    assert "This team logged no time" in shown
    assert "how many working days impediments were open, not hours" in shown
    assert "working days together in 2026-18 so far" in shown
    assert "Where the hours went" not in shown
    assert "Open days" in shown
    [chart] = charts(page)
    assert "h" not in chart["layout"]["yaxis"].get("ticksuffix", "")


def test_the_sprint_page_of_a_team_that_logs_no_time_shows_open_days(client):
    shown = text_of(client.get("/teams/identity").text)
    assert "Impediments open each working day, by nature" in shown
    assert "No time was logged, so days open stand here instead of hours." in shown
    assert "Impediment hours each day" not in shown


def test_the_sprint_page_leads_to_the_impediments_of_its_sprint(client):
    assert 'href="/teams/k8s/impediments"' in client.get("/teams/k8s").text
    assert 'href="/teams/k8s/impediments?sprint=24"' in client.get("/teams/k8s/sprints/24").text


def test_nothing_is_known_before_the_first_pull(client):
    page = client.get("/teams/empty/impediments")
    assert page.status_code == 200
    assert "Nothing is known yet." in page.text
    answer = client.get("/api/v1/teams/empty/impediments/report").json()
    assert (answer["this"], answer["before"], answer["recurring"]) == (None, None, [])


def test_what_jira_says_is_text(client):
    page = client.get(PAGE).text
    assert "alert('x')" not in page
    assert "waits for &lt;the&gt; network team" in page


def test_the_api_has_the_same(client):
    answer = client.get("/api/v1/teams/k8s/impediments/report?over=3&sprint=24").json()
    assert answer["as_of"] == "2026-05-06T13:04:00Z"
    assert answer["sprint"] == {"id": 24, "name": "Sprint 24"}
    assert (answer["logs_time"], answer["before"]["parts"]) == (True, 3)
    first, *_, last = answer["this"]["by_nature"]
    assert (first["nature"], last["cumulative_percent"]) == ("incident", pytest.approx(100))
    assert answer["peaks"][0]["issue_keys"] == ["K8S-2326", "K8S-2334"]
    assert answer["open"][0]["key"] == "K8S-2318"
    assert answer["recurring"][0]["count"] == 4
    assert client.get("/api/v1/teams/k8s/impediments/report?sprint=x").status_code == 404
    assert client.get("/api/v1/teams/nobody/impediments/report").status_code == 404


def test_page_and_api_know_a_repeated_request(client):
    for path in (PAGE, "/api/v1/teams/k8s/impediments/report"):
        first = client.get(path)
        again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
        assert (first.status_code, again.status_code) == (200, 304)


def test_long_names_of_sprints_give_way_to_their_first_days():
    from datetime import date
    from zoneinfo import ZoneInfo

    from tests.web.invented import shares

    rows = shares()
    starts = [date(2026, 1, 5)] * len(rows)
    short = Axis("sprint", ZoneInfo("UTC"), starts, ["S <1>"] * len(rows), TODAY)
    long = Axis("sprint", ZoneInfo("UTC"), starts, ["Container Registry 2026"] * len(rows), TODAY)
    ticks = [time_over(rows, one, has_sprints=True)["layout"]["xaxis"] for one in (short, long)]
    assert ticks[0]["ticktext"][0] == "S &lt;1>"
    assert ticks[1]["ticktext"][0] == "5 Jan"


DAYS = "/teams/k8s/impediments?from=2026-04-01&to=2026-04-20"


def test_any_days_can_be_asked_for(client):
    answer = client.get(DAYS)
    assert answer.status_code == 200
    text = re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", "", answer.text)))
    assert "Wed 1 Apr – Mon 20 Apr 2026" in text
    assert " in these 20 days; the 20 days before lost " in text
    assert "In these days support comes most often" in text
    assert "3 impediments were open at the end of these days, the oldest, " in text
    assert "The impediments of these days" in text
    assert 'name="from" value="2026-04-01"' in answer.text
    assert "from=2026-04-01&amp;to=2026-04-20" in answer.text  # kept by the other choices
    assert "The current sprint, and what was before" in text
    assert "/impediments/report?from=2026-04-01&amp;to=2026-04-20" in answer.text


def test_one_day_end_is_enough(client):
    text = client.get("/teams/k8s/impediments?to=2026-04-20").text
    assert 'name="from" value="2026-01-21"' in text
    text = client.get("/teams/k8s/impediments?from=2026-04-20").text
    assert 'name="to" value="2026-05-06"' in text


def test_a_team_that_was_never_pulled_has_no_days(client):
    answer = client.get("/teams/empty/impediments?from=2026-04-01")
    assert answer.status_code == 200
    assert "Nothing is known yet" in answer.text


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("from=2026-04-20&to=2026-04-01", "from: is after to (2026-04-01)"),
        ("from=2027-01-01", "from: is after 2026-05-06, the last day that is known"),
        ("from=2010-01-01&to=2026-01-01", "from: is more than ten years before to"),
        ("from=2026-02-30", "from: input should be a valid date"),
        ("from=tomorrow", "from: input should be a valid date, such as 2026-03-04"),
        ("to=", "to: input should be a valid date"),
        ("to=1900-01-01", "to: is not from 1990-01-01 to 2199-12-31"),
        ("sprint=27&from=2026-04-01", "sprint: cannot be asked for together with days"),
    ],
)
@pytest.mark.parametrize("path", ["/teams/k8s/impediments", "/api/v1/teams/k8s/impediments/report"])
def test_days_that_make_no_sense_are_named(client, path, asked, said):
    answer = client.get(f"{path}?{asked}")
    assert answer.status_code == 422
    text = re.sub(r"<[^>]+>|`", "", html.unescape(answer.text)).lower()
    assert said in text


def test_the_api_reports_any_days(client):
    answer = client.get("/api/v1/teams/k8s/impediments/report?from=2026-04-01&to=2026-04-20")
    assert answer.status_code == 200
    found = answer.json()
    assert (found["sprint"], found["this"]["label"]) == (None, "These 20 days")
    assert found["before"]["label"] == "The 20 days before"
