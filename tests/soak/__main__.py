"""Soak: many seeds in two processes, or one seed with all that happened in it.

`.venv/bin/python -m tests.soak` runs 200 seeds; `.venv/bin/python -m tests.soak SEED` replays one.
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from tests.soak.many import line, run_all
from tests.soak.report import Report
from tests.soak.turns import SEEDS

PROCESSES = 2


def table(reports: Iterable[Report]) -> str:
    """Seeds and failures by database and flavour; faults and kills by kind."""
    some = list(reports)
    lines = ["", f"{'store':12}{'flavour':12}{'seeds':>7}{'failed':>8}"]
    for kind, flavour in sorted({(r.kind, r.flavour) for r in some}):
        mine = [r for r in some if (r.kind, r.flavour) == (kind, flavour)]
        failed = sum(bool(r.failures) for r in mine)
        lines.append(f"{kind:12}{flavour:12}{len(mine):7}{failed:8}")
    for title, name in (("operations", "acts"), ("pulls", "pulls"), ("trouble", "troubles")):
        counts: Counter[str] = sum((getattr(r, name) for r in some), Counter())
        lines += ["", f"{title}: {counts.total()}"]
        lines += [f"  {what:32}{count:7}" for what, count in counts.most_common()]
    return "\n".join(lines)


def main() -> int:
    """Run what the command line says; 1 where a seed failed."""
    parser = argparse.ArgumentParser(prog="tests.soak", description=__doc__.splitlines()[0])
    parser.add_argument("seed", type=int, nargs="?", help="replay this one, with all its acts")
    parser.add_argument("--seeds", type=int, default=SEEDS, help="how many to run")
    parser.add_argument("--first", type=int, default=0, help="the first of them")
    asked = parser.parse_args()
    if asked.seed is not None:
        [report] = run_all([asked.seed], shown=False)
        print("\n".join(report.told))
        print("\n".join(report.failures))
        print(line(report))
        return bool(report.failures)
    began = time.monotonic()
    seeds = range(asked.first, asked.first + asked.seeds)
    parts = [[s for s in seeds if s // 4 % PROCESSES == part] for part in range(PROCESSES)]
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        done = list(pool.map(run_all, parts, [True] * PROCESSES))
    reports = [report for some in done for report in some]
    print(table(reports))
    failed = [report.seed for report in reports if report.failures]
    print(f"\n{len(reports)} seeds in {time.monotonic() - began:.0f} s; failed: {failed or 'none'}")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
