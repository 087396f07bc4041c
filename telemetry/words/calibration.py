"""What is said of what forecasts came to."""

from telemetry.metrics.forecast import PERCENTILES
from telemetry.metrics.tally import Level, Tally
from telemetry.report.calibration import Calibration, KindRecord
from telemetry.words.outlook import FEWEST
from telemetry.words.values import (
    NOTHING,
    Day,
    Number,
    Part,
    Sentence,
    counted,
    figure,
    percent,
    plural,
    sentence,
)

MAIN = PERCENTILES.index(85)
AIMS = {50: (43, 57), 85: (78, 92), 95: (89, 99)}  # percent of the days that should hold


def is_enough(level: Level) -> bool:
    """Whether so many can be judged that a share may be told."""
    return level.count >= FEWEST


def word_of(level: Level, promised: int) -> str:
    """How a share lies to what it should be."""
    least, most = AIMS[promised]
    share = level.held_percent or 0.0
    if least <= share <= most:
        return "as promised"
    return "less often than promised" if share < least else "more often than promised"


def lead(found: Calibration) -> Sentence:
    """How many of the days given with 85 % held, of those shown and of back-tests."""
    shown, tested = found.shown.dates[MAIN], found.tested.dates[MAIN]
    if found.as_of is None:
        return sentence("Nothing is known yet: the first pull has not ended.")
    if not is_enough(shown):
        return sentence(_begun(found), " ", _tested(tested, is_alone=True))
    return sentence(
        "Of ",
        figure(counted(shown.count, "day")),
        " given with ",
        percent(85),
        " and shown on these pages since ",
        Day(found.began_on, found.today),
        ", ",
        figure(percent(shown.held_percent)),
        " held. ",
        _tested(tested),
    )


def _begun(found: Calibration) -> Sentence:
    """How far the record is before enough of it can be judged."""
    if found.began_on is None:
        return sentence(
            "Nothing is forecast yet: the record begins with the first sprint or quarter of which "
            "something is."
        )
    count = found.shown.judged_count
    since = Day(found.began_on, found.today)
    if not count:
        when: Part = None
        if found.judged_from is not None:
            when = sentence(", the first after ", Day(found.judged_from, found.today))
        return sentence(
            "What these pages forecast is recorded each day since ",
            since,
            " and judged once the days it gave are over",
            when,
            ".",
        )
    return sentence(
        figure(counted(count, "forecast")),
        " recorded since ",
        since,
        f" {plural(count, 'is', 'are')} over at least in part: too few to tell a share.",
    )


def _tested(level: Level, *, is_alone: bool = False) -> Sentence:
    if not is_enough(level):
        return NOTHING
    return sentence(
        "Until then back-tests stand here: of " if is_alone else "Before that, of ",
        figure(counted(level.count, "day")),
        " that would have been given with ",
        percent(85),
        ", ",
        figure(percent(level.held_percent)),
        " held.",
    )


def of_kind(one: KindRecord) -> Sentence:
    """What forecasts of a kind came to: days, chances, and how wide they were."""
    is_shown = is_enough(one.shown.dates[MAIN])
    found = one.shown if is_shown else one.tested
    level = found.dates[MAIN]
    if not is_enough(level):
        return _too_early(one)
    return sentence(
        "Of ",
        figure(counted(level.count, "day")),
        " given with ",
        percent(85),
        " for ",
        counted(found.subject_count, one.kind),
        "" if is_shown else " in back-tests",
        ", ",
        figure(percent(level.held_percent)),
        " held: ",
        word_of(level, 85),
        ".",
        _chances(found),
        _width(found),
    )


def _too_early(one: KindRecord) -> Sentence:
    count = one.shown.count
    if not count:
        article = "an" if one.kind[0] in "aeio" else "a"
        return sentence(f"No forecast of {article} {one.kind} can be judged yet.")
    return sentence(
        figure(counted(count, "forecast")),
        f" of {one.kind}s {plural(count, 'was', 'were')} recorded; ",
        Number(one.shown.dates[MAIN].count),
        " of the days given with ",
        percent(85),
        " can be judged, and ",
        Number(FEWEST),
        " are needed.",
    )


def _chances(found: Tally) -> Sentence:
    """Whether chances told more than always saying the same would have."""
    if found.chance_count < FEWEST or found.skill is None:
        return NOTHING
    share = 100 * found.skill
    if share < 1:
        return sentence(" The chances given told no more than how often it comes anyway.")
    return sentence(
        " The chances given were ",
        figure(percent(share)),
        " nearer to what came than always saying how often it comes.",
    )


def _width(found: Tally) -> Sentence:
    width = found.median_width
    if width is None:
        return NOTHING
    return sentence(
        " From the day with ",
        percent(50),
        " to that with ",
        percent(85),
        " usually lie ",
        figure(counted(width, "working day")),
        ".",
    )
