"""Places of bars as percentages of their track."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from telemetry.metrics.figures import Nature, SprintFigures
from telemetry.metrics.forecast import Promise, Worth
from telemetry.report.shapes.sprints import ChoiceFigures, SprintChoice
from telemetry.report.shapes.teams import ListedFigures
from telemetry.report.shapes.time import TimeRow
from web.show.links import OFF_PLAN, issues_link, sprint_page
from web.show.numbers import shares

LABEL_FITS = 14  # letters beside a bar
SQUARES_UP_TO = 20  # impediments; from one more on, bars replace squares


@dataclass(frozen=True, slots=True)
class Completion:
    """A bar of done, in progress and to do with the tick of what was expected; percentages."""

    done: float
    in_progress: float
    tick: float | None
    expected_points: float | None
    todo_points: float


def completion(
    figures: SprintFigures | ListedFigures | None, *, is_running: bool
) -> Completion | None:
    """The completion bar, or None where nothing is in scope with an estimate."""
    if figures is None or not figures.total_points:
        return None
    total = figures.total_points
    done, going = figures.done_points, figures.in_progress_points
    expected = None
    has_line = is_running and bool(figures.committed_points)
    if has_line and figures.expected_remaining_points is not None:
        expected = max(total - figures.expected_remaining_points, 0.0)
    return Completion(
        done=_part(done, total),
        in_progress=_part(going, total),
        tick=None if expected is None else _part(expected, total),
        expected_points=expected,
        todo_points=max(total - done - going, 0.0),
    )


def _part(value: float, whole: float) -> float:
    return round(min(max(100 * value / whole, 0), 100), 2) if whole else 0.0


MIN_DATES = 10  # judged: of fewer, a share says nothing
TOLD = 85  # percent: the chance that the sentence tells of, where it can


@dataclass(frozen=True, slots=True)
class CalibrationLine:
    """One chance: promised and came true are percentages, and places on the scale of 0 to 100."""

    promised: int
    came_true: float | None
    held_count: int
    count: int

    @property
    def is_enough(self) -> bool:
        return self.count >= MIN_DATES


@dataclass(frozen=True, slots=True)
class Calibration:
    """How amounts and dates given with each chance held; `main` is the line that is told of.

    It is of amounts, or else of dates, and None where too few can be judged. `lenders` are the
    other teams whose promises they are, 0: the team's own.
    """

    amounts: tuple[CalibrationLine, ...]
    dates: tuple[CalibrationLine, ...]
    main: CalibrationLine | None
    lenders: int

    @property
    def lines(self) -> tuple[CalibrationLine, ...]:
        return (*self.amounts, *self.dates)


def calibration(worth: Worth | None) -> Calibration | None:
    """The lines, or None where nothing is promised."""
    if worth is None:
        return None
    amounts, dates = (_lines(some) for some in (worth.corrected.amounts, worth.corrected.dates))
    return Calibration(amounts, dates, _main(amounts) or _main(dates), worth.lenders)


def _lines(promises: Sequence[Promise]) -> tuple[CalibrationLine, ...]:
    return tuple(
        CalibrationLine(p.promised_percent, p.came_true_percent, p.held_count, p.count)
        for p in promises
    )


def _main(lines: Sequence[CalibrationLine]) -> CalibrationLine | None:
    told = [line for line in lines if line.is_enough]
    return next((line for line in told if line.promised == TOLD), None) or next(iter(told), None)


@dataclass(frozen=True, slots=True)
class NatureLine:
    nature: str
    slot: str
    count: int
    seconds: int
    usual_seconds: float | None
    bar: float
    tick: float | None
    count_bar: float
    share: int | None


@dataclass(frozen=True, slots=True)
class NatureTable:
    """Natures with most time first; strips are whole percentages that add up to 100."""

    lines: tuple[NatureLine, ...]
    count_strip: tuple[tuple[str, str, int], ...]
    time_strip: tuple[tuple[str, str, int], ...]
    has_squares: bool
    has_time: bool


def natures(
    rows: Sequence[Nature], slots: Mapping[str, str], usual: Mapping[str, float] | None = None
) -> NatureTable | None:
    """The table of natures with its two strips, or None without impediments.

    `usual` are the usual seconds of each nature that had some, None where nothing is usual yet.
    """
    if not rows:
        return None
    ordered = sorted(rows, key=lambda row: (-row.seconds, -row.count, row.nature))
    ticks = [None if usual is None else usual.get(row.nature, 0.0) for row in ordered]
    longest = max(max(row.seconds, tick or 0) for row, tick in zip(ordered, ticks, strict=True))
    most = max(row.count for row in ordered)
    of_time = shares([row.seconds for row in ordered])
    of_count = shares([row.count for row in ordered])
    lines = tuple(
        NatureLine(
            row.nature,
            slots.get(row.nature, "other"),
            row.count,
            row.seconds,
            ticks[n],
            _part(row.seconds, longest),
            None if (tick := ticks[n]) is None else _part(tick, longest),
            _part(row.count, most),
            of_time[n] if of_time else None,
        )
        for n, row in enumerate(ordered)
    )
    return NatureTable(
        lines,
        _strip(lines, of_count),
        _strip(lines, of_time),
        has_squares=sum(row.count for row in ordered) <= SQUARES_UP_TO,
        has_time=of_time is not None,
    )


def _strip(
    lines: Sequence[NatureLine], parts: Sequence[int] | None
) -> tuple[tuple[str, str, int], ...]:
    if parts is None:
        return ()
    return tuple(
        (line.nature, line.slot, part) for line, part in zip(lines, parts, strict=True) if part
    )


@dataclass(frozen=True, slots=True)
class ShareLine:
    label: str
    short: str  # without the words that all labels begin with, where they are long
    parts: tuple[int, int, int] | None  # planned, impediments, off-plan; None: see `nothing`
    links: tuple[str, str, str] | None = None  # where the issues behind the parts are listed
    nothing: str = "no time logged"

    @property
    def is_short(self) -> bool:
        """Whether its name stands on one line, as wide as it is."""
        return len(self.short) <= LABEL_FITS

    @property
    def linked(self) -> list[tuple[int, str]]:
        """Each part with its link; "" where it has none, or is nothing."""
        links = self.links or ("", "", "")
        pairs = zip(self.parts or (), links, strict=False)
        return [(part, link if part else "") for part, link in pairs]

    @property
    def bars(self) -> list[tuple[str, int]]:
        """The parts that are not 0 with their looks."""
        looks = ("plan", "imp", "off")
        return [pair for pair in zip(looks, self.parts or (0, 0, 0), strict=True) if pair[1]]


def share_lines(
    rows: Sequence[TimeRow], team_key: str = "", shown: int | None = None
) -> list[ShareLine]:
    """Planned, impediment and off-plan shares of each row, each adding up to 100.

    `shown` is the sprint that the page is about, whose lists are on the page itself.
    """
    lines = []
    for row, short in zip(rows, _shortened([row.label for row in rows]), strict=True):
        time, links = row.time, None
        lost = time.impediment_seconds
        known = None if lost is None else [time.planned_seconds, lost, time.off_plan_seconds]
        parts = None if known is None else shares(known)
        whole = None if parts is None else (parts[0], parts[1], parts[2])
        if row.sprint_id is not None:
            links = share_links(team_key, row.sprint_id, is_shown=row.sprint_id == shown)
        nothing = "impediments not known" if lost is None else "no time logged"
        lines.append(ShareLine(row.label, short, whole, links, nothing))
    return lines


def share_links(team_key: str, sprint_id: int, *, is_shown: bool) -> tuple[str, str, str]:
    """Where a sprint's issues with planned time, impediments and off-plan issues are listed."""
    page = "" if is_shown else sprint_page(team_key, sprint_id)
    return (
        page + issues_link("planned"),
        f"{page}?impediments=all#impediments",
        page + issues_link(OFF_PLAN),
    )


def _shortened(labels: Sequence[str]) -> list[str]:
    """Labels of which one is long, each without the words that all of them begin with."""
    if len(labels) < 2 or max(map(len, labels)) <= LABEL_FITS:
        return list(labels)
    words = [label.split(" ") for label in labels]
    same = 0
    while all(len(one) > same + 1 and one[: same + 1] == words[0][: same + 1] for one in words):
        same += 1
    return [f"… {' '.join(one[same:])}" for one in words] if same else list(labels)


@dataclass(frozen=True, slots=True)
class Column:
    """One sprint in the strip of past sprints: heights of 100."""

    sprint: SprintChoice
    figures: ChoiceFigures
    committed: float
    done: float
    is_shown: bool


def strip(choices: Sequence[SprintChoice], shown: int, length: int = 13) -> list[Column]:
    """The last sprints, oldest first: outline committed, fill completed, on one scale."""
    started = [(one, one.figures) for one in choices if one.figures is not None][:length]
    tallest = max(
        (max(points.committed_points, points.completed_points) for _, points in started), default=0
    )
    return [
        Column(
            one,
            points,
            _part(points.committed_points, tallest),
            _part(points.completed_points, tallest),
            one.id == shown,
        )
        for one, points in reversed(started)
    ]
