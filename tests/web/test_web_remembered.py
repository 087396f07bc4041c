"""What many ask for at the same time is made once."""

import threading
import time

import pytest

from web.http.answers import Remembered


def test_who_asks_while_it_is_made_waits_for_it():
    remembered, made, got = Remembered[str](8), [], []

    def make() -> str:
        made.append(1)
        time.sleep(0.05)
        return "page"

    asking = [
        threading.Thread(target=lambda: got.append(remembered.get("a", make))) for _ in range(5)
    ]
    for one in asking:
        one.start()
    for one in asking:
        one.join()
    assert (got, len(made)) == (["page"] * 5, 1)


def test_the_value_longest_not_asked_for_is_forgotten():
    remembered = Remembered[int](2)
    remembered.get("a", lambda: 1)
    remembered.get("b", lambda: 2)
    remembered.get("a", lambda: 3)
    remembered.get("c", lambda: 4)
    assert remembered.get("a", lambda: 5) == 1
    assert remembered.get("b", lambda: 6) == 6


def test_what_could_not_be_made_is_tried_again():
    remembered = Remembered[int](2)
    with pytest.raises(ZeroDivisionError):
        remembered.get("a", lambda: 1 // 0)
    assert remembered.get("a", lambda: 1) == 1


def test_values_that_weigh_more_leave_room_for_fewer():
    remembered = Remembered[str](10, len)
    for key, value in (("a", "aaaa"), ("b", "bbbb"), ("c", "cccc")):
        remembered.get(key, value.__str__)
    assert remembered.get("c", lambda: "new") == "cccc"
    assert remembered.get("b", lambda: "new") == "bbbb"
    assert remembered.get("a", lambda: "new") == "new"


def test_what_is_too_heavy_is_given_all_the_same():
    remembered = Remembered[str](2, len)
    assert remembered.get("a", lambda: "aaaa") == "aaaa"
    assert remembered.get("b", lambda: "b") == "b"
    assert remembered.get("b", lambda: "new") == "b"
