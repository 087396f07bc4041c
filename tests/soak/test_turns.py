"""Every two days have a seed of each kind, and no seed waits longer than a hundred days."""

from collections import Counter
from datetime import date, timedelta
from itertools import pairwise, product

from tests.soak.report import flavour_of, store_of
from tests.soak.turns import SEEDS, chosen, seeds_of, settle

DAYS = [date(2026, 11, 28) + timedelta(days=number) for number in range(100)]
ALL_KINDS = set(product(("cloud", "datacenter"), ("sqlite", "postgresql")))


def test_in_a_hundred_days_every_seed_has_its_turn() -> None:
    assert Counter(seed for day in DAYS for seed in seeds_of(day)) == Counter(range(SEEDS))


def test_every_day_has_each_flavour_and_each_database_and_two_days_have_all_pairs() -> None:
    kinds = [[(flavour_of(seed), store_of(seed)) for seed in seeds_of(day)] for day in DAYS]
    for first, second in kinds:
        assert first[0] != second[0]
        assert first[1] != second[1]
    for today, tomorrow in pairwise(kinds):
        assert {*today, *tomorrow} == ALL_KINDS


def test_seeds_that_were_chosen_stay(monkeypatch) -> None:
    monkeypatch.setenv("SOAK_SEEDS", "7 199")
    settle(DAYS[0])
    assert chosen() == [7, 199]
    monkeypatch.delenv("SOAK_SEEDS")
    settle(DAYS[0])
    assert chosen() == seeds_of(DAYS[0])
