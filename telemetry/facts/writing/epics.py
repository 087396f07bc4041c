"""Computes and writes what a team's epics and their children were at each moment.

A child counts under its epic's team, by that team's estimate and done, whatever its own project.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, select

from telemetry.domain.models import Field
from telemetry.facts.reading.batch import Batch
from telemetry.metrics.epics import child, epic_labels, epics_of
from telemetry.store import schema as s
from telemetry.store.among import among
from telemetry.store.history import read_changed_fields
from telemetry.store.members import members_of_epics
from telemetry.store.terms import EPIC_OF_MEMBER, ISSUE, MEMBER, own_issues
from telemetry.store.upsert import chunks, replace

EPIC, CHILD = s.epic_facts.c, s.epic_children.c


def write_epics(batch: Batch) -> int:
    """Write those of the touched issues that are the team's epics, or children of one.

    An epic that came to the team brings its children, one that left it takes them along.
    """
    changed = 0
    for ids in chunks(batch.touched.flow):
        known = _known(batch, ids)
        epics = _epics(batch, ids)
        changed += _write_epics(batch, ids, epics)
        left = known - set(epics)
        for some in chunks(sorted(left)):
            here = (CHILD.team_key == batch.rules.key, CHILD.site == batch.rules.site)
            leaving = delete(s.epic_children).where(*here, CHILD.epic_id.in_(some))
            changed += batch.connection.execute(leaving).rowcount
        came: set[int] = set()
        if not batch.touched.is_whole:  # else all are touched
            came = members_of_epics(batch.connection, batch.rules.site, set(epics) - known)
        for some in chunks(sorted({*ids, *came})):
            changed += _write_children(batch, some)
    batch.team.has_new_epics |= changed > 0 or batch.touched.is_whole
    return changed


def _known(batch: Batch, ids: Sequence[int]) -> set[int]:
    """Those of the issues that are written as epics of the team."""
    here = (EPIC.team_key == batch.rules.key, EPIC.site == batch.rules.site)
    query = select(EPIC.issue_id).where(*here, among(EPIC.issue_id, ids))
    return set(batch.connection.scalars(query))


def _epics(batch: Batch, ids: Sequence[int]) -> list[int]:
    """Those of the issues that are epics of the team."""
    query = select(ISSUE.id).where(own_issues(batch.rules), ISSUE.is_epic, among(ISSUE.id, ids))
    return list(batch.connection.scalars(query))


def _write_epics(batch: Batch, ids: Sequence[int], epics: Sequence[int]) -> int:
    site, rules = batch.rules.site, batch.rules
    histories = read_changed_fields(batch.connection, site, epics, (Field.LABELS,))
    rows = [
        {"issue_id": i, **epic_labels(history, rules)._asdict()} for i, history in histories.items()
    ]
    scope = {"team_key": rules.key, "site": site}
    return replace(batch.connection, s.epic_facts, scope, rows, within=among(EPIC.issue_id, ids))


def _write_children(batch: Batch, ids: Sequence[int]) -> int:
    """Write what these issues are and were to the team's epics."""
    site, rules = batch.rules.site, batch.rules
    pairs = batch.connection.execute(
        select(MEMBER.epic_id, MEMBER.issue_id)
        .join_from(s.epic_members, s.issues, EPIC_OF_MEMBER)
        .where(MEMBER.site == site, among(MEMBER.issue_id, ids), own_issues(rules), ISSUE.is_epic)
    ).all()
    children = {issue_id for _, issue_id in pairs}
    lines = batch.timelines(children)
    histories = read_changed_fields(batch.connection, site, children, (Field.EPIC,))
    rows: list[dict[str, Any]] = []
    for epic_id, issue_id in pairs:
        if issue_id not in lines or issue_id not in histories:
            continue
        one = child(lines[issue_id], epics_of(histories[issue_id], rules), epic_id, rules)
        if one is not None:
            rows.append({"epic_id": epic_id, **one._asdict()})
    scope = {"team_key": rules.key, "site": site}
    return replace(
        batch.connection, s.epic_children, scope, rows, within=among(CHILD.issue_id, ids)
    )
