"""The block `absences` of a calendar: who is away when, as numbers, in a list or a file."""

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, ConfigDict, Field, model_validator

from telemetry.settings.absence_files import Unusable, absences_of
from telemetry.settings.block import Block
from telemetry.settings.files import placed
from telemetry.settings.source import Key, Source
from telemetry.settings.values import Day, wrong

LONGEST_DAYS = 366


def _count(value: Any) -> Any:
    if isinstance(value, bool) or (isinstance(value, str) and not _is_number(value)):
        raise wrong(f"{value!r} is not a number of people")
    return value


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


People = Annotated[float, BeforeValidator(_count)]


class AbsenceSettings(Block):
    """Days on which a part of the team is away, as many as are listed. Nobody is named.

    A file holds such a list, or is a calendar (.ics) of which each event is one person away.
    """

    model_config = ConfigDict(populate_by_name=True)

    first: Annotated[Day, Field(alias="from", description="the first day, as YYYY-MM-DD")]
    last: Annotated[
        Day | None, Field(alias="to", description="the last one; without it, it is one day")
    ] = None
    away: Annotated[People, Field(gt=0, le=10_000, description="how many people")] = 1.0
    people: Annotated[
        People, Field(alias="of", gt=0, le=10_000, description="of how many there are")
    ]

    @model_validator(mode="after")
    def _is_possible(self) -> "AbsenceSettings":
        if self.until < self.first:
            raise wrong(f"ends on {self.until}, before it begins on {self.first}")
        if (self.until - self.first).days >= LONGEST_DAYS:
            raise wrong(f"lasts longer than {LONGEST_DAYS} days; correct its years")
        if self.away > self.people:
            raise wrong(f"{self.away:g} of {self.people:g} people cannot be away")
        return self

    @property
    def until(self) -> date:
        return self.first if self.last is None else self.last


def read_files(source: Source, base: Path) -> Iterator[tuple[Key, str, Path | None]]:
    """Put what files of absences hold into the tree; each file, with what is wrong with it.

    The sentence is empty where nothing is.
    """
    for path, calendar in _calendars(source.tree):
        named = calendar.get("absences")
        if not isinstance(named, Mapping):
            continue
        key = (*path, "absences")
        calendar["absences"] = []
        unknown = sorted(set(named) - {"file", "of"})
        if unknown or not isinstance(named.get("file"), str):
            yield key, "is a list, or {file: PATH, of: PEOPLE}", None
            continue
        file = placed(base, named["file"])
        try:
            calendar["absences"] = absences_of(file, named.get("of"))
        except Unusable as error:
            yield key, f"the file {file} {error}", file
        else:
            yield key, "", file


def _calendars(tree: Mapping[str, Any]) -> Iterator[tuple[Key, dict[str, Any]]]:
    if isinstance(tree.get("calendar"), dict):
        yield ("calendar",), tree["calendar"]
    teams = tree.get("teams")
    for index, team in enumerate(teams if isinstance(teams, list) else ()):
        if isinstance(team, dict) and isinstance(team.get("calendar"), dict):
            yield ("teams", index, "calendar"), team["calendar"]
