"""What alerts were worth: how often they came true, beside what chance alone gives; pure."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from statistics import median

from telemetry.alerts.replay import JUDGED, Spoke, Usual, replay
from telemetry.domain.calendar import ONE_DAY
from telemetry.metrics.flow import percentiles
from telemetry.report.alerts.past import PastImpediment, PastSprint, PastYear
from telemetry.settings.alerting import RULES, AlertSettings

MUCH = 15  # percent of the commitment that is not completed
TWICE = 2


@dataclass(frozen=True, slots=True)
class RuleRecord:
    """How a rule with this threshold would have done.

    `spoken` is how often it opened, `told` counts what it said later, too. Of those that opened
    `judged` can be told by now, `came_true` of them did. Of `subjects`, all sprints or
    impediments of the time, `true_subjects` ended so anyway. `lead_days` is the median of the
    working days from a word that came true to the end.
    """

    rule: str
    threshold: float
    spoken: int
    told: int
    weeks: float
    judged: int
    came_true: int
    subjects: int
    true_subjects: int
    lead_days: float | None

    @property
    def a_week(self) -> float:
        return self.spoken / self.weeks if self.weeks else 0.0

    @property
    def came_true_percent(self) -> float | None:
        return 100 * self.came_true / self.judged if self.judged else None

    @property
    def chance_percent(self) -> float | None:
        return 100 * self.true_subjects / self.subjects if self.subjects else None


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether it came true, None where nobody can tell yet, and how early it was said."""

    is_true: bool | None
    lead_days: int | None = None


@dataclass(frozen=True, slots=True)
class TeamRecord:
    """A rule's record in a team, and that of another threshold where one is tried."""

    team_key: str
    team_name: str
    known: RuleRecord
    is_on: bool
    tried: RuleRecord | None = None


def team_records(
    past: PastYear, on: Mapping[str, AlertSettings], rule: str | None, threshold: float | None
) -> tuple[TeamRecord, ...]:
    """A record of each rule, by default as it is on; of one rule where it is named."""
    asked = (rule,) if rule else JUDGED
    entries = {name: on.get(name) or AlertSettings(rule=name) for name in asked}
    tried: dict[str, RuleRecord] = {}
    if threshold is not None:
        other = {
            name: one.model_copy(update={main_threshold(name): threshold})
            for name, one in entries.items()
        }
        tried = {one.rule: one for one in record(past, other)}
    return tuple(
        TeamRecord(past.key, past.name, one, one.rule in on, tried.get(one.rule))
        for one in record(past, entries)
    )


def main_threshold(rule: str) -> str:
    """The key of a rule's threshold that can be tried."""
    return next(iter(RULES[rule].takes))


def record(past: PastYear, entries: Mapping[str, AlertSettings]) -> tuple[RuleRecord, ...]:
    """The records of the rules that can be judged, in their order."""
    judged = {name: entries[name] for name in JUDGED if name in entries}
    spoken: dict[str, list[Spoke]] = defaultdict(list)
    for one in replay(past, judged):
        spoken[one.rule].append(one)
    return tuple(_record(past, entry, spoken[name]) for name, entry in judged.items())


def together(records: Iterable[RuleRecord]) -> RuleRecord:
    """The records of one rule in several teams as one; the weeks are those of all."""
    some = list(records)
    leads = [one.lead_days for one in some if one.lead_days is not None]
    return RuleRecord(
        rule=some[0].rule,
        threshold=some[0].threshold,
        spoken=sum(one.spoken for one in some),
        told=sum(one.told for one in some),
        weeks=sum(one.weeks for one in some),
        judged=sum(one.judged for one in some),
        came_true=sum(one.came_true for one in some),
        subjects=sum(one.subjects for one in some),
        true_subjects=sum(one.true_subjects for one in some),
        lead_days=median(leads) if leads else None,
    )


def _record(past: PastYear, entry: AlertSettings, spoken: Sequence[Spoke]) -> RuleRecord:
    opened = [one for one in spoken if one.kind == "opened"]
    judge = _Judge(past)
    verdicts = [judge.verdict(one) for one in opened]
    known = [one for one in verdicts if one.is_true is not None]
    leads = [one.lead_days for one in known if one.is_true and one.lead_days is not None]
    every = list(judge.by_chance(entry.rule))
    days = (past.calendar.day_of(past.as_of) - past.since).days
    return RuleRecord(
        rule=entry.rule,
        threshold=entry.threshold(main_threshold(entry.rule)),
        spoken=len(opened),
        told=len(spoken),
        weeks=days / 7,
        judged=len(known),
        came_true=sum(bool(one.is_true) for one in known),
        subjects=len(every),
        true_subjects=sum(every),
        lead_days=median(leads) if leads else None,
    )


