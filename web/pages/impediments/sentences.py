"""The sentences that open the blocks of the page of impediments, from its figures alone."""

from collections.abc import Sequence
from datetime import date

from telemetry.metrics.pareto import pareto, vital_few
from telemetry.metrics.peaks import PeakDay
from telemetry.report.impediments.report import (
    ImpedimentReport,
    Stretch,
)
from telemetry.report.shapes import OpenRow, OpenTime, TimeRow
from web.show.numbers import (
    counted,
    day,
    hours,
    number,
    percent,
    plural,
)
from web.show.text import (
    Run,
    Sentence,
    figure,
    sentence,
)

LISTED = "#listed"


def what(found: ImpedimentReport) -> Sentence:
    """How much came instead, against the sprints before, and of which natures most."""
    this = found.this
    if this is None:
        return sentence("Nothing is known yet: the first pull of this team has not ended.")
    count = this.count if found.logs_time else this.present_count
    if not count:
        start: list[Run | str] = [f"No impediment came up {_within(found, this)}"]
    elif found.logs_time:
        amount = figure(hours(this.seconds), LISTED)
        verb = " took " if this.seconds else ", with no time logged on them, "
        start = [figure(counted(count, "impediment"), LISTED), verb]
        start += [amount if this.seconds else "came up", f" {_within(found, this)}"]
    else:
        start = [
            figure(counted(count, "impediment"), LISTED),
            f" {plural(count, 'was', 'were')} open for ",
            figure(counted(this.open_days, "working day"), LISTED),
            " together" if count > 1 else "",
            f" {_within(found, this)}",
        ]
    return sentence(*start, *_against(found), ". ", *_often_and_costly(found))


def _within(found: ImpedimentReport, this: Stretch) -> str:
    if found.sprint is None:
        return "in the last 4 weeks"
    return f"in {this.label}" + (" so far" if found.sprint.state == "active" else "")


def _against(found: ImpedimentReport) -> list[Run | str]:
    before = found.before
    if before is None:
        return ["; no closed sprint is known before it"]
    each = "" if before.parts == 1 else " each" if found.sprint else " every 4 weeks"
    if found.logs_time:
        amount = hours(found.mean_before("seconds"))
        return [f"; {_those(before, found)} lost ", figure(amount), each]
    amount = counted(round(before.open_days / before.parts, 1), "working day")
    return [f"; in {_those(before, found)} it was ", figure(amount), each]


def _those(before: Stretch, found: ImpedimentReport) -> str:
    """The time before, in the middle of a sentence."""
    is_named = found.sprint is not None and before.parts == 1
    return before.label if is_named else before.label[0].lower() + before.label[1:]


def _often_and_costly(found: ImpedimentReport) -> list[Run | str]:
    """What comes most often beside what costs most, over all of the time shown."""
    counts, costs = _totals(found)
    if len(counts) < 2 or not sum(costs.values()):
        return []
    often = max(sorted(counts), key=lambda name: counts[name])
    steps = pareto(costs)
    few = vital_few(steps)
    share = f"{percent(few[-1].cumulative_percent)} of the "
    share += "hours" if found.logs_time else "open days"
    names = [step.name for step in few]
    most = f"{_listed(names)} {plural(len(names), 'makes', 'make')} up {share}."
    if often == steps[0].name:
        return [f"In all of this time {often} comes most often and costs most; {most}"]
    return [f"In all of this time {often} comes most often, but {steps[0].name} costs most; {most}"]


def _totals(found: ImpedimentReport) -> tuple[dict[str, int], dict[str, int]]:
    counts: dict[str, int] = {}
    costs: dict[str, int] = {}
    for stretch in (found.before, found.this):
        for row in stretch.by_nature if stretch else ():
            count = row.count if found.logs_time else row.present_count
            cost = row.seconds if found.logs_time else row.open_days
            counts[row.nature] = counts.get(row.nature, 0) + count
            costs[row.nature] = costs.get(row.nature, 0) + cost
    return counts, costs


