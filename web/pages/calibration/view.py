"""What the pages of calibration show: sentences, promises beside what came, charts."""

from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from telemetry.metrics.forecast import AMOUNTS, PERCENTILES
from telemetry.metrics.tally import Level, Month, Tally
from telemetry.report.calibration import Calibration, KindRecord, TeamCalibration
from telemetry.words import calibration as words
from telemetry.words.values import Sentence
from web.pages.calibration import chart as charts
from web.show.chart import Figure

TITLES = {"sprint": "Sprints", "epic": "Epics", "quarter": "Quarters", "program": "Programs"}


@dataclass(frozen=True, slots=True)
class Cell:
    """What promises of one chance came to; `word` is empty where too few can be judged."""

    level: Level
    word: str

    @property
    def is_enough(self) -> bool:
        return words.is_enough(self.level)


@dataclass(frozen=True, slots=True)
class Line:
    """The promises of a chance: dates, or amounts. Those shown, and back-tests."""

    what: str
    promised: int
    shown: Cell
    tested: Cell

    @property
    def told(self) -> Level:
        """That of which the reach and the loss are told."""
        return self.shown.level if self.shown.is_enough else self.tested.level


@dataclass(frozen=True, slots=True)
class KindView:
    """A kind of forecast: its sentence, its promises, and its two records."""

    kind: str
    title: str
    lead: Sentence
    lines: tuple[Line, ...]
    shown: Tally
    tested: Tally

    @property
    def is_known(self) -> bool:
        """Whether there is anything to be told in figures."""
        return bool(self.shown.count or self.shown.gone_count or self.tested.count)


@dataclass(frozen=True, slots=True)
class TeamCell:
    """A team's days with 85 % of one kind; `is_tested` where they are of back-tests."""

    cell: Cell
    is_tested: bool
    width: float | None


@dataclass(frozen=True, slots=True)
class TeamLine:
    key: str
    name: str
    cells: tuple[TeamCell, ...]  # sprint, quarter


@dataclass(frozen=True, slots=True)
class MonthLine:
    """A month: of each kind the median width, and what its days with 85 % came to."""

    name: str
    months: tuple[tuple[Month | None, bool], ...]  # and whether it is of back-tests


@dataclass(frozen=True, slots=True)
class CalibrationView:
    """All that its template says."""

    zone: ZoneInfo
    lead: Sentence
    kinds: tuple[KindView, ...]
    reliability: Figure | None
    bins: tuple[tuple[int, int, tuple[float, ...], tuple[float, ...]], ...]
    width: Figure | None
    width_kinds: tuple[str, ...]
    months: tuple[MonthLine, ...]
    teams: tuple[TeamLine, ...]

    @property
    def first_known(self) -> int | None:
        """The place of the first kind with figures: there words are explained."""
        return next((place for place, one in enumerate(self.kinds) if one.is_known), None)


def calibration_view(found: Calibration) -> CalibrationView:
    """The view of what forecasts came to."""
    shown, tested = found.shown, found.tested
    with_months = [one for one in found.kinds if one.shown.months or one.tested.months]
    return CalibrationView(
        zone=ZoneInfo(found.timezone),
        lead=words.lead(found),
        kinds=tuple(map(_kind, found.kinds)),
        reliability=charts.reliability(shown, tested),
        bins=tuple(_bins(shown, tested)),
        width=charts.widths(with_months, found.today),
        width_kinds=tuple(TITLES[one.kind] for one in with_months),
        months=_months(with_months),
        teams=tuple(map(_team, found.teams)),
    )


def _kind(one: KindRecord) -> KindView:
    return KindView(
        one.kind, TITLES[one.kind], words.of_kind(one), tuple(_lines(one)), one.shown, one.tested
    )


def _lines(one: KindRecord) -> Iterator[Line]:
    shown, tested = one.shown, one.tested
    for promised, level, other in zip(PERCENTILES, shown.dates, tested.dates, strict=True):
        yield Line("date", promised, _cell(level, promised), _cell(other, promised))
    for promised, level, other in zip(AMOUNTS, shown.amounts, tested.amounts, strict=True):
        if level.count or other.count:
            yield Line("amount", promised, _cell(level, promised), _cell(other, promised))


def _cell(level: Level, promised: int) -> Cell:
    return Cell(level, words.word_of(level, promised) if words.is_enough(level) else "")


def _bins(
    shown: Tally, tested: Tally
) -> Iterator[tuple[int, int, tuple[float, ...], tuple[float, ...]]]:
    """The tenths of chances that hold some, with count, said and came of both records."""
    wide = 100 // len(shown.bins)
    for place, (one, other) in enumerate(zip(shown.bins, tested.bins, strict=True)):
        if one[0] or other[0]:
            yield place * wide, (place + 1) * wide, tuple(one), tuple(other)


def _months(kinds: list[KindRecord]) -> tuple[MonthLine, ...]:
    names = {name for one in kinds for name in (*one.shown.months, *one.tested.months)}
    return tuple(
        MonthLine(name, tuple(charts.month_of(one, name) for one in kinds))
        for name in sorted(names, reverse=True)
    )


def _team(one: TeamCalibration) -> TeamLine:
    by_kind = {record.kind: record for record in one.kinds}
    return TeamLine(
        one.key, one.name, tuple(_team_cell(by_kind[kind]) for kind in ("sprint", "quarter"))
    )


def _team_cell(record: KindRecord) -> TeamCell:
    is_tested = not words.is_enough(record.shown.dates[words.MAIN])
    tally = record.tested if is_tested else record.shown
    level = tally.dates[words.MAIN]
    return TeamCell(_cell(level, PERCENTILES[words.MAIN]), is_tested, tally.median_width)
