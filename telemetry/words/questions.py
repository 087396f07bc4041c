"""What a sprint or a week asks of a team: each kind of question a rule over figures."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from telemetry.report.impediments.lists import Recurring
from telemetry.report.reviews.shapes import Ageing
from telemetry.report.shapes.time import ImpedimentRow
from telemetry.words.tame import tame
from telemetry.words.targets import External, Target
from telemetry.words.values import (
    Number,
    Part,
    Sentence,
    counted,
    figure,
    hours,
    percent,
    sentence,
)

LONG_OPEN = 3  # working days, at least, before an open impediment is anything to decide
DOUBLED = 2.0
WORKING_DAYS = 5  # of a week, to hold elapsed days against working ones
LEAST_HOURS = 4.0  # of a nature whose share doubled
TITLE = 80
LONGEST_KEY = 58  # characters, as the store keeps it with what is ticked


@dataclass(frozen=True, slots=True)
class Decision:
    """`key` names it in the team's notes; `weight` orders: working days, or points, at stake."""

    key: str
    question: Sentence
    evidence: Sentence
    weight: float


def recurring(groups: Sequence[Recurring]) -> list[Decision]:
    """Impediments of one kind that came back."""
    made = []
    for group in groups:
        last = next((one for one in group.issues[::-1] if one.url), group.issues[-1])
        what = group.pattern or last.key
        evidence: Part = sentence("together ", figure(hours(group.seconds)))
        if not group.seconds:
            evidence = sentence(
                "open for ", figure(counted(group.open_days, "working day")), " together"
            )
        made.append(
            Decision(
                f"recurring:{group.issues[0].id}",
                sentence("Who owns “", tame(what, TITLE), "”?"),
                sentence(
                    "It came back ",
                    figure(Number(len(group.issues)), " times"),
                    ", last as ",
                    figure(last.key, to=External(last.url)),
                    "; ",
                    evidence,
                    ".",
                ),
                group.seconds / 28_800 + group.open_days / 4,
            )
        )
    return made


def long_open(rows: Sequence[ImpedimentRow], usual: float | None) -> list[Decision]:
    """Impediments that are open for longer than usual."""
    least = max(LONG_OPEN, 0.0 if usual is None else usual)
    made = []
    for one in rows:
        age = one.age_working_days
        if age is None or age <= least or not one.url:
            continue
        known = sentence("; half of the past year’s were closed within ", Number(usual))
        made.append(
            Decision(
                f"open:{one.id}",
                sentence(
                    "Escalate ",
                    figure(one.key, to=External(one.url)),
                    f", “{tame(one.summary, TITLE)}”?" if one.summary else "?",
                ),
                sentence(
                    "It is open for ",
                    figure(counted(age, "working day")),
                    known if usual is not None else None,
                    ".",
                ),
                float(age),
            )
        )
    return made


def doubled(
    natures: Sequence[tuple[str, int, Target | None]], whole: int, usual_of: Mapping[str, float]
) -> list[Decision]:
    """A nature of impediments that took twice its usual share."""
    before = sum(usual_of.values())
    made = []
    for nature, seconds, listed in natures:
        usual = usual_of.get(nature, 0.0)
        if not before or not usual or not whole or seconds < LEAST_HOURS * 3600:
            continue
        share, usually = seconds / whole, usual / before
        if share >= DOUBLED * usually:
            made.append(
                Decision(
                    f"nature:{nature}"[:LONGEST_KEY],
                    sentence("What is behind ", tame(nature, TITLE), " this time?"),
                    sentence(
                        "It took ",
                        figure(percent(100 * share), to=listed),
                        " of the impediment hours; usually it is ",
                        figure(percent(100 * usually)),
                        ".",
                    ),
                    seconds / 28_800,
                )
            )
    return made


def too_old(ageing: Ageing, impediments: Collection[int]) -> list[Decision]:
    """Work in progress for longer than 95 of 100 took; open impediments are asked of elsewhere."""
    limit = ageing.limit_days
    made = []
    for one in ageing.issues:
        if limit is None or one.days is None or not one.url or one.id in impediments:
            continue
        made.append(
            Decision(
                f"ageing:{one.id}",
                sentence(
                    "What holds up ",
                    figure(one.key, to=External(one.url)),
                    f", “{tame(one.summary, TITLE)}”?" if one.summary else "?",
                ),
                sentence(
                    "It is in progress for ",
                    figure(counted(round(one.days), "day")),
                    "; 95 of 100 items done in the past year took at most ",
                    Number(limit),
                    ".",
                ),
                one.days * WORKING_DAYS / 7 / 2,
            )
        )
    return made