def _listed(names: Sequence[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]


def when(found: ImpedimentReport, today: date) -> Sentence:
    """The worst day, or the day on which most impediments were open."""
    if not found.logs_time:
        most = max(found.open_daily, key=lambda row: sum(row.natures.values()), default=None)
        if most is None or not most.natures:
            return sentence("No impediment was open on a working day of this time.")
        count = sum(most.natures.values())
        on = figure(day(most.start_on, today))
        return sentence("Most were open on ", on, f": {number(count)}{_mostly(most)}.")
    if not found.peaks:
        return sentence("No time was logged on impediments.")
    peak = found.peaks[0]
    on = figure(day(peak.day, today))
    return sentence(on, f" was the worst day: {hours(peak.seconds)}, {mostly(peak)}.")


def _mostly(row: OpenRow) -> str:
    name = max(sorted(row.natures), key=lambda nature: row.natures[nature])
    count, whole = row.natures[name], sum(row.natures.values())
    if count == whole:
        return f", all {name}" if whole > 1 else f", {name}"
    return f", {number(count)} of them {name}" if 2 * count >= whole else ""


def mostly(peak: PeakDay) -> str:
    """The natures that took at least half of a peak day."""
    word = "" if peak.issue_count == 1 else "mostly "
    return word + _listed(peak.natures)


def where(found: ImpedimentReport) -> Sentence:
    """The shares of impediments and off-plan work, and where impediments took most."""
    if found.this is None or not found.logs_time:
        return sentence("No time is logged, so planned and off-plan time are not known.")
    rows = found.sprint_rows or found.rows
    whole = sum(row.time.all_seconds for row in rows)
    lost = sum(row.time.impediment_seconds for row in rows)
    off = sum(row.time.off_plan_seconds for row in rows)
    shares = f"{percent(100 * lost / whole)} went to impediments" if whole else ""
    if off and whole:
        shares += f" and {percent(100 * off / whole)} off-plan"
    where = f" in {counted(len(rows), 'sprint')}" if found.sprint_rows else ""
    start: list[Run | str] = ["Of ", figure(hours(whole)), f" logged{where}, {shares}"]
    labelled = [row for row in found.sprint_rows if row.time.impediment_seconds]
    if len(labelled) < 2:
        return sentence(*start, ".")
    worst = max(labelled, key=_impediment_share)
    share = percent(_impediment_share(worst))
    return sentence(*start, "; impediments took most in ", figure(worst.label), f", {share}.")


def _impediment_share(row: TimeRow) -> float:
    return row.time.impediment_share_percent or 0.0


def still_open(found: ImpedimentReport) -> Sentence:
    """How many are open and for how long, and how long closing took against before."""
    this, before = found.this, found.before
    if this is None:
        return sentence("Nothing is known yet.")
    if not found.open:
        start: list[Run | str] = ["No impediment is open. "]
    else:
        oldest = found.open[0]
        verb = plural(len(found.open), "is", "are")
        start = [figure(counted(len(found.open), "impediment"), LISTED), f" {verb} open, "]
        start += ["the oldest, " if len(found.open) > 1 else "", figure(oldest.key, oldest.url)]
        start.append(f", for {counted(oldest.age_working_days or 0, 'working day')}. ")
    usual = None if before is None else before.median_hours_to_close
    now = this.median_hours_to_close
    where = _within(found, this)
    if now is None and usual is None:
        return sentence(*start, f"None was closed {where} or before.")
    against = "" if before is None else _those(before, found)
    if now is None:
        took = hours((usual or 0) * 3600)
        return sentence(
            *start, f"None was closed {where}; in {against} it took ", figure(took), "."
        )
    parts: list[Run | str] = [f"Closing one {where} took ", figure(hours(now * 3600))]
    if usual is not None:
        parts.append(f", against {hours(usual * 3600)} in {against}")
    return sentence(*start, *parts, " (medians).")


def comes_back(found: ImpedimentReport) -> Sentence:
    """How many impediments say the same as others, and what they cost together."""
    groups = found.recurring
    if not groups:
        return sentence("No impediment came up three times in other words of the same kind.")
    count = sum(len({row.key for row in group.issues}) for group in groups)
    if found.logs_time:
        cost = f", and took {hours(sum(group.seconds for group in groups))}"
    else:
        days = sum(group.open_days for group in groups)
        cost = f", and were open for {counted(days, 'working day')}"
    kinds = counted(len(groups), "kind")
    every = f"of {number(len({row.key for row in found.found}))} impediments"
    verb = plural(len(groups), "comes", "come")
    return sentence(
        figure(f"{number(count)} {every}"), " are of ", figure(kinds), f" that {verb} back{cost}."
    )


def instead_open(found: OpenTime, *, is_running: bool) -> Sentence:
    """The sprint's second block where no time is logged."""
    so_far = " so far" if is_running else ""
    if not found.present_count:
        return sentence(f"No time was logged{so_far}, and no impediment was open.")
    days = sum(row.open_days for row in found.by_nature)
    most = max(found.by_nature, key=lambda row: row.open_days)
    link = "?impediments=all#impediments"
    parts: list[Run | str] = [
        figure(counted(found.present_count, "impediment"), link),
        f" {plural(found.present_count, 'was', 'were')} open for ",
        figure(counted(days, "working day"), link),
        f"{' together' if found.present_count > 1 else ''}{so_far}",
    ]
    if len(found.by_nature) > 1 and most.open_days:
        parts.append(f", most of them {most.nature}" if 2 * most.open_days > days else "")
    return sentence(*parts, ". No time was logged, so days open stand here instead of hours.")
