"""The README's table of figures, from the registry: `python -m tests.readme` writes it."""

from pathlib import Path

from telemetry.metrics.registry import figures

README = Path(__file__).parents[1] / "README.md"
BEGIN = "<!-- figures: written by `python -m tests.readme` from telemetry/metrics/registry.py -->\n"
END = "<!-- end of figures -->"


def table() -> str:
    """The table as Markdown, a figure a line."""
    rows = [f"| {figure.title} | {figure.unit} | {figure.meaning} |" for figure in figures()]
    return "\n".join(["| figure | unit | meaning |", "| --- | --- | --- |", *rows, ""])


def main() -> None:
    """Put the table between its marks."""
    before, _, rest = README.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    README.write_text(before + BEGIN + table() + END + after, encoding="utf-8")


if __name__ == "__main__":
    main()
