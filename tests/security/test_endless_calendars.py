"""Files of absences that would go on for ever, or hold too much, are a sentence in little time."""

import resource
import time

import pytest

from telemetry import calendars
from telemetry.settings.absence_files import MOST, Unusable, absences_of
from tests.depth import parametrize_in_turn

pytestmark = pytest.mark.slow

START = "DTSTART:20260301T090000Z\nDTEND:20260301T100000Z"
DAY = "DTSTART;VALUE=DATE:20260301\nDTEND;VALUE=DATE:20260302"
ALL = ",".join(map(str, range(60)))
ENDLESS = {
    "every second": f"{START}\nRRULE:FREQ=SECONDLY",
    "every second, so often": f"{START}\nRRULE:FREQ=SECONDLY;COUNT=100000000",
    "every second since 1604": "DTSTART:16040101T000000Z\nRRULE:FREQ=SECONDLY\n"
    f"END:VEVENT\nBEGIN:VEVENT\n{DAY}",
    "no step": f"{START}\nRRULE:FREQ=DAILY;INTERVAL=0",
    "never": f"{START}\nRRULE:FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30",
    "each second of a year": f"{START}\nRRULE:FREQ=YEARLY;BYSECOND={ALL};BYMINUTE={ALL};BYHOUR=1,2",
    "many rules": START + "".join(f"\nRRULE:FREQ=DAILY;INTERVAL={n}" for n in range(1, 9000)),
    "what hides in folds": f"{START}\nRRULE:FREQ=SEC\n ONDLY",
}
ODD = {
    "a ninety-ninth Monday": f"{START}\nRRULE:FREQ=MONTHLY;BYDAY=99MO",
    "a step back": f"{START}\nRRULE:FREQ=DAILY;INTERVAL=-1",
    "an end of no time": "DTSTART:20260301T090000Z\nDURATION:P99999999999D",
    "the last second": "DTSTART:99991231T235959Z\nDTEND:99991231T235959Z",
    "nothing": "SUMMARY:Ada",
    "many events": "\nEND:VEVENT\nBEGIN:VEVENT\n".join([DAY] * (MOST + 1)),
    "events in events": "BEGIN:VEVENT\n" * 20_000,
}


def calendar(folder, event):
    file = folder / "away.ics"
    whole = f"BEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VEVENT\n{event}\nEND:VEVENT\nEND:VCALENDAR\n"
    file.write_text(whole.replace("\n", "\r\n"), encoding="utf-8")
    return file


@parametrize_in_turn("name", list(ENDLESS), 2)
def test_what_repeats_without_end_is_not_followed(tmp_path, monkeypatch, name):
    monkeypatch.setattr(calendars, "SECONDS", 1)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begun = time.process_time()
    with pytest.raises(Unusable, match=r"takes too long to follow|cannot|no calendar|more than"):
        absences_of(calendar(tmp_path, ENDLESS[name]), 6)
    assert time.process_time() - begun < 0.5
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20_000


@pytest.mark.parametrize("name", ODD)
def test_an_odd_calendar_is_a_sentence_that_names_nobody(tmp_path, name):
    with pytest.raises(Unusable) as error:
        absences_of(calendar(tmp_path, ODD[name]), 6)
    assert "Ada" not in str(error.value)
    assert len(str(error.value)) < 200


@pytest.mark.parametrize(
    "event",
    [
        "DTSTART;TZID=../../../../etc/passwd:20260301T090000",
        "DTSTART;TZID=/dev/zero:20260301T090000",
        f"{DAY}\nATTACH:file:///etc/passwd\nURL:http://127.0.0.1:9/",
        f"{DAY}\nSUMMARY:{'x' * 900_000}",
        f"{DAY}\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
    ],
)
def test_what_an_event_names_is_not_opened(tmp_path, event):
    [one] = absences_of(calendar(tmp_path, event), 6)
    assert str(one["from"]) == "2026-03-01"


def test_a_list_has_an_end(tmp_path):
    file = tmp_path / "away.yml"
    file.write_text("- {from: 2026-12-21}\n" * (MOST + 1), encoding="utf-8")
    with pytest.raises(Unusable, match="more than 5,000 absences"):
        absences_of(file, 6)


def test_where_calendars_cannot_be_followed_that_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr("sys.executable", str(tmp_path / "none"))
    with pytest.raises(Unusable, match=r"cannot be read .FileNotFoundError."):
        absences_of(calendar(tmp_path, DAY), 6)
