"""What Cloud and Data Center call the same things: fields, changelog items, dates."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache
from typing import Final, Literal
from zoneinfo import ZoneInfo

Flavour = Literal["cloud", "datacenter"]
greenhopper: Final = "com.pyxis.greenhopper.jira"
customs: Final = "com.atlassian.jira.plugin.system.customfieldtypes"


@dataclass(slots=True, frozen=True)
class FieldIds:
    """Ids of the custom fields of one flavour."""

    sprint: str
    points: str
    other_points: str
    """A second estimate field of that site which nobody fills."""
    flagged: str
    nature: str
    epic_link: str
    epic_name: str
    rank: int


cloud_fields: Final = FieldIds(
    sprint="customfield_10020",
    points="customfield_10028",
    other_points="customfield_10016",
    flagged="customfield_10021",
    nature="customfield_10042",
    epic_link="customfield_10014",
    epic_name="customfield_10011",
    rank=10019,
)
datacenter_fields: Final = FieldIds(
    sprint="customfield_10101",
    points="customfield_10106",
    other_points="customfield_10107",
    flagged="customfield_10200",
    nature="customfield_10301",
    epic_link="customfield_10102",
    epic_name="customfield_10104",
    rank=10105,
)


def field_ids(flavour: Flavour) -> FieldIds:
    return cloud_fields if flavour == "cloud" else datacenter_fields


def change_names(flavour: Flavour) -> dict[str, tuple[str, str, str | None]]:
    """Of each item code: the field's name, its type and (Cloud, not always) its id."""
    ids = field_ids(flavour)
    names: dict[str, tuple[str, str, str | None]] = {
        "status": ("status", "jira", "status"),
        "resolution": ("resolution", "jira", "resolution"),
        "workflow": ("Workflow", "jira", None),
        "points": ("Story Points", "custom", ids.points),
        "original": ("timeoriginalestimate", "jira", "timeoriginalestimate"),
        "remaining": ("timeestimate", "jira", "timeestimate"),
        "spent": ("timespent", "jira", "timespent"),
        "work_log_added": ("WorklogId", "jira", None),
        "work_log_edited": ("WorklogId", "jira", None),
        "work_log_deleted": ("WorklogId", "jira", None),
        "labels": ("labels", "jira", "labels"),
        "epic": ("IssueParentAssociation", "jira", None),
        "parent": ("Parent", "jira", None),
        "flagged": ("Flagged", "custom", ids.flagged),
        "nature": ("Nature", "custom", ids.nature),
        "type": ("issuetype", "jira", "issuetype"),
        "component": ("Component", "jira", "components"),
        "summary": ("summary", "jira", "summary"),
        "assignee": ("assignee", "jira", "assignee"),
        "project": ("project", "jira", "project"),
        "key": ("Key", "jira", None),
        "sprint": ("Sprint", "custom", ids.sprint),
    }
    if flavour == "datacenter":
        names["epic"] = ("Epic Link", "custom", None)
    return names


def issue_fields(flavour: Flavour) -> list[dict[str, object]]:
    """What `/field` answers."""
    system = [
        ("summary", "Summary", "string", None), ("status", "Status", "status", None),
        ("issuetype", "Issue Type", "issuetype", None), ("project", "Project", "project", None),
        ("created", "Created", "datetime", None), ("updated", "Updated", "datetime", None),
        ("labels", "Labels", "array", "string"), ("components", "Components", "array", "component"),
        ("assignee", "Assignee", "user", None), ("reporter", "Reporter", "user", None),
        ("resolution", "Resolution", "resolution", None),
        ("resolutiondate", "Resolved", "datetime", None),
        ("timeoriginalestimate", "Original estimate", "number", None),
        ("timeestimate", "Remaining Estimate", "number", None),
        ("timespent", "Time Spent", "number", None), ("worklog", "Log Work", "array", "worklog"),
        ("subtasks", "Sub-tasks", "array", "issuelinks"),
        ("description", "Description", "string", None),
    ]  # fmt: skip
    if flavour == "cloud":
        system.append(("parent", "Parent", "issuelink", None))
    answer: list[dict[str, object]] = [
        _field(flavour, field, name, {"type": kind, "system": field}, items)
        for field, name, kind, items in system
    ]
    answer.append(_bare(flavour, "issuekey", "Key"))
    ids = field_ids(flavour)
    cloud = flavour == "cloud"
    sprint_kind = ("array", "json" if cloud else "string")
    points_kind = f"{customs}:float"
    other = (
        ("Story point estimate", f"{greenhopper}:jsw-story-points")
        if cloud
        else ("Story Points (old)", points_kind)
    )
    custom = [
        (ids.sprint, "Sprint", *sprint_kind, f"{greenhopper}:gh-sprint"),
        (ids.points, "Story Points", "number", None, points_kind),
        (ids.other_points, other[0], "number", None, other[1]),
        (ids.flagged, "Flagged", "array", "string" if not cloud else "option",
         f"{customs}:multicheckboxes"),
        (ids.nature, "Nature", "option", None, f"{customs}:select"),
        (ids.epic_link, "Epic Link", "any", None, f"{greenhopper}:gh-epic-link"),
        (ids.epic_name, "Epic Name", "string", None, f"{greenhopper}:gh-epic-label"),
        (f"customfield_{ids.rank}", "Rank", "any", None, f"{greenhopper}:gh-lexo-rank"),
    ]  # fmt: skip
    for field, name, kind, items, custom_type in custom:
        schema = {"type": kind, "custom": custom_type, "customId": int(field.split("_")[1])}
        answer.append(_field(flavour, field, name, schema, items))
    return answer


