"""Questions about the issues of a site, and marks that are not part of their own history."""

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import Connection, func, select, update

from telemetry.domain.models import Issue
from telemetry.domain.team import TeamRules
from telemetry.store.among import among
from telemetry.store.doubled import settle_of_issues
from telemetry.store.rows import issue_of
from telemetry.store.schema import doubled_work_logs, issues, team_matches, work_logs
from telemetry.store.stale import mark_stale_as_stored
from telemetry.store.terms import MATCH, present
from telemetry.store.upsert import chunks, delete_stored, upsert_stored


def known_issue_ids(
    connection: Connection, site: str, project_key: str | None = None
) -> frozenset[int]:
    """The issues of the site, or of one project of it, that are not gone."""
    statement = select(issues.c.id).where(present(site))
    if project_key is not None:
        statement = statement.where(issues.c.project_key == project_key)
    return frozenset(connection.scalars(statement))


def known_among(connection: Connection, site: str, issue_ids: Iterable[int]) -> frozenset[int]:
    """Those of these issues that the store knows and that are not gone."""
    found: set[int] = set()
    for ids in chunks(sorted(set(issue_ids))):
        statement = select(issues.c.id).where(present(site), among(issues.c.id, ids))
        found.update(connection.scalars(statement))
    return frozenset(found)


def light_issues(connection: Connection, site: str, issue_ids: Iterable[int]) -> dict[int, Issue]:
    """These issues as they are now, without what happened to them, by id.

    Gone ones are among them; unknown ids are left out.
    """
    found: dict[int, Issue] = {}
    for ids in chunks(sorted(set(issue_ids))):
        statement = select(issues).where(issues.c.site == site, among(issues.c.id, ids))
        found.update((one.id, one) for one in map(issue_of, connection.execute(statement).all()))
    return found


def read_subtask_ids(connection: Connection, site: str, parent_ids: Iterable[int]) -> list[int]:
    """The sub-tasks of these issues, gone ones included."""
    found: list[int] = []
    for ids in chunks(sorted(set(parent_ids))):
        of_them = (issues.c.site == site, issues.c.parent_id.in_(ids), issues.c.is_subtask)
        found.extend(connection.scalars(select(issues.c.id).where(*of_them)))
    return found


def count_issues(connection: Connection, site: str, project_keys: Iterable[str]) -> dict[str, int]:
    """How many issues of each of these projects are not gone; 0 for a project without any."""
    counts = dict.fromkeys(project_keys, 0)
    statement = (
        select(issues.c.project_key, func.count())
        .where(present(site), issues.c.project_key.in_(list(counts)))
        .group_by(issues.c.project_key)
    )
    for project_key, count in connection.execute(statement):
        counts[project_key] = count
    return counts


def strangers(
    connection: Connection, site: str, project_keys: Iterable[str]
) -> dict[int, tuple[int, ...]]:
    """The issues of other projects that are not gone, each with the sprints it is in now."""
    statement = select(issues.c.id, issues.c.sprint_ids).where(
        present(site), issues.c.project_key.not_in(list(project_keys))
    )
    return {row.id: tuple(row.sprint_ids) for row in connection.execute(statement)}


def newest_event(connection: Connection, site: str, until: datetime) -> datetime | None:
    """When an issue of the site was last updated, not later than `until`; None without any."""
    query = select(func.max(issues.c.updated_at))
    newest: datetime | None = connection.scalar(
        query.where(present(site), issues.c.updated_at <= until)
    )
    return newest


def logged_seconds(connection: Connection, site: str, issue_ids: Iterable[int]) -> dict[int, int]:
    """The seconds that Jira shows as logged on each of these issues; none of others."""
    found: Counter[int] = Counter()
    for ids in chunks(sorted(set(issue_ids))):
        for c in (work_logs.c, doubled_work_logs.c):
            statement = (
                select(c.issue_id, func.sum(c.seconds))
                .where(c.site == site, c.issue_id.in_(ids))
                .group_by(c.issue_id)
            )
            for issue_id, total in connection.execute(statement):
                found[issue_id] += int(total)
    return found


def issue_ids_of_work_logs(
    connection: Connection, site: str, work_log_ids: Iterable[int]
) -> frozenset[int]:
    """The issues that hold these work logs; unknown work logs are left out."""
    found: set[int] = set()
    for ids in chunks(sorted(set(work_log_ids))):
        for c in (work_logs.c, doubled_work_logs.c):
            statement = select(c.issue_id).where(c.site == site, c.id.in_(ids))
            found.update(connection.scalars(statement))
    return frozenset(found)


