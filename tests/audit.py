"""Known vulnerabilities of what constraints.txt names: `python -m tests.audit`, in `make check`.

Advisories are asked for over the network. Without it one line says so, and nothing fails. What
is known to be weak is told; it fails the check where AUDIT is "strict", as before a release: else
an advisory of today would stop a change that has nothing to do with it.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

CONSTRAINTS = Path(__file__).parents[1] / "constraints.txt"
SECONDS = 45
LEFT_OUT = "pip-audit: left out, advisories cannot be reached"
COMMAND = (
    *("-m", "pip_audit", "-r", str(CONSTRAINTS), "--no-deps", "--disable-pip"),
    *("--format", "json", "--progress-spinner", "off", "--timeout", "5"),
)


def asked(command: Sequence[str] = COMMAND) -> Mapping[str, Any] | None:
    """What is known of each part, None where nothing could be learnt."""
    try:
        done = subprocess.run(
            [sys.executable, *command], capture_output=True, text=True, timeout=SECONDS, check=False
        )
        found: Mapping[str, Any] = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, json.JSONDecodeError):
        return None
    return found


def told(found: Mapping[str, Any] | None) -> tuple[int, list[str]]:
    """The exit code, 1 where a part is vulnerable, and what to say."""
    if found is None:
        return 0, [LEFT_OUT]
    parts = found["dependencies"]
    audited = [part for part in parts if "skip_reason" not in part]
    if not audited:
        return 0, [LEFT_OUT]
    lines = [
        f"{part['name']} {part['version']}: {one['id']}, mended in "
        f"{', '.join(one['fix_versions']) or 'no version yet'}"
        for part in audited
        for one in part.get("vulns", ())
    ]
    count = (
        f"pip-audit: {len(audited)} of {len(parts)} parts looked up, {len(lines)} known to be weak"
    )
    return int(bool(lines)), [*lines, count]


if __name__ == "__main__":
    code, said = told(asked())
    print("\n".join(said))
    sys.exit(code if os.environ.get("AUDIT") == "strict" else 0)
