"""What is said of a team's time where it has no sprints, and where it logs none."""

from collections.abc import Sequence

from telemetry.metrics.figures import summed
from telemetry.report.shapes.time import ImpedimentRow, NatureTime, OpenTime, TimeRow
from telemetry.words.targets import Target, TeamImpediments
from telemetry.words.values import Sentence, counted, figure, hours, percent, plural, sentence


def weeks(rows: Sequence[TimeRow], found: Sequence[ImpedimentRow]) -> Sentence:
    """What impediments took of the time logged in some weeks."""
    whole = summed(row.time for row in rows)
    logged, lost = whole.all_seconds, whole.impediment_seconds
    if not logged:
        return sentence("No time was logged in these weeks.")
    if lost is None:
        return sentence(figure(hours(logged)), " logged.")
    if not lost:
        return sentence(figure(hours(logged)), " logged, none of them on impediments.")
    return sentence(
        figure(counted(len(found), "impediment"), to=TeamImpediments()),
        " took ",
        figure(hours(lost), to=TeamImpediments()),
        ", ",
        percent(100 * lost / logged),
        " of the time logged.",
    )


def instead_open(found: OpenTime, listed: Target, *, is_running: bool) -> Sentence:
    """What a sprint, or some weeks, say of impediments where no time is logged."""
    so_far = " so far" if is_running else ""
    if not found.present_count:
        return sentence(f"No time was logged{so_far}, and no impediment was open.")
    days = sum(row.open_days for row in found.by_nature)
    most = max(found.by_nature, key=lambda row: row.open_days)
    return sentence(
        figure(counted(found.present_count, "impediment"), to=listed),
        f" {plural(found.present_count, 'was', 'were')} open for ",
        figure(counted(days, "working day"), to=listed),
        f"{' together' if found.present_count > 1 else ''}{so_far}",
        _mostly(most, days) if len(found.by_nature) > 1 else "",
        ". No time was logged, so days open stand here instead of hours.",
    )


def _mostly(most: NatureTime, days: int) -> str:
    """The nature of more than half of the days, or of all of them."""
    if most.open_days == days:
        return f", all of them {most.nature}" if days > 1 else f", {most.nature}" if days else ""
    return f", most of them {most.nature}" if 2 * most.open_days > days else ""