def issue_key_to_id(connection: Connection, site: str, keys: Iterable[str]) -> dict[str, int]:
    """The ids of issues by their present keys; unknown keys are left out.

    A key that a gone issue had and another has now is the other's.
    """
    found: dict[str, int] = {}
    for some in chunks(sorted(set(keys))):
        rows = connection.execute(
            select(issues.c.key, issues.c.id)
            .where(issues.c.site == site, issues.c.key.in_(some))
            .order_by(issues.c.gone_at.is_(None), issues.c.id)
        )
        found.update((row.key, row.id) for row in rows)
    return found


def key_doubles(
    connection: Connection, site: str, issue_ids: Iterable[int]
) -> list[tuple[int, ...]]:
    """The issues that share the key of one of these, none of them gone: the newest of a key first.

    A key is one issue's: the others were deleted or moved, and nothing told.
    """
    found: dict[str, list[int]] = {}
    for ids in chunks(sorted(set(issue_ids))):
        keys = select(issues.c.key).where(present(site), among(issues.c.id, ids))
        rows = connection.execute(
            select(issues.c.key, issues.c.id)
            .where(present(site), issues.c.key.in_(keys))
            .order_by(issues.c.updated_at.desc(), issues.c.id.desc())
        )
        for key, issue_id in rows:
            held = found.setdefault(key, [])
            if issue_id not in held:
                held.append(issue_id)
    return [tuple(ids) for ids in found.values() if len(ids) > 1]


def mark_gone(connection: Connection, site: str, issue_ids: Iterable[int], at: datetime) -> int:
    """Note that a full pull no longer reached these issues; the number that were not gone yet.

    Their digest is emptied, so that the next history of one, even an equal one, brings it back.
    """
    gone: list[int] = []
    for ids in chunks(sorted(set(issue_ids))):
        here = (present(site), among(issues.c.id, ids))
        gone.extend(connection.scalars(select(issues.c.id).where(*here)))
        connection.execute(update(issues).where(*here).values(gone_at=at, digest=""))
    mark_stale_as_stored(connection, site, gone)
    settle_of_issues(connection, site, gone)
    return len(gone)


def labels_since(connection: Connection, site: str, project: str, since: datetime) -> set[str]:
    """All labels of the project's issues that were updated since then."""
    query = select(issues.c.labels).where(
        present(site), issues.c.project_key == project, issues.c.updated_at >= since
    )
    return {label for labels in connection.scalars(query.distinct()) for label in labels}


def labels_among(connection: Connection, site: str, wanted: Collection[str]) -> set[str]:
    """Those of the wanted labels that any issue of the site has, in whatever case."""
    query = select(issues.c.labels).where(present(site)).distinct()
    found = {label.casefold() for labels in connection.scalars(query) for label in labels}
    return {label for label in wanted if label.casefold() in found}


def has_matches(connection: Connection, team_key: str, site: str) -> bool:
    """Whether any issue matched the JQL of a narrowed team."""
    c = team_matches.c
    query = select(c.issue_id).where(c.team_key == team_key, c.site == site).limit(1)
    return connection.scalar(query) is not None


def read_matches(connection: Connection, team_key: str, site: str) -> frozenset[int]:
    """The issues that match the JQL of a narrowed team now."""
    c = team_matches.c
    return frozenset(
        connection.scalars(select(c.issue_id).where(c.team_key == team_key, c.site == site))
    )


def matching(
    connection: Connection, rules: TeamRules, issue_ids: Collection[int]
) -> Collection[int]:
    """Those of the issues that count for the team: all do, unless JQL narrows it."""
    if not rules.is_narrowed:
        return issue_ids
    found: list[int] = []
    for ids in chunks(sorted(issue_ids)):
        query = select(MATCH.issue_id).where(
            MATCH.team_key == rules.key, MATCH.site == rules.site, MATCH.issue_id.in_(ids)
        )
        found.extend(connection.scalars(query))
    return found


def set_matches(
    connection: Connection,
    team_key: str,
    site: str,
    matching: Iterable[int],
    among: Iterable[int] | None = None,
) -> int:
    """Note which issues match the JQL of a narrowed team now; the number that changed sides.

    `among` are the issues that were asked about, by default all: others stay as they are.
    """
    present, wanted = read_matches(connection, team_key, site), frozenset(matching)
    asked = present | wanted if among is None else frozenset(among)
    added, removed = (wanted - present) & asked, (present - wanted) & asked
    delete_stored(connection, team_matches, [(team_key, site, i) for i in sorted(removed)])
    upsert_stored(connection, team_matches, [(team_key, site, i) for i in sorted(added)])
    mark_stale_as_stored(connection, site, added | removed)
    return len(added) + len(removed)
