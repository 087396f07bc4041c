"""What cannot be read is left out and named; what can be read is what it says."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.translate.guard import (
    NO_END,
    Guard,
    Unreadable,
    as_list,
    as_object,
    id_of,
    key_of,
    names_of,
    needed,
)
from bot.translate.values import number
from telemetry.domain.bounds import EARLIEST, FARTHEST, bounded, latest_of

LATEST = datetime(2028, 3, 1, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
NOTHING: list[Any] = [None, "", [], {}]


@pytest.fixture
def guard():
    return Guard(LATEST)


@pytest.mark.parametrize("value", [0, 7, 2**63 - 1, "0", "007", "9" * 18])
def test_an_id_is_a_number_that_a_store_holds(value):
    assert id_of("its id", value) == int(value)


@pytest.mark.parametrize(
    "value", [-1, 2**63, True, 7.0, None, "", "-1", "x7", "7x", "٧", "²", "9" * 19, [7]]
)
def test_what_is_no_id_is_unreadable_by_name(value):
    with pytest.raises(Unreadable, match=r"^its id$"):
        id_of("its id", value)


def test_a_key_is_a_text_of_64_letters_at_most_or_a_number():
    assert key_of("its key", "K8S-1") == "K8S-1"
    assert key_of("its key", "x" * 64) == "x" * 64
    assert key_of("its key", 100) == "100"
    for value in ("", "x" * 65, None, True, 1.5, ["K"]):
        with pytest.raises(Unreadable, match=r"^its key$"):
            key_of("its key", value)


def test_what_is_needed_and_cannot_be_read_is_named():
    assert needed("its type", lambda: "Story") == "Story"
    with pytest.raises(Unreadable, match=r"^its type$"):
        needed("its type", lambda: as_object(None)["name"])


def test_objects_and_lists_stand_for_themselves_alone():
    assert as_object({"a": 1}) == {"a": 1}
    assert as_list([1]) == [1]
    for odd in (None, "x", 7, ()):
        assert as_object(odd) == {}
        assert as_list(odd) == []
    assert as_object([1]) == {}
    assert as_list({"a": 1}) == []
    assert names_of(["a", "b"]) == "a; b"


def test_a_text_is_as_long_as_jiras_own(guard):
    assert guard.text("its name", "x" * 255) == "x" * 255
    assert guard.text("its name", None) == ""
    assert guard.text("its name", 7) == "7"
    assert guard.text("its name", 1.5) == "1.5"
    assert guard.text("its goal", "x" * 9, most=9) == "x" * 9
    assert guard.named == ()
    assert guard.text("its name", "x" * 256) == "x" * 255
    assert guard.named == ("its name",)
    assert guard.text("its goal", "abcd", most=3) == "abc"
    assert guard.named == ("its name", "its goal")


@pytest.mark.parametrize("odd", [True, ["x"], {"a": 1}])
def test_what_is_no_text_is_left_out_and_named_without_its_value(guard, odd):
    assert guard.text("its name", odd) == ""
    assert guard.named == ("its name",)


def test_half_a_character_is_named_and_the_rest_stays(guard):
    assert guard.text("its summary", "Fire \ufffd") == "Fire \ufffd"
    assert guard.named == ("half a character in its summary",)
    guard.text("its goal", "\ufffd long", most=3)
    assert guard.named[1:] == ("its goal",)


def test_texts_of_a_list_are_those_that_can_be_read(guard):
    read = lambda one: one["name"]  # noqa: E731
    assert guard.texts("its labels", None, read) == ()
    assert guard.texts("its labels", [], read) == ()
    assert guard.texts("its labels", [{"name": "a"}, {"name": ""}, {"name": "b"}], read) == (
        "a",
        "b",
    )
    assert guard.named == ()
    assert guard.texts("its labels", [{"name": "a"}, {}, {"name": "b"}], read) == ("a", "b")
    assert guard.texts("its parts", "x", read) == ()
    assert guard.named == ("its labels", "its parts")


def test_instants_lie_between_1990_and_the_latest(guard):
    assert guard.instant("x", "1990-01-01T00:00:00.000+0000") == EARLIEST
    assert guard.instant("x", LATEST.isoformat()) == LATEST
    assert guard.instant("x", 1772445600) == datetime(2026, 3, 2, 10, tzinfo=UTC)
    assert guard.instant("x", 1772445600000.0) == datetime(2026, 3, 2, 10, tzinfo=UTC)
    for odd in (EARLIEST - SECOND, LATEST + SECOND):
        with pytest.raises(ValueError, match="out of bounds"):
            guard.instant("x", odd.isoformat())
        assert not guard.is_within(odd)
    for other in (True, None, [1], {"a": 1}):
        with pytest.raises(TypeError):
            guard.instant("x", other)
    assert guard.is_within(EARLIEST)
    assert guard.is_within(LATEST)
    assert Guard(NO_END).is_within(datetime(9999, 1, 1, tzinfo=UTC))


def test_an_instant_that_may_lack_is_none_and_one_that_is_odd_is_named(guard):
    for none in (None, "", "<null>"):
        assert guard.optional_instant("its start", none) is None
    assert guard.named == ()
    assert guard.optional_instant("its start", "2026-03-02T10:00:00Z") is not None
    assert guard.optional_instant("its start", "soon") is None
    assert guard.optional_instant("its end", "0001-01-01T00:00:00Z") is None
    assert guard.optional_instant("its end", True) is None
    assert guard.named == ("its start (soon)", "its end (0001-01-01T00:00:00Z)", "its end")


def test_an_instant_without_zone_is_utc_and_told_by_its_part(guard):
    at = datetime(2026, 3, 2, 10, tzinfo=UTC)
    assert guard.optional_instant("its start", "2026-03-02T10:00:00", "startDate") == at
    assert guard.optional_instant("its end", "2026-03-02T10:00:00") == at
    assert guard.instant("created", "2026-03-02T10:00:00") == at
    assert guard.zoneless == ("startDate", "its end", "created")
    assert guard.named == ()


def test_an_estimate_is_a_sensible_number_or_named(guard):
    def of(value):
        return guard.estimate("its points", value, number)

    assert [of(value) for value in (3, "2,5", {"value": "8"}, 1e9, -1e9)] == [3, 2.5, 8, 1e9, -1e9]
    assert [of(value) for value in NOTHING] == [None] * 4
    assert guard.estimates == ()
    assert [of(value) for value in (1.1e9, "many", {"value": "XL"}, True, [1])] == [None] * 5
    assert guard.estimates == (
        "its points (1100000000.0)",
        "its points (many)",
        "its points (XL)",
        "its points",
    )
    assert guard.named == ()
    assert guard.estimate("its points", 3, lambda _: 1 // 0) is None


def test_what_is_attempted_is_read_or_its_default_and_named(guard):
    assert guard.attempt("its type", lambda: 7, 0) == 7
    assert guard.named == ()
    assert guard.attempt("its type", lambda: 7 // 0, 5, "odd") == 5
    assert guard.named == ("its type (odd)",)
    with pytest.raises(KeyboardInterrupt):
        guard.attempt("its type", raising, None)


def raising():
    raise KeyboardInterrupt


def test_a_value_is_shown_up_to_forty_letters_in_one_line(guard):
    guard.name("a", "x" * 40)
    guard.name("b", "x" * 41)
    guard.name("c", "one\ntwo")
    guard.name("d", 7)
    guard.name("e", True)
    guard.name("f", ["x"])
    guard.name("g", 1.5)
    assert guard.named == (
        f"a ({'x' * 40})",
        f"b ({'x' * 40}…)",
        "c (one two)",
        "d (7)",
        "e",
        "f",
        "g (1.5)",
    )


def test_each_is_named_once_and_of_very_many_twenty(guard):
    for number_ in (*range(20), 3):
        guard.doubt(f"field {number_}")
    assert guard.doubted == tuple(f"field {n}" for n in range(20))
    guard.doubt("one")
    guard.doubt("two")
    assert guard.doubted == (*(f"field {n}" for n in range(20)), "2 more")


def test_what_lies_outside_of_all_time_is_the_nearest_that_can_be_reckoned_with():
    assert datetime(1990, 1, 1, tzinfo=UTC) == EARLIEST
    now = datetime(2026, 3, 2, tzinfo=UTC)
    assert latest_of(now) == datetime(2028, 3, 2, tzinfo=UTC)
    assert bounded(now) == now
    assert bounded(EARLIEST - SECOND) == EARLIEST
    assert bounded(FARTHEST + SECOND) == FARTHEST == datetime(2200, 1, 1, tzinfo=UTC)
