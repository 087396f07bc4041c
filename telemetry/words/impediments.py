"""The sentences that open the blocks of the page of impediments, from its figures alone."""

from collections.abc import Mapping, Sequence
from datetime import date

from telemetry.metrics.figures import summed
from telemetry.metrics.pareto import pareto, vital_few
from telemetry.metrics.peaks import PeakDay
from telemetry.report.impediments.shapes import ImpedimentReport, Stretch
from telemetry.report.shapes.time import OpenRow, TimeRow
from telemetry.words.targets import Impediments, issue_page
from telemetry.words.values import (
    NOTHING,
    Day,
    Number,
    Part,
    Sentence,
    counted,
    figure,
    hours,
    percent,
    plural,
    sentence,
    unique_most,
)

LISTED = Impediments()


def what(found: ImpedimentReport) -> Sentence:
    """How much came instead, against the sprints before, and of which natures most."""
    this = found.this
    if this is None:
        return sentence("Nothing is known yet: the first pull of this team has not ended.")
    if found.impediments_unknown is not None:
        return sentence(found.impediments_unknown)
    return sentence(
        _came(found, this),
        f" {_within(found, this)}",
        _against(found),
        ". ",
        _often_and_costly(found),
    )


def _came(found: ImpedimentReport, this: Stretch) -> Sentence:
    count = this.count if found.logs_time else this.present_count
    if not count:
        return sentence("No impediment came up")
    amount = figure(counted(count, "impediment"), to=LISTED)
    if not found.logs_time:
        return sentence(
            amount,
            f" {plural(count, 'was', 'were')} open for ",
            figure(counted(this.open_days, "working day"), to=LISTED),
            " together" if count > 1 else "",
        )
    if not this.seconds:
        return sentence(amount, ", with no time logged on them, came up")
    return sentence(amount, " took ", figure(hours(this.seconds), to=LISTED))


def _within(found: ImpedimentReport, this: Stretch) -> str:
    if found.is_of_days:
        word = "on" if this.first_on == this.last_on else "in"
        return f"{word} {this.label[0].lower()}{this.label[1:]}"
    if found.sprint is None:
        return "in the last 4 weeks"
    return f"in {this.label}" + (" so far" if found.sprint.state == "active" else "")


def _against(found: ImpedimentReport) -> Sentence:
    before = found.before
    if before is None:
        return sentence("; no closed sprint is known before it")
    each = "" if before.parts == 1 else " each" if found.sprint else " every 4 weeks"
    if found.logs_time:
        amount = figure(hours(found.mean_before("seconds")))
        return sentence(f"; {_those(before, found)} lost ", amount, each)
    days = figure(counted(round((before.open_days or 0) / before.parts, 1), "working day"))
    return sentence(f"; in {_those(before, found)} it was ", days, each)


def _those(before: Stretch, found: ImpedimentReport) -> str:
    """The time before, in the middle of a sentence."""
    is_named = found.sprint is not None and before.parts == 1
    return before.label if is_named else before.label[0].lower() + before.label[1:]


def _often_and_costly(found: ImpedimentReport) -> Sentence:
    """What comes most often beside what costs most, over all of the time shown."""
    counts, costs = _totals(found)
    if len(counts) < 2 or not sum(costs.values()):
        return NOTHING
    few = vital_few(pareto(costs))
    names = [step.name for step in few]
    most = often_and_costly(counts, costs)
    time = "In these days" if found.is_of_days else "In all of this time"
    return sentence(
        f"{time} {most}; " if most else f"{time} ",
        f"{_listed(names)} {plural(len(names), 'makes', 'make')} up ",
        percent(few[-1].cumulative_percent),
        " of the ",
        "hours." if found.logs_time else "open days.",
    )


def often_and_costly(counts: Mapping[str, float], costs: Mapping[str, float]) -> str:
    """What comes most often and what costs most, each only where one alone does."""
    often, costly = unique_most(counts), unique_most(costs)
    if often is None or costly is None:
        comes = f"{often} comes most often" if often else ""
        return f"{costly} costs most" if costly else comes
    if often == costly:
        return f"{often} comes most often and costs most"
    return f"{often} comes most often, but {costly} costs most"


def _totals(found: ImpedimentReport) -> tuple[dict[str, int], dict[str, int]]:
    counts: dict[str, int] = {}
    costs: dict[str, int] = {}
    for stretch in (None if found.is_of_days else found.before, found.this):
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
    if found.impediments_unknown is not None:
        return NOTHING
    if not found.logs_time:
        most = max(found.open_daily, key=lambda row: sum(row.natures.values()), default=None)
        if most is None or not most.natures:
            return sentence("No impediment was open on a working day of this time.")
        if sum(most.natures.values()) == 1:
            return sentence("No more than one was open on any day.")
        on, count = figure(Day(most.start_on, today)), Number(sum(most.natures.values()))
        return sentence("Most were open on ", on, ": ", count, _mostly(most), ".")
    return _worst(found.peaks, today)


def _worst(peaks: Sequence[PeakDay], today: date) -> Sentence:
    """The day that lost most."""
    if not peaks:
        return sentence("No time was logged on impediments.")
    peak = peaks[0]
    on = figure(Day(peak.day, today))
    if len(peaks) == 1:
        return sentence("All of it was logged on ", on, ": ", peak_words(peak), ".")
    return sentence(on, " was the worst day: ", peak_words(peak), ".")


