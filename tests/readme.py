"""The README's table of figures, from the registry: `python -m tests.readme` writes it."""

from pathlib import Path

from telemetry.metrics.registry import by_slug

README = Path(__file__).parents[1] / "README.md"
BEGIN = "<!-- figures: written by `python -m tests.readme` from telemetry/metrics/registered -->\n"
END = "<!-- end of figures -->"
# what a reader needs to know what the product tells; all figures are in the definitions
SHOWN = (
    "committed",
    "completed",
    "remaining",
    "behind",
    "gap",
    "finish_in_time",
    "done_by_planned_end",
    "projected_finish",
    "calibration",
    "planned_time",
    "impediment_time",
    "off_plan_time",
    "impediments",
    "nature",
    "peak_day",
    "recurring",
    "velocity",
    "capacity",
    "cycle_time",
    "throughput",
)


def table() -> str:
    """The table as Markdown, a figure a line."""
    known = by_slug()
    rows = [f"| {known[s].title} | {known[s].unit} | {known[s].meaning} |" for s in SHOWN]
    return "\n".join(["| figure | unit | meaning |", "| --- | --- | --- |", *rows, ""])


def main() -> None:
    """Put the table between its marks."""
    before, _, rest = README.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    README.write_text(before + BEGIN + table() + END + after, encoding="utf-8")


if __name__ == "__main__":
    main()
