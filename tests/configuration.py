"""deploy/configuration.md, from the settings: `python -m tests.configuration` writes it."""

from collections.abc import Iterator, Mapping
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from telemetry.settings.absences import AbsenceSettings
from telemetry.settings.alerting import (
    RULES,
    AdminSettings,
    AlertSettings,
    ChannelSettings,
    QuietHours,
)
from telemetry.settings.calendar import CalendarSettings
from telemetry.settings.digesting import DigestSettings
from telemetry.settings.running import BotSettings, PrivacySettings, StoreSettings, WebSettings
from telemetry.settings.sites import AuthSettings, JiraSettings
from telemetry.settings.teams import ImpedimentSettings, TeamSettings

PAGE = Path(__file__).parents[1] / "deploy" / "configuration.md"
BEGIN = "<!-- keys: `python -m tests.configuration` writes them from telemetry/settings -->\n"
END = "<!-- end of keys -->"
BLOCKS: tuple[tuple[str, type[BaseModel]], ...] = (
    ("jira", JiraSettings),
    ("jira.auth", AuthSettings),
    ("store", StoreSettings),
    ("privacy", PrivacySettings),
    ("bot", BotSettings),
    ("calendar", CalendarSettings),
    ("calendar.absences[]", AbsenceSettings),
    ("teams[]", TeamSettings),
    ("teams[].impediment", ImpedimentSettings),
    ("web", WebSettings),
    ("channels", ChannelSettings),
    ("alerts[]", AlertSettings),
    ("digests[]", DigestSettings),
    ("quiet_hours", QuietHours),
    ("admin", AdminSettings),
)
NAMED = {"channels": "team-chat"}  # mappings of names to blocks
# what the example says where there is no default, or where another value tells more
EXAMPLES: Mapping[tuple[type[BaseModel], str], str] = {
    (JiraSettings, "url"): "https://jira.example.com",
    (JiraSettings, "webhook_secret"): "env:JIRA_HOOK_SECRET",
    (AuthSettings, "user"): "bot@example.com",
    (AuthSettings, "secret"): "env:JIRA_TOKEN",
    (CalendarSettings, "timezone"): "Europe/Paris",
    (CalendarSettings, "holidays"): "FR",
    (CalendarSettings, "days_off"): "[2026-12-24, 2026-12-31]",
    (CalendarSettings, "absences"): "[{from: 2026-12-21, to: 2026-12-23, away: 2, of: 6}]",
    (TeamSettings, "key"): "k8s",
    (TeamSettings, "name"): "Managed Kubernetes",
    (TeamSettings, "project"): "K8S",
    (TeamSettings, "jql"): "component = api",
    (TeamSettings, "boards"): "[12, 9]",
    (ImpedimentSettings, "labels"): "[impediment, incident]",
    (ImpedimentSettings, "flag_field"): "Flagged",
    (ImpedimentSettings, "nature_field"): "Nature",
    (WebSettings, "url"): "https://telemetry.example.com",
    (WebSettings, "trusted_proxies"): "[10.0.0.7, 10.1.0.0/24]",
    (ChannelSettings, "url"): "env:CHAT_URL",
    (ChannelSettings, "teams"): "[k8s]",
    (AlertSettings, "rule"): "sprint_behind",
    (AlertSettings, "threshold_percent"): "20",
    (AlertSettings, "for_working_days"): "2",
    (AlertSettings, "teams"): "[k8s]",
    (AlertSettings, "channels"): "[team-chat]",
    (DigestSettings, "kind"): "week",
    (DigestSettings, "teams"): "[k8s]",
    (DigestSettings, "at"): '"fri 15:00"',
    (DigestSettings, "channels"): "[team-chat]",
    (QuietHours, "start"): '"19:00"',
    (QuietHours, "end"): '"08:00"',
    (AdminSettings, "channels"): "[team-chat]",
}
LEFT_OUT = {
    (TeamSettings, "board"),  # beside boards
    (TeamSettings, "site"),  # of several sites
    (AlertSettings, "threshold_days"),  # of other rules
    (AlertSettings, "threshold_hours"),
}


def keys() -> str:
    """A table for each block, a key a line, and the whole example."""
    parts = []
    for path, block in BLOCKS:
        about = (block.__doc__ or "").partition("\n")[0]
        rows = [
            f"| `{field.alias or name}` | {_default(field)} | {field.description} |"
            for name, field in _keys(block)
            if _inner(field) is None
        ]
        parts.append("\n".join([f"## `{path}`", "", about, "", *_head(), *rows, ""]))
    parts.append("\n".join([*_rules(), ""]))
    return "\n".join([*parts, "## A whole example", "", "```yaml", *_example(), "```", ""])


def _rules() -> Iterator[str]:
    """The rules with what they take."""
    yield "## The rules of alerts"
    yield ""
    yield "| rule | opens when | by default | takes |"
    yield "| --- | --- | --- | --- |"
    for name, kind in RULES.items():
        takes = ", ".join(f"`{key}: {value:g}`" for key, value in kind.takes.items())
        is_on = "on" if kind.is_default else "off"
        yield f"| `{name}` | {kind.opens} | {is_on} | {takes} |"


def _head() -> tuple[str, str]:
    return "| key | default | meaning |", "| --- | --- | --- |"


def _keys(block: type[BaseModel]) -> Iterator[tuple[str, FieldInfo]]:
    yield from block.model_fields.items()


def _inner(field: FieldInfo) -> type[BaseModel] | None:
    if get_origin(field.annotation) is tuple:  # a list of blocks has a table of its own
        return None
    kinds = [field.annotation, *get_args(field.annotation)]
    return next((k for k in kinds if isinstance(k, type) and issubclass(k, BaseModel)), None)


def _default(field: FieldInfo) -> str:
    return "required" if field.is_required() else f"`{_written(field.default)}`"


def _written(value: Any) -> str:
    """A value as it is written in the file."""
    match value:
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case timedelta():
            return f"{value // timedelta(minutes=1)}m"
        case time():
            return f'"{value:%H:%M}"'
        case tuple():
            return f"[{', '.join(map(_written, value))}]"
        case date() | int() | str():
            return str(value)
    return value.reference if hasattr(value, "reference") else str(value)


def _example() -> Iterator[str]:
    for path, block in BLOCKS:
        if "." in path:
            continue
        yield f"{path.removesuffix('[]')}:"
        if path in NAMED:
            yield f"  {NAMED[path]}:"
            yield from _lines(block, "    ")
        else:
            yield from _lines(block, "  - " if path.endswith("[]") else "  ")


def _lines(block: type[BaseModel], first: str) -> Iterator[str]:
    """The block's keys, each with its meaning behind it; `first` stands before the first one."""
    indent = " " * len(first)
    for number, (name, field) in enumerate(_keys(block)):
        if (block, name) in LEFT_OUT:
            continue
        lead = indent if number else first
        if inner := _inner(field):
            yield f"{lead}{name}:"
            yield from _lines(inner, indent + "  ")
            continue
        value = EXAMPLES.get((block, name)) or _written(field.default)
        yield f"{f'{lead}{field.alias or name}: {value}':<52} # {field.description}".rstrip()


def main() -> None:
    """Put the keys between their marks."""
    before, mark, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    assert mark, f"{PAGE} has no line {BEGIN}"
    _, _, after = rest.partition(END)
    PAGE.write_text(before + BEGIN + keys() + END + after, encoding="utf-8")


if __name__ == "__main__":
    main()
