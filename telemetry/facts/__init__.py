"""Facts: what follows from history, computed again only where something changed.

`refresh` after a pull; `preview` during a long first one; `rebuild` computes everything anew and
writes the same rows; `compute_due` does so for teams whose facts an upgrade threw away.
"""

from telemetry.facts.refresh import compute_due, preview, rebuild, refresh

__all__ = ["compute_due", "preview", "rebuild", "refresh"]