def _mostly(row: OpenRow) -> Part:
    name = max(sorted(row.natures), key=lambda nature: row.natures[nature])
    count, whole = row.natures[name], sum(row.natures.values())
    if count == whole:
        return f", all {name}" if whole > 1 else f", {name}"
    return sentence(", ", Number(count), f" of them {name}") if 2 * count >= whole else None


def peak_words(peak: PeakDay) -> Sentence:
    """What a peak day took, and the natures that took at least half of it."""
    word = "" if peak.issue_count == 1 else "mostly "
    return sentence(hours(peak.seconds), f", {word}{_listed(peak.natures)}")


def where(found: ImpedimentReport) -> Sentence:
    """The shares of impediments and off-plan work, and where impediments took most."""
    if found.this is None or not found.logs_time:
        return sentence("No time is logged, so planned and off-plan time are not known.")
    rows = found.sprint_rows or found.rows
    whole = sum(row.time.all_seconds for row in rows)
    many = counted(len(rows), "sprint") if found.sprint_rows else None
    return sentence(
        "Of ",
        figure(hours(whole)),
        " logged",
        " in " if many else None,
        many,
        ", ",
        _shares(rows, whole),
        _most_in(found.sprint_rows),
        ".",
    )


def _shares(rows: Sequence[TimeRow], whole: int) -> Sentence:
    if not whole:
        return NOTHING
    time = summed(row.time for row in rows)
    lost, off = time.impediment_seconds, time.off_plan_seconds
    if lost is None:
        return sentence(percent(100 * off / whole), " went to off-plan work")
    said = sentence(percent(100 * lost / whole), " went to impediments")
    return sentence(said, " and ", percent(100 * off / whole), " off-plan") if off else said


def _most_in(sprint_rows: Sequence[TimeRow]) -> Sentence:
    labelled = [row for row in sprint_rows if row.time.impediment_seconds]
    if len(labelled) < 2:
        return NOTHING
    worst = max(labelled, key=_impediment_share)
    name, share = figure(worst.label), percent(_impediment_share(worst))
    return sentence("; impediments took most in ", name, ", ", share)


def _impediment_share(row: TimeRow) -> float:
    return row.time.impediment_share_percent or 0.0


def still_open(found: ImpedimentReport) -> Sentence:
    """How many are open and for how long, and how long closing took against before."""
    if found.this is None:
        return sentence("Nothing is known yet.")
    if found.impediments_unknown is not None:
        return NOTHING
    return sentence(_open(found), _closing(found, found.this))


def _open(found: ImpedimentReport) -> Sentence:
    at_end = _at_end(found)
    if not found.open:
        return sentence(f"No impediment {'was' if at_end else 'is'} open{at_end}. ")
    oldest, count = found.open[0], len(found.open)
    verb = plural(count, "was", "were") if at_end else plural(count, "is", "are")
    return sentence(
        figure(counted(count, "impediment"), to=LISTED),
        f" {verb} open{at_end}, ",
        "the oldest, " if count > 1 else "",
        figure(oldest.key, to=issue_page(oldest.url, oldest.key, oldest.summary)),
        ", for ",
        counted(oldest.age_working_days or 0, "working day"),
        ". ",
    )


def _at_end(found: ImpedimentReport) -> str:
    """The end that "open" is said of, where it is past."""
    if not found.is_past:
        return ""
    return " at the end of these days" if found.is_of_days else " at the close"


def _closing(found: ImpedimentReport, this: Stretch) -> Sentence:
    before, where = found.before, _within(found, this)
    usual = None if before is None else before.median_hours_to_close
    now = this.median_hours_to_close
    if now is None and usual is None:
        return sentence(f"None was closed {where} or before.")
    against = "" if before is None else _those(before, found)
    if now is None:
        took = figure(hours((usual or 0) * 3600))
        return sentence(f"None was closed {where}; in {against} it took ", took, ".")
    took = figure(hours(now * 3600))
    compared = NOTHING
    if usual is not None:
        compared = sentence(", against ", hours(usual * 3600), f" in {against}")
    return sentence(f"Closing one {where} took ", took, compared, " (medians).")


def comes_back(found: ImpedimentReport) -> Sentence:
    """How many impediments say the same as others, and what they cost together."""
    groups = found.recurring
    if not groups:
        return sentence("No impediment came up three times in other words of the same kind.")
    count = sum(len({row.key for row in group.issues}) for group in groups)
    if found.logs_time:
        cost = sentence(", and took ", hours(sum(group.seconds for group in groups)))
    else:
        days = counted(sum(group.open_days for group in groups), "working day")
        cost = sentence(", and were open for ", days)
    every = len({row.key for row in found.found})
    are_all = count >= every
    return sentence(
        figure("All ", counted(count, "impediment"))
        if are_all
        else figure(Number(count), " of ", counted(every, "impediment")),
        " are of ",
        figure(counted(len(groups), "kind")),
        f" that {plural(len(groups), 'comes', 'come')} back",
        cost,
        ".",
    )