class _Judge:
    """Tells how what was warned of ended."""

    def __init__(self, past: PastYear) -> None:
        self._past, self._usual = past, Usual(past)
        self._sprints = {str(one.summary.id): one for one in past.sprints}
        self._impediments = defaultdict(list)
        for one in past.impediments:
            self._impediments[str(one.span.issue_id)].append(one)
        self._start = past.calendar.day_start(past.since)
        self._quarters = {str(one.term.quarter): one for one in past.quarters.quarters}

    def verdict(self, spoke: Spoke) -> Verdict:
        """How one warning ended."""
        if spoke.rule == "impediment_open":
            return self._of_impediment(spoke)
        if spoke.rule == "quarter_at_risk":
            return self._of_quarter(spoke)
        if spoke.rule == "impediment_time":
            sprint = self._running_at(spoke.day)
            is_true = None if sprint is None else self._is_costly(sprint)
        else:
            sprint = self._sprints.get(spoke.subject_id)
            is_true = None if sprint is None else _is_missed(sprint)
        if sprint is None or is_true is None:
            return Verdict(None)
        return Verdict(is_true, self._days_to(spoke.day, sprint.summary.window_end_at))

    def by_chance(self, rule: str) -> Iterator[bool]:
        """Of all that it could have warned of, how each ended."""
        if rule == "impediment_open":
            for one in self._past.impediments:
                closed = one.span.closed_at
                if closed is not None and closed >= self._start:
                    usual = self._usual_days(closed)
                    if usual is not None:
                        yield self._lasted(one, closed) >= TWICE * usual
            return
        if rule == "quarter_at_risk":
            ends = (one.is_missed for one in self._quarters.values())
            yield from (is_missed for is_missed in ends if is_missed is not None)
            return
        for sprint in self._past.sprints:
            end = sprint.summary.window_end_at
            if end is None or end < self._start:
                continue
            is_costly = rule == "impediment_time"
            ended = self._is_costly(sprint) if is_costly else _is_missed(sprint)
            if ended is not None:
                yield ended

    def _of_impediment(self, spoke: Spoke) -> Verdict:
        at = self._past.calendar.day_end(spoke.day)
        usual = self._usual_days(at)
        for one in self._impediments[spoke.subject_id]:
            if usual is None or not one.span.is_open(at, at):
                continue
            ends = (until for _, until in one.span.open_times() if until is None or until > at)
            end = next(ends, None)
            lasted = self._lasted(one, end or self._past.as_of)
            if end is None and lasted < TWICE * usual:
                return Verdict(None)
            return Verdict(lasted >= TWICE * usual, self._days_to(spoke.day, end))
        return Verdict(None)

    def _of_quarter(self, spoke: Spoke) -> Verdict:
        quarter = self._quarters.get(spoke.subject_id)
        if quarter is None or quarter.is_missed is None:
            return Verdict(None)
        calendar = self._past.calendar
        ahead = calendar.working_days(spoke.day + ONE_DAY, quarter.term.last)
        return Verdict(quarter.is_missed, ahead)

    def _running_at(self, day: date) -> PastSprint | None:
        """The sprint that ran at the end of a day, or began next."""
        at = self._past.calendar.day_end(day)
        later = [
            one
            for one in self._past.sprints
            if one.summary.window_end_at is not None and one.summary.window_end_at >= at
        ]
        return min(later, key=lambda one: (one.summary.window_end_at, one.summary.id), default=None)

    def _is_costly(self, sprint: PastSprint) -> bool | None:
        """Whether impediments took a larger share of its time than they usually do."""
        share, start = _share(sprint), sprint.summary.started_at
        if share is None or start is None:
            return None
        before = [
            known
            for one in self._past.sprints
            if (end := one.summary.window_end_at) is not None and end <= start
            for known in [_share(one)]
            if known is not None
        ]
        usual = before[-self._past.usual_count :]
        return share > median(usual) if usual else None

    def _usual_days(self, at: datetime) -> float | None:
        known = percentiles(map(float, self._usual.closing_days(at)))
        return None if known is None else known.days_85

    def _lasted(self, one: PastImpediment, end: datetime) -> int:
        calendar = self._past.calendar
        return calendar.working_days(calendar.day_of(one.span.opened_at), calendar.day_of(end))

    def _days_to(self, day: date, end: datetime | None) -> int | None:
        if end is None:
            return None
        calendar = self._past.calendar
        return calendar.working_days(day + ONE_DAY, calendar.day_of(end))


def _is_missed(sprint: PastSprint) -> bool | None:
    """Whether more than a little of its commitment was not completed."""
    figures = sprint.summary.figures
    if figures is None or figures.commitment_kept_percent is None:
        return None
    return figures.commitment_kept_percent < 100 - MUCH


def _share(sprint: PastSprint) -> float | None:
    figures = sprint.summary.figures
    return None if figures is None else figures.time.impediment_share_percent
