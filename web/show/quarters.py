"""The choice of a quarter: the one before, all there are, the one after."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from telemetry.domain.quarter import Quarter


@dataclass(frozen=True, slots=True)
class Choice:
    label: str
    href: str
    is_current: bool = False


@dataclass(frozen=True, slots=True)
class Chooser:
    """`before` and `after` are None beyond the quarters that something is of, and the next."""

    label: str
    before: Choice | None
    after: Choice | None
    menu: tuple[Choice, ...]


def chooser(
    shown: Quarter,
    current: Quarter,
    known: Iterable[Quarter],
    address: Callable[[Quarter], str],
) -> Chooser:
    """The quarters known, the running one and the next, the newest first."""
    every = sorted({*known, current, current.next(), shown})

    def choice(one: Quarter) -> Choice:
        return Choice(_label(one, current), address(one), one == shown)

    before, after = shown.before(), shown.next()
    return Chooser(
        _label(shown, current),
        choice(before) if before >= every[0] else None,
        choice(after) if after <= every[-1] else None,
        tuple(map(choice, reversed(every))),
    )


def _label(quarter: Quarter, current: Quarter) -> str:
    return f"{quarter}, running" if quarter == current else str(quarter)
