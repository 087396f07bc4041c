"""Shares of time, a line a sprint or week."""

from collections.abc import Sequence
from dataclasses import dataclass

from telemetry.report.shapes.time import TimeRow
from web.show.links import OFF_PLAN, issues_link, sprint_page
from web.show.numbers import shares

LABEL_FITS = 14  # letters beside a bar


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
