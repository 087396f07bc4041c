"""Invented contradictions of every kind, for the page and the API."""

from dataclasses import replace
from datetime import timedelta

from telemetry.metrics.contradictions import (
    Contradiction,
    Finding,
)
from telemetry.report.quality.report import Quality
from telemetry.report.quality.rows import QualityRow
from tests.web.invented import AS_OF, HOUR

JIRA = "https://jira.example.com"
HOSTILE = '<script>alert("x")</script> Überlauf im 日本語 Namen'
MANY = 23
K = Contradiction
DAY = timedelta(days=1)


def _issue(kind: Contradiction, number: int, title="Resize node pools", **values) -> QualityRow:
    names = {name: values.pop(name) for name in ("sprints", "before", "after") if name in values}
    if kind is not K.MIGRATED_STATUS:
        values |= {name: names.pop(name) for name in ("before", "after") if name in names}
    key = f"K8S-{number}"
    return QualityRow(
        Finding(kind, issue_id=number, **values), key, title, f"{JIRA}/browse/{key}", **names
    )


def _sprint(kind: Contradiction, number: int, **values) -> QualityRow:
    url = f"{JIRA}/secure/RapidBoard.jspa?rapidView=12&view=reporting&sprint={number}"
    finding = Finding(kind, sprint_id=number, **values)
    return QualityRow(finding, str(number), f"Sprint {number}", url)


def _told(kind: Contradiction, number: int, said: str) -> QualityRow:
    return replace(_issue(kind, number, at=_ago(1)), said=said)


def _setting(kind: Contradiction, said: str) -> QualityRow:
    return QualityRow(Finding(kind), "telemetry.yml:12: teams[0]", "", None, said=said)


def _ago(days: float):
    return AS_OF - days * DAY


def _rows() -> list[QualityRow]:
    unestimated = [
        _issue(K.UNESTIMATED, n, HOSTILE if n == 1 else "Resize node pools", sprints=("Sprint 27",))
        for n in range(1, MANY + 1)
    ]
    unlisted = Finding(K.UNLISTED_STATUS, status_id="10004", count=12)
    unread = _issue(K.UNREAD, 51, at=_ago(1))
    sprint = _sprint(K.UNREAD, 20, at=_ago(1))
    return [
        *unestimated,
        _issue(K.TWO_ACTIVE_SPRINTS, 31, sprints=("Sprint 27", "Bug bash")),
        _sprint(K.LATE_SPRINT, 25, at=_ago(20), against_at=_ago(29), count=6),
        _sprint(K.LATE_SPRINT, 24, against_at=_ago(300), count=14),
        _sprint(K.BACK_DATED, 27, at=_ago(18), against_at=_ago(14), count=2),
        _sprint(K.EMPTY_START, 26, at=_ago(12), against_at=_ago(14), count=9),
        _sprint(K.EMPTY_START, 23, at=_ago(40), against_at=_ago(44), count=1),
        _sprint(K.NO_COMPLETION, 22, against_at=_ago(60)),
        _sprint(K.NO_COMPLETION, 21),
        _sprint(K.FUTURE_SPRINT, 28, at=_ago(-3), count=0),
        _sprint(K.FUTURE_SPRINT, 29, at=_ago(-1), count=1),
        _issue(K.FUTURE_CHANGE, 52, at=_ago(-2), count=2, field_names=("estimate", "status")),
        _issue(K.FUTURE_WORK, 41, at=_ago(-2), seconds=3 * HOUR, count=1),
        _issue(
            K.WORK_AFTER_DONE, 42, at=_ago(3), against_at=_ago(9), seconds=5 * HOUR // 2, count=2
        ),
        _issue(K.LONG_WORK_LOG, 43, at=_ago(3), seconds=40 * HOUR, count=1),
        _issue(K.DOUBLED_WORK, 53, at=_ago(3), seconds=2 * HOUR, count=1),
        _issue(K.IMPEDIMENT_WITHOUT_TIME, 44, at=_ago(11)),
        _issue(K.IMPEDIMENT_WITHOUT_TIME, 45, at=_ago(30), against_at=_ago(20)),
        _issue(
            K.ESTIMATE_AFTER_DONE,
            46,
            at=_ago(2),
            against_at=_ago(4),
            count=1,
            before=None,
            after=5.0,
        ),
        _issue(K.SUBTASK_ESTIMATE, 47, after=1.0),
        replace(_issue(K.ODD_QUARTER, 55), said="labelled Q5-26"),
        replace(_issue(K.SEVERAL_QUARTERS, 56), said="counts in Q1-26 and Q2-26"),
        replace(_issue(K.CHILDLESS_EPIC, 57), said="done, and no issue is below it"),
        replace(_issue(K.OPEN_CHILDREN, 58), said="closed, and 3 of 8 below it are open"),
        _issue(K.MENDED_HISTORY, 49, at=_ago(8), field_names=("sprint", "estimate", "status")),
        _issue(K.MIGRATED_STATUS, 48, at=_ago(6), count=2, before="In Review", after="Done"),
        QualityRow(
            unlisted, "10004", "Closed <old>", None, meaning="counted as done, by its name alone"
        ),
        replace(unread, said="work log 7 (20226-03-02T09:00:00.000+0000)"),
        QualityRow(
            Finding(K.SETTING),
            "telemetry.yml:12: teams[0].done_statuses[1]",
            "",
            None,
            said="'Closd' is no status of https://jira.example.com; it has: 'Closed'; correct it",
        ),
        _told(
            K.DOUBTED_CHANGES, 53, "which changes of Story Points are those of customfield_10028"
        ),
        _told(K.ZONELESS, 54, "its creation; its work logs"),
        _setting(K.RECATEGORIZED, "status 'Review' (10005) is of category done in Jira"),
        _setting(K.RELEVELLED, "issues of type 'Story' are epics in Jira"),
        _setting(K.SHARED, "team 'other' has project K8S, too"),
        _setting(K.OPEN_CHOICE, "board 1 (K8S board) does not tell by what it estimates"),
        replace(sprint, said="its planned end (20226-03-02T09:00:00.000Z)"),
    ]


def quality(team_key: str) -> Quality:
    """Every kind for k8s, one for registry, nothing for others, and nothing known for empty."""
    if team_key == "empty":
        return Quality(None, 6)
    every = {"k8s": _rows(), "registry": _rows()[:1]}.get(team_key, [])
    by_kind = {kind: tuple(row for row in every if row.finding.kind is kind) for kind in K}
    return Quality(AS_OF, 6, {kind: rows for kind, rows in by_kind.items() if rows})
