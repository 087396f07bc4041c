"""Load without rest: `python -m tests.security.load MINUTES`, part of `make soak`.

Pages, API, streams, wrong tokens, connections that break off and requests of nonsense, from eight
threads, while facts change; memory and descriptors of the server must stay flat. It was 215 to
385 MB, flat, when this was first measured.
"""

import os
import random
import resource
import sys
import threading
import time
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from socket import create_connection
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

import requests

from telemetry.report.reports import Reports
from telemetry.store.engine import open_store, writing
from telemetry.store.migrate import upgrade
from telemetry.store.teams import raise_facts_version
from tests.bench.roadmaps import fill_epics, fill_standings
from tests.bench.teams import NOW, fill
from tests.served import served

TEAMS, SPRINTS, THREADS = 20, 12, 8
MOST_MB, MOST_FILES, GROWTH = 450, 500, 1.15
LINES = 20  # of the table: how memory and descriptors went
TOKEN = "the-token-of-the-load"
PATHS = (
    "/?q={word}",
    "/?sort=-behind",
    "/wall?team=team-{team}",
    "/teams/team-{team}",
    "/teams/team-{team}/sprints?page={page}",
    "/teams/team-{team}/next",
    "/teams/team-{team}/impediments?over={page}",
    "/teams/team-{team}/flow?from={first}&to={last}",
    "/teams/team-{team}/quality",
    "/api/v1/teams/team-{team}/time?from={first}&to={last}",
    "/api/v1/teams/team-{team}/sprints?limit={page}",
    "/api/v1/teams/team-{team}/velocity",
    "/teams/{word}",
    "/runs?before={page}",
    "/api/v1/teams/team-{team}/flow?to=9999-12-31",
    "/definitions",
    "/portfolio?program=Program+{page}&sort=-risk",
    "/programs?by=team",
    "/programs/Program {page}",
    "/teams/team-1/quarters/current?capacity_change_percent={share}",
    "/api/v1/teams/team-1/quarters/current?scope_change_points={share}",
    "/api/v1/portfolio?format=xlsx",
    "/api/v1/teams/team-{team}/sprints?format=csv",
    "/teams/team-{team}/reviews?page={page}",
    "/teams/team-{team}/reviews/2026-W{page}",
    "/alerts/record?threshold={page}",
    "/api/v1/digests/team-{team}?kind=week&at={last}T00:00:00Z",
)


def serve(told: Connection) -> None:
    """The server's process: facts change once a second until it is told to end."""
    with TemporaryDirectory() as folder:
        engine = open_store("sqlite:///telemetry.db", base=Path(folder))
        upgrade(engine)
        fill(engine, TEAMS, SPRINTS)
        fill_standings(engine, TEAMS)
        fill_epics(engine)
        with served(Reports(engine), lambda: NOW, TOKEN) as url:
            told.send(url)
            turn = 0
            while not told.poll(1):
                turn += 1
                with writing(engine) as connection:
                    raise_facts_version(connection, f"team-{turn % TEAMS}")
        engine.dispose()


class Load:
    """What the threads do, and what they were answered."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.port = int(urlsplit(url).port or 0)
        self.statuses: Counter[int | str] = Counter()
        self.ending = threading.Event()

    def run(self, seed: int) -> None:
        """Ask until the end, as nobody would."""
        chance, session = random.Random(seed), requests.Session()
        session.headers["Authorization"] = f"Bearer {TOKEN}"
        while not self.ending.is_set():
            try:
                self._one(chance, session)
            except requests.RequestException as error:
                self.statuses[type(error).__name__] += 1

    def _one(self, chance: random.Random, session: requests.Session) -> None:
        match chance.randrange(20):
            case 0:
                self._break_off(chance)
            case 1:
                wrong = {"Authorization": f"Bearer {chance.random()}"}
                self._count(requests.get(f"{self.url}/", headers=wrong, timeout=30))
            case 2:
                with session.get(f"{self.url}/events", stream=True, timeout=30) as answer:
                    next(answer.iter_lines(1), None)
                    self._count(answer)
            case _:
                self._count(session.get(self.url + self._path(chance), timeout=30))

    def _path(self, chance: random.Random) -> str:
        last = NOW.date() - timedelta(days=chance.randrange(900))
        return chance.choice(PATHS).format(
            team=chance.randrange(TEAMS + 2),
            page=chance.randrange(1, 12),
            word=chance.randbytes(8).hex(),
            first=last - timedelta(days=chance.randrange(400)),
            last=last,
            share=chance.randrange(-500, 500) / 10,
        )

    def _break_off(self, chance: random.Random) -> None:
        whole = f"GET {self._path(chance)} HTTP/1.1\r\nHost: x\r\nX: {'y' * 9000}\r\n\r\n".encode()
        with suppress(OSError), create_connection(("127.0.0.1", self.port), 10) as raw:
            raw.sendall(whole[: chance.randrange(len(whole))] * chance.randrange(1, 9))
            self.statuses["broken off"] += 1

    def _count(self, answer: requests.Response) -> None:
        self.statuses[answer.status_code] += 1


def measured(pid: int) -> tuple[int, int]:
    """Megabytes in memory and open descriptors of a process."""
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() // 1_000_000, len(os.listdir(f"/proc/{pid}/fd"))


def faults(samples: list[tuple[int, int]], statuses: Counter[int | str]) -> list[str]:
    """What was not as it should be."""
    memory, files = zip(*samples, strict=True)
    half = len(memory) // 2
    found = []
    if max(memory) > MOST_MB:
        found.append(f"memory reached {max(memory)} MB")
    if max(memory[half:]) > GROWTH * max(memory[:half]):
        found.append(f"memory grew from {max(memory[:half])} to {max(memory[half:])} MB")
    if max(files) > MOST_FILES:
        found.append(f"{max(files)} descriptors were open")
    if statuses[500]:
        found.append(f"{statuses[500]} server errors")
    return found


def main(minutes: float) -> int:
    """Load for so long; 1 where something was not as it should be."""
    ours, theirs = get_context("spawn").Pipe()
    server = get_context("spawn").Process(target=serve, args=(theirs,))
    server.start()
    load = Load(ours.recv())
    threads = [threading.Thread(target=load.run, args=(seed,)) for seed in range(THREADS)]
    for one in threads:
        one.start()
    samples: list[tuple[int, int]] = []
    began = told = time.monotonic()
    print(f"{'minute':>8}{'MB':>8}{'files':>8}{'answers':>10}", flush=True)
    while time.monotonic() < began + minutes * 60:
        time.sleep(min(5, minutes * 6))
        samples.append(measured(int(server.pid or 0)))
        if time.monotonic() >= told:
            told += minutes * 60 / LINES
            passed = (time.monotonic() - began) / 60
            memory, files = samples[-1]
            print(f"{passed:8.1f}{memory:8}{files:8}{load.statuses.total():10}", flush=True)
    load.ending.set()
    for one in threads:
        one.join()
    ours.send(None)
    server.join(30)
    first, *_, last = samples
    print(f"{minutes:g} minutes: {first[0]} to {last[0]} MB, at most {max(samples)[0]};")
    print(f"  {max(files for _, files in samples)} descriptors; answers {dict(load.statuses)}")
    found = faults(samples, load.statuses)
    print("\n".join(found) or "  bounded")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1])))
