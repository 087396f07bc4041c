"""Facts: what follows from history, computed again only where something changed.

`refresh` after a pull; `preview` during a long first one; `rebuild` computes everything anew and
writes the same rows.
"""

from telemetry.facts.refresh import preview, rebuild, refresh

__all__ = ["preview", "rebuild", "refresh"]
