"""A digest as JSON."""

from typing import Any

from telemetry.words.digests.digest import Digest
from telemetry.words.digests.written import as_html, as_markdown, text, url_of
from telemetry.words.plain import plain
from telemetry.words.tame import tamed


def record(made: Digest, base: str | None) -> dict[str, Any]:
    """What the command prints and the API answers, in all forms."""
    return {
        "kind": made.kind,
        "team": made.team_key or None,
        "title": plain(tamed(made.title)),
        "is_silent": made.is_silent,
        "url": url_of(made, base),
        "text": text(made, base),
        "markdown": as_markdown(made, base),
        "html": as_html(made, base),
    }
