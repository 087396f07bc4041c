"""Guessing the access token: slowed down, and never a way to lock out who knows it."""

from datetime import timedelta

import pytest

from tests.web.invented import NOW
from web.http.guesses import KEPT, Guesses

pytestmark = pytest.mark.slow

WRONG = {"Authorization": "Bearer wrong-wrong-wrong"}
RIGHT = {"Authorization": "Bearer open-sesame"}


@pytest.mark.parametrize("path", ["/api/v1/teams", "/", "/runs", "/api/v1/no-such-thing"])
def test_many_wrong_tokens_are_429_on_pages_and_api_alike(locked, path):
    answers = [locked.get(path, headers=WRONG) for _ in range(11)]
    assert {answer.status_code for answer in answers[:10]} <= {401, 303}
    last = answers[-1]
    assert last.status_code == 429
    assert last.headers["content-type"] == "application/problem+json"
    assert 0 < int(last.headers["retry-after"]) <= 60
    assert "Try again in" in last.json()["detail"]


def test_the_right_token_passes_after_any_number_of_wrong_ones(locked):
    for n in range(60):
        locked.get("/api/v1/teams", headers={"Authorization": f"Bearer open-sesam{n}"})
        locked.post("/sign-in", data={"token": f"open-sesam{n}"})
    assert locked.get("/api/v1/teams", headers=RIGHT).status_code == 200
    assert locked.post("/sign-in", data={"token": "open-sesame"}).status_code == 303
    assert locked.get("/").status_code == 200


def test_forged_addresses_neither_hide_who_guesses_nor_lock_others_out(locked):
    for n in range(120):
        forged = {"X-Forwarded-For": f"10.0.0.{n}", "Forwarded": f"for=10.1.0.{n}"}
        answer = locked.get("/api/v1/teams", headers=WRONG | forged)
    assert answer.status_code == 429
    assert locked.get("/api/v1/teams", headers=RIGHT).status_code == 200


def test_without_a_token_nothing_is_guessed(locked):
    assert {locked.get("/api/v1/teams").status_code for _ in range(15)} == {401}
    assert {locked.get("/").status_code for _ in range(15)} == {303}


def test_each_address_has_its_own_tries_and_a_minute_ends_the_wait():
    clock = [NOW]
    guesses = Guesses(lambda: clock[0])
    waits = [guesses.another("192.0.2.1", f"{n}-guess") for n in range(12)]
    assert waits[:10] == [0] * 10
    assert waits[10] > 0
    assert not guesses.another("192.0.2.2", "other")
    clock[0] += timedelta(minutes=1)
    assert not guesses.another("192.0.2.1", "again")


def test_tokens_that_begin_alike_are_slowed_down_from_all_addresses_together():
    guesses = Guesses(lambda: NOW)
    waits = [guesses.another(f"192.0.2.{n}", f"abcd{n}") for n in range(12)]
    assert waits[:10] == [0] * 10
    assert waits[10] > 0
    assert not guesses.another("192.0.2.99", "efgh")


def test_a_network_of_ipv6_is_one_address():
    guesses = Guesses(lambda: NOW)
    waits = [guesses.another(f"2001:db8::{n:x}", f"{n:x}-guess") for n in range(1, 13)]
    assert waits[-1] > 0


def test_what_is_remembered_of_guesses_has_an_end():
    guesses = Guesses(lambda: NOW)
    for n in range(KEPT + 500):
        guesses.another(f"10.{n >> 8 & 255}.{n & 255}.1", str(n))
    assert len(guesses._wrong) == KEPT
