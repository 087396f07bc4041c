"""What a pull asks of Jira, as JQL: pure."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from bot.jira.jql import any_of, instant, quote

SPRINTS_AT_ONCE = 100
EPICS_AT_ONCE = 200
STRANGERS_AT_ONCE = 200
ROUNDED_UP = timedelta(hours=1, minutes=1)  # a JQL minute, and an hour that clocks repeat


def epics(project: str) -> str:
    """The epics of a project: read first, so that issues can name them."""
    return f"project = {quote(project)} AND issuetype = Epic ORDER BY created DESC, key DESC"


def recent(sprint_ids: Iterable[int]) -> str:
    """The issues of a few sprints: what a first pull reads first, so that pages fill at once."""
    return f"{any_of('sprint', sorted(sprint_ids))} ORDER BY created DESC, key DESC"


def everything(project: str, before: datetime | None = None, zone: tzinfo = UTC) -> str:
    """All issues of a project, newest first: an order that does not move while pages are read.

    `before` leaves out those that were surely created later.
    """
    older = ""
    if before is not None:
        older = f" AND created <= {instant(before + ROUNDED_UP, zone)}"
    return f"project = {quote(project)}{older} ORDER BY created DESC, key DESC"


def all_of(projects: Iterable[str]) -> str:
    """All issues of the projects, in the order of their creation."""
    return f"{any_of('project', sorted(projects))} ORDER BY created ASC, key ASC"


def elsewhere(
    projects: Sequence[str], sprint_ids: Iterable[int], at_once: int = SPRINTS_AT_ONCE
) -> Iterator[tuple[list[int], str]]:
    """Issues of other projects that are in the teams' sprints, a part of the sprints at a time."""
    ids = sorted(sprint_ids, reverse=True)
    outside = _outside(projects)
    for start in range(0, len(ids), at_once):
        part = ids[start : start + at_once]
        yield part, f"{any_of('sprint', part)} AND {outside} ORDER BY created DESC, key DESC"


def children(
    link: str, projects: Sequence[str], epics: Iterable[str], at_once: int = EPICS_AT_ONCE
) -> Iterator[str]:
    """Issues of other projects that are children of the epics, a part of these at a time.

    `epics` are their keys, and `link` is what holds an issue's epic, as JQL names it.
    """
    keys = sorted(epics)
    outside = _outside(projects)
    for start in range(0, len(keys), at_once):
        part = any_of(link, keys[start : start + at_once])
        yield f"{part} AND {outside} ORDER BY created DESC, key DESC"


@dataclass(frozen=True, slots=True)
class Beside:
    """What is asked for together with what changed in projects and sprints.

    What changed below the epics of some keys, where `link` is what holds an issue's epic, as JQL
    names it; below those `in_turn` since another instant, and outside of the projects alone.
    Issues that changed, by their ids, and issues whether or not they did.
    """

    link: str = ""
    epics: Collection[str] = ()
    in_turn: Collection[str] = ()
    in_turn_since: datetime | None = None
    changed_ids: Collection[int] = ()
    ids: Collection[int] = ()


NOTHING_BESIDE = Beside()


def changed(
    projects: Iterable[str],
    open_sprint_ids: Iterable[int],
    since: datetime,
    zone: tzinfo,
    beside: Beside = NOTHING_BESIDE,
) -> str:
    """What was updated since then, in the projects or in a sprint that is not closed."""
    keys = sorted(projects)
    places: list[tuple[str, Sequence[str | int]]] = [
        ("project", keys),
        ("sprint", sorted(open_sprint_ids)),
        (beside.link, sorted(beside.epics)),
        ("id", sorted(beside.changed_ids)),
    ]
    where = " OR ".join(any_of(field, values) for field, values in places if values)
    parts = [f"({where}) AND updated >= {instant(since, zone)}"]
    if beside.in_turn and beside.in_turn_since is not None:
        late = f"updated >= {instant(beside.in_turn_since, zone)}"
        below = any_of(beside.link, sorted(beside.in_turn))
        parts.append(f"{below} AND {_outside(keys)} AND {late}")
    if beside.ids:
        parts.append(any_of("id", sorted(beside.ids)))
    wanted = parts[0] if len(parts) == 1 else " OR ".join(f"({part})" for part in parts)
    return f"{wanted} ORDER BY created ASC, key ASC"


def changed_among(ids: Iterable[int], since: datetime, zone: tzinfo) -> str:
    """Those of the issues that were updated since then."""
    return (
        f"{any_of('id', sorted(ids))} AND updated >= {instant(since, zone)} "
        "ORDER BY created ASC, key ASC"
    )


def matching(project: str, narrowing: str) -> str:
    """The issues of a team that JQL narrows."""
    return f"project = {quote(project)} AND ({narrowing})"


def _outside(projects: Iterable[str]) -> str:
    return f"project not in ({', '.join(quote(key) for key in sorted(projects))})"
