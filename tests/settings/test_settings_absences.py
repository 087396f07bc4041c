"""Who is away: in a list, in a file of its own, in a calendar; never a name."""

from datetime import date

import pytest

from bot.pull.team_rules import calendar_of
from telemetry.context import Context
from telemetry.domain.absence import Absence
from telemetry.errors import ConfigurationError
from telemetry.live import Live
from telemetry.settings import load

LEAST = """\
jira: {{url: https://jira.example.com, auth: {{kind: pat, secret: env:TOKEN}}}}
teams:
  - key: web
    project: WEB
    calendar:
      absences: {absences}
"""
CALENDAR = """\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//example//away//EN
BEGIN:VEVENT
UID:one
SUMMARY:Ada is away
DTSTART;VALUE=DATE:20261221
DTEND;VALUE=DATE:20261224
END:VEVENT
BEGIN:VEVENT
UID:two
DTSTART;TZID=Europe/Paris:20261228T090000
DTEND;TZID=Europe/Paris:20261229T000000
END:VEVENT
BEGIN:VEVENT
UID:every other Friday
DTSTART;VALUE=DATE:20260102
RRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=3
EXDATE;VALUE=DATE:20260116
END:VEVENT
BEGIN:VEVENT
UID:off
STATUS:CANCELLED
DTSTART;VALUE=DATE:20261231
END:VEVENT
END:VCALENDAR
"""


def away(folder, absences, **files) -> tuple[Absence, ...]:
    for name, content in files.items():
        (folder / name.replace("_", ".")).write_text(content, encoding="utf-8")
    (folder / "telemetry.yml").write_text(LEAST.format(absences=absences), encoding="utf-8")
    return calendar_of(load(folder / "telemetry.yml", {}).teams[0]).absences


def test_a_list_says_from_when_until_when_and_how_many_of_how_many(tmp_path):
    listed = "[{from: 2026-12-21, to: 2026-12-23, away: 2, of: 6}, {from: 2026-12-30, of: 6}]"
    assert away(tmp_path, listed) == (
        Absence(date(2026, 12, 21), date(2026, 12, 23), 2, 6),
        Absence(date(2026, 12, 30), date(2026, 12, 30), 1, 6),
    )


def test_a_file_may_hold_the_list_and_the_configuration_how_many_there_are(tmp_path):
    found = away(
        tmp_path,
        "{file: away.yml, of: 5}",
        away_yml="- {from: 2026-12-21}\n- {from: 2026-12-22, of: 4, away: 0.5}\n",
    )
    assert [(one.away, one.people) for one in found] == [(1, 5), (0.5, 4)]


def test_of_a_calendar_each_event_is_one_person_and_those_that_repeat_are_followed(tmp_path):
    found = away(tmp_path, "{file: away.ics, of: 6}", away_ics=CALENDAR)
    assert {(one.first, one.last) for one in found} == {
        (date(2026, 1, 2), date(2026, 1, 2)),
        (date(2026, 1, 30), date(2026, 1, 30)),
        (date(2026, 12, 21), date(2026, 12, 23)),
        (date(2026, 12, 28), date(2026, 12, 28)),
    }
    assert {(one.away, one.people) for one in found} == {(1, 6)}


@pytest.mark.parametrize(
    ("absences", "sentence"),
    [
        ("[{from: 2026-12-21, away: 7, of: 6}]", "7 of 6 people cannot be away"),
        ("[{from: 2026-12-21, to: 2026-12-20, of: 6}]", "ends on 2026-12-20, before it begins"),
        ("[{from: 2026-12-21, to: 2062-12-20, of: 6}]", "longer than 366 days"),
        ("[{from: 2026-12-21, of: many}]", "'many' is not a number of people"),
        ("[{from: Monday, of: 6}]", "'Monday' is not a day; write it as YYYY-MM-DD"),
        ("[{from: 2026-12-21}]", "is missing"),
        ("[{from: 2026-12-21, of: 6, who: Ada}]", "who"),
        ("{file: ~nobody-at-all/away.yml}", "does not exist; correct its name, or write it"),
        ("{file: none.yml}", "does not exist; correct its name, or write it"),
        ("{file: away.ics}", "tells who is away, not of how many; add of: PEOPLE"),
        ("{file: bad.ics, of: 6}", "is no calendar whose events can be read"),
        ("{file: bad.yml}", "is not a list of {from: DAY"),
        ("{file: ., of: 6}", "cannot be read (it is a folder)"),
        ("{of: 6}", "is a list, or {file: PATH, of: PEOPLE}"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(tmp_path, absences, sentence):
    with pytest.raises(ConfigurationError) as error:
        away(tmp_path, absences, away_ics=CALENDAR, bad_ics="Ada is away", bad_yml="Ada is away")
    assert sentence in str(error.value)
    assert "telemetry.yml:6: teams[0].calendar.absences" in str(error.value)
    assert "Ada" not in str(error.value)


def test_a_file_that_changes_is_taken_up(tmp_path):
    away(tmp_path, "{file: away.yml, of: 5}", away_yml="- {from: 2026-12-21}\n")
    live = Live(Context(tmp_path / "telemetry.yml", {"OTHER_STORE": "sqlite:///other.db"}))
    (tmp_path / "away.yml").write_text("- {from: 2026-12-22}\n", encoding="utf-8")
    assert not live.look()
    assert live.look()
    taken = live.context.settings.teams[0].calendar.absences
    assert [one.first for one in taken] == [date(2026, 12, 22)]
    live.context.engine.dispose()
