"""What could not be read for sure of a team's issues and sprints, and of its site's lists."""

import re
from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy import Connection

from telemetry.metrics.contradictions import Contradiction, Finding
from telemetry.report.quality.rows import QualityRow
from telemetry.report.teams.team import StoredTeam
from telemetry.store.issues import known_among, read_matches
from telemetry.store.tracker import read_sprints_by_id
from telemetry.store.unread import About, Unread, read_unread

_OF_ISSUES = (About.ISSUE, About.ESTIMATE, About.DOUBTED, About.ISSUE_ZONE)
_KINDS = {
    About.DOUBTED: Contradiction.DOUBTED_CHANGES,
    About.ISSUE_ZONE: Contradiction.ZONELESS,
    About.SPRINT_ZONE: Contradiction.ZONELESS,
}


def unread_rows(connection: Connection, team: StoredTeam) -> tuple[QualityRow, ...]:
    """What could not be read for sure of the team's issues and boards, the newest first.

    With what tells no project or board: it may be the team's.
    """
    every = read_unread(connection, team.rules.site)
    others = _of_others(connection, team, every)
    places = {
        About.LIST: {""},
        About.SPRINT: (boards := {"", *map(str, team.rules.board_ids)}),
        About.SPRINT_ZONE: boards,
        About.SPRINT_LIST: boards,
    }
    mine = {"", team.rules.project_key}
    found = [
        whole
        for one in every
        if one.place in places.get(one.kind, mine)
        and not (one.kind in _OF_ISSUES and one.about_id in others)
        and (whole := _counted(team, one))
    ]
    found.sort(key=lambda one: one.since, reverse=True)
    known = _known(connection, team, found)
    return tuple(_unread_row(team, one, (one.kind, one.about_id) in known) for one in found)


def _known(
    connection: Connection, team: StoredTeam, every: Iterable[Unread]
) -> set[tuple[About, int]]:
    """Which of those that were left out as a whole the store holds, as they were before."""
    ids: dict[About, list[int]] = {}
    for one in every:
        if one.is_left_out:
            ids.setdefault(one.kind, []).append(one.about_id)
    site, issues, sprints = team.rules.site, ids.get(About.ISSUE), ids.get(About.SPRINT)
    held = {(About.ISSUE, i) for i in known_among(connection, site, issues)} if issues else set()
    if sprints:
        held |= {(About.SPRINT, i) for i in read_sprints_by_id(connection, site, sprints)}
    return held


def _counted(team: StoredTeam, one: Unread) -> Unread | None:
    """What is told of it as far as the team counts it; None of estimates of other teams alone."""
    if one.kind not in (About.ESTIMATE, About.DOUBTED):
        return one
    field_id = team.rules.estimate.field_id
    its = re.compile(rf"\b{re.escape(field_id)}\b") if field_id else None
    said = [part for part in one.what.split("; ") if its and its.search(part)]
    return replace(one, what="; ".join(said)) if said else None


def _of_others(connection: Connection, team: StoredTeam, every: Iterable[Unread]) -> frozenset[int]:
    """The issues of these that a team narrowed by JQL does not count, as far as they are known."""
    ids = {one.about_id for one in every if one.kind in _OF_ISSUES}
    if not team.rules.is_narrowed or not ids:
        return frozenset()
    site = team.rules.site
    return known_among(connection, site, ids) - read_matches(connection, team.rules.key, site)


def _unread_row(team: StoredTeam, one: Unread, is_known: bool) -> QualityRow:
    is_issue = one.kind in _OF_ISSUES
    is_sprint = one.kind in (About.SPRINT, About.SPRINT_ZONE)
    finding = Finding(
        _KINDS.get(one.kind, Contradiction.UNREAD),
        issue_id=one.about_id if is_issue else None,
        sprint_id=one.about_id if is_sprint else None,
        at=one.since,
    )
    url = team.issue_url(one.name) if is_issue else None
    stands = "stands as last known" if is_known else "is in no figure until it can be read"
    said = f"{one.what}; it {stands}" if one.is_left_out else one.what
    return QualityRow(finding, one.name or str(one.about_id), "", url, said=said)