def _field(
    flavour: Flavour, field: str, name: str, schema: dict[str, object], items: str | None
) -> dict[str, object]:
    if items is not None:
        schema["items"] = items
    is_custom = "custom" in schema
    clauses = [f"cf[{schema['customId']}]", name] if is_custom else [field]
    described: dict[str, object] = {
        "id": field,
        "name": name,
        "custom": is_custom,
        "orderable": True,
        "navigable": True,
        "searchable": True,
        "clauseNames": clauses,
        "schema": schema,
    }
    return {"key": field, **described} if flavour == "cloud" else described


def _bare(flavour: Flavour, field: str, name: str) -> dict[str, object]:
    described: dict[str, object] = {
        "id": field,
        "name": name,
        "custom": False,
        "orderable": False,
        "navigable": True,
        "searchable": False,
        "clauseNames": ["id", "issue", "issuekey", "key"],
    }
    return {"key": field, **described} if flavour == "cloud" else described


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


@lru_cache(maxsize=50000)
def _offset(zone: str, hour: int) -> tuple[int, str]:
    """The offset in force in an hour since the epoch, in minutes and as Jira writes it."""
    local = datetime.fromtimestamp(hour * 3600, _zone(zone))
    offset = (local.utcoffset() or timedelta()) // timedelta(minutes=1)
    hours, minutes = divmod(abs(offset), 60)
    return offset, f"{'-' if offset < 0 else '+'}{hours:02d}{minutes:02d}"


@lru_cache(maxsize=20000)
def _date(day: int) -> str:
    """The date of a day since the epoch: `2026-03-04`."""
    return (date(1970, 1, 1) + timedelta(days=day)).isoformat()


_clock = [f"T{minute // 60:02d}:{minute % 60:02d}:" for minute in range(1440)]


@lru_cache(maxsize=60000)
def _seconds(milliseconds: int) -> str:
    return f"{milliseconds // 1000:02d}.{milliseconds % 1000:03d}"


def jira_time(at: int, zone: str) -> str:
    """An instant as bodies carry it: `2026-03-04T10:15:30.123+0100`.

    Put together from known parts: a page of issues holds thousands, and `strftime` is slow.
    """
    minute = at // 60_000
    offset, text = _offset(zone, minute // 60)
    day, clock = divmod(minute + offset, 1440)
    return _date(day) + _clock[clock] + _seconds(at % 60_000) + text


def sprint_time(at: int, flavour: Flavour) -> str:
    """A sprint's date: `…Z` on Cloud, `…-07:00` on Data Center."""
    if flavour == "cloud":
        local = datetime.fromtimestamp(at // 1000, UTC)
        return f"{local:%Y-%m-%dT%H:%M:%S}.{at % 1000:03d}Z"
    local = datetime.fromtimestamp(at // 1000, timezone(timedelta(hours=-7)))
    return f"{local:%Y-%m-%dT%H:%M:%S}.{at % 1000:03d}-07:00"


@lru_cache(maxsize=2000)
def duration_text(seconds: int) -> str:
    """Seconds as Jira spells them: `1d 2h 30m`, of eight-hour days."""
    days, rest = divmod(seconds, 8 * 3600)
    hours, rest = divmod(rest, 3600)
    parts = [(days, "d"), (hours, "h"), (rest // 60, "m")]
    return " ".join(f"{count}{unit}" for count, unit in parts if count) or "0m"
