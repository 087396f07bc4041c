"""What a seed is run on, and what became of it."""

from collections import Counter
from dataclasses import dataclass, field

from bot.simulator.flavours import Flavour


@dataclass(slots=True)
class Report:
    """What became of a seed; `failures` are sentences, none when all is well."""

    seed: int
    flavour: Flavour
    kind: str
    acts: Counter[str] = field(default_factory=Counter)
    troubles: Counter[str] = field(default_factory=Counter)
    pulls: Counter[str] = field(default_factory=Counter)
    told: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)


def flavour_of(seed: int) -> Flavour:
    return "datacenter" if seed % 2 else "cloud"


def store_of(seed: int) -> str:
    return "postgresql" if seed // 2 % 2 else "sqlite"
