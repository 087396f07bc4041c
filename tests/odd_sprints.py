"""Teams whose sprints are odd, each in a project of its own: told once, pulled into one store.

`python -m tests.odd_sprints FOLDER` keeps the store in a folder and serves its pages till Ctrl-C.
"""

import argparse
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine

from bot.simulator.state import Issue, Sprint
from telemetry.store.engine import open_store
from telemetry.store.migrate import upgrade
from tests.pulled import DOING, DONE, TODO, Pulled, Story, a_team, on, serving
from web.service import server

NOW = on(74, 15)  # a Thursday, 14 May 2026
FIRST, LAST = on(64, 9), on(75, 18)  # of the sprint that usually runs then
POINTS = (3, 5, 2, 1, 3, 2)


@dataclass
class Place:
    """One team's project and board."""

    story: Story
    project: int
    board: int

    def issue(self, points: float | None = None, at: datetime = FIRST, **values: object) -> Issue:
        return self.story.issue(points, project=self.project, at=at, **values)

    def sprint(self, start: datetime | None, end: datetime | None, name: str) -> Sprint:
        return self.story.sprint(start, end, board=self.board, name=name)

    def done(self, issue: Issue, at: datetime, hours: float = 0) -> None:
        """Work on an issue, and its end."""
        self.story.world.transition(issue, DOING, at.replace(hour=max(at.hour - 1, 0)))
        if hours:
            self.story.log(issue, at.replace(hour=max(at.hour - 1, 0)), hours)
        self.story.world.transition(issue, DONE, at)

    def closed(self, weeks: int) -> None:
        """So many sprints of a week each; every third leaves an issue."""
        for week in range(weeks):
            first = 1 + 7 * week
            sprint = self.sprint(on(first, 9), on(first + 4, 18), f"Week {week + 1}")
            for place, points in enumerate(POINTS):
                issue = self.issue(points, at=on(first, 8), sprint=sprint.id)
                if not (week % 3 == 2 and place == 5):
                    day = first + min(place + (week % 2), 4)
                    self.done(issue, on(day, 10 + place), 4 + points)
            trouble = self.issue(
                at=on(first + 1, 9),
                labels=["impediment", f"nature:{('power', 'network')[week % 2]}"],
            )
            self.story.log(trouble, on(first + 1, 10), 1 + week % 3)
            self.story.world.transition(trouble, DONE, on(first + 2, 16))
            self.story.log(self.issue(at=on(first, 8)), on(first + 3, 9), 2)
            self.story.world.close_sprint(sprint, None, on(first + 4, 17))

    def filled(self, sprint: Sprint, start: datetime, count: int = 12) -> list[Issue]:
        """Issues committed at the start of a sprint."""
        return [
            self.issue(POINTS[n % len(POINTS)], at=start.replace(hour=8), sprint=sprint.id)
            for n in range(count)
        ]


def none_active(place: Place) -> None:
    place.closed(9)
    place.filled(place.sprint(None, None, "Next week"), NOW, 3)


def two_active(place: Place) -> None:
    place.closed(8)
    main = place.sprint(FIRST, LAST, "Sprint 21")
    for day, issue in enumerate(place.filled(main, FIRST)[:5]):
        place.done(issue, on(65 + day, 14), 5)
    beside = place.sprint(on(70, 9), on(77, 18), "Hotfixes <b>")
    place.done(place.filled(beside, on(70, 9), 3)[0], on(71, 12), 2)


def one_day(place: Place) -> None:
    place.closed(8)
    sprint = place.sprint(on(74, 9), on(74, 18), "One day")
    issues = place.filled(sprint, on(74, 9), 4)
    place.done(issues[0], on(74, 11), 1)
    place.done(issues[1], on(74, 14), 2)
    place.issue(2, at=on(74, 12.5), sprint=sprint.id)


def sixty_days(place: Place) -> None:
    place.closed(3)
    sprint = place.sprint(on(29, 9), on(88, 18), "Sixty days")
    issues = place.filled(sprint, on(29, 9), 40)
    for number, issue in enumerate(issues[:24]):
        place.done(issue, on(30 + 7 * (number // 4) + number % 4, 11 + number % 5), 6)
    place.story.world.set_estimate(issues[30], 13, on(52, 12))
    place.story.world.remove_from_sprint(issues[31], on(59, 12))
    place.issue(5, at=on(45, 12), sprint=sprint.id)
    trouble = place.issue(at=on(50, 9), labels=["impediment", "nature:network"], summary="No link")
    for day in (50, 51, 57, 58, 71):
        place.story.log(trouble, on(day, 10), 5)


def no_estimates(place: Place) -> None:
    sprint = place.sprint(FIRST, LAST, "Nothing estimated")
    for number in range(9):
        issue = place.issue(None, at=on(64, 8), sprint=sprint.id)
        if number < 4:
            place.done(issue, on(65 + number, 14), 3)


def four_hundred(place: Place) -> None:
    place.closed(8)
    sprint = place.sprint(FIRST, LAST, "Four hundred")
    issues = place.filled(sprint, FIRST, 330)
    for number, issue in enumerate(issues[:210]):
        place.done(issue, on(64 + (0, 1, 2, 3, 4, 7, 8, 9, 10)[number % 9], 10 + number % 5), 0.5)
    for number in range(70):  # moved in at once
        place.issue(POINTS[number % 6], at=on(71, 9), sprint=sprint.id)
    for issue in issues[300:310]:
        place.story.world.set_estimate(issue, 8, on(72, 11))
    for number in range(30):
        label = ("power", "network", "release", "people", "tools", "licence", "office")[number % 7]
        trouble = place.issue(at=on(66, 9), labels=["impediment", f"nature:{label}"])
        place.story.log(trouble, on(66 + (0, 1, 5, 6, 7)[number % 5], 9 + number % 6), 1.5)


def first_day(place: Place) -> None:
    place.closed(8)
    sprint = place.sprint(FIRST, LAST, "Done on the first day")
    for number, issue in enumerate(place.filled(sprint, FIRST, 6)):
        place.done(issue, on(64, 11 + number), 2)


def back_dated(place: Place) -> None:
    """The sprint began before anything was in it: nothing was committed."""
    place.closed(7)
    sprint = place.sprint(on(57, 9), LAST, "Back-dated")
    issues = place.filled(sprint, on(64, 9), 8)
    for day, issue in enumerate(issues[:4]):
        place.done(issue, on(65 + day, 14), 5)


def reopened(place: Place) -> None:
    """The sprint was closed and runs again; two of its issues were reopened."""
    place.closed(8)
    sprint = place.sprint(FIRST, LAST, "Reopened")
    issues = place.filled(sprint, FIRST, 8)
    for day, issue in enumerate(issues[:5]):
        place.done(issue, on(65 + min(day, 3), 12 + day), 5)
    place.story.world.close_sprint(sprint, None, on(68, 18))
    place.story.world.reopen_sprint(sprint)
    for issue in issues[:2]:
        place.story.world.transition(issue, TODO, on(71, 10))


def troubled(place: Place) -> None:
    """Much time went to impediments and off-plan work."""
    place.closed(8)
    sprint = place.sprint(FIRST, LAST, "Troubled")
    for day, issue in enumerate(place.filled(sprint, FIRST, 9)[:4]):
        place.done(issue, on((65, 66, 71, 73)[day], 14), 6)
    trouble = place.issue(at=on(65, 9), labels=["impediment", "nature:network"], summary="No link")
    for day in (65, 66, 67, 71, 72):
        place.story.log(trouble, on(day, 9), 6)
    aside = place.issue(at=on(64, 9), summary="A favour for sales")
    for day in (67, 68, 72, 73):
        place.story.log(aside, on(day, 13), 4)


ODD: dict[str, tuple[str, Callable[[Place], None]]] = {
    "none-active": ("No active sprint", none_active),
    "two-active": ("Two active sprints", two_active),
    "one-day": ("A sprint of one day", one_day),
    "sixty-days": ("A sprint of sixty days", sixty_days),
    "no-estimates": ("No estimates at all", no_estimates),
    "four-hundred": ("Four hundred issues", four_hundred),
    "first-day": ("All done on the first day", first_day),
    "back-dated": ("Back-dated, nothing committed", back_dated),
    "reopened": ("Closed and reopened", reopened),
    "troubled": ("Time lost", troubled),
}


def odd_story(*keys: str) -> tuple[Story, list[dict[str, object]]]:
    """The story of these odd teams, by default of all, and their configuration."""
    story, teams = Story(), []
    story.now = NOW
    for number, key in enumerate(keys or ODD, 1):
        name, tell = ODD[key]
        project = story.world.add_project(f"ODD{number}", name, lead=2)
        board = story.world.add_board(project.id, f"{name} board")
        tell(Place(story, project.id, board.id))
        teams.append(a_team(key, f"ODD{number}", name=name))
    return story, teams


@contextmanager
def odd_sprints(store: Engine, folder: Path, *keys: str) -> Iterator[Pulled]:
    """The odd teams, pulled into the store."""
    story, teams = odd_story(*keys)
    with serving(story, store, folder, teams) as pulled:
        pulled.good_pull()
        yield pulled


@contextmanager
def odd_site() -> Iterator[str]:
    """The URL of the odd teams' pages, which end with the block."""
    with tempfile.TemporaryDirectory(prefix="telemetry-odd-") as name:
        folder = Path(name)
        engine = open_store("sqlite:///odd.db", base=folder)
        upgrade(engine)
        with odd_sprints(engine, folder / "site") as pulled:
            made = server(
                pulled.reports, host="127.0.0.1", port=0, access_token=None, clock=lambda: NOW
            )
            serving_it = threading.Thread(target=made.run, daemon=True)
            serving_it.start()
            while not made.started:
                time.sleep(0.05)
            try:
                yield f"http://127.0.0.1:{made.servers[0].sockets[0].getsockname()[1]}"
            finally:
                made.should_exit = True
                serving_it.join()
        engine.dispose()


def main() -> None:
    """Pulls unless the store is there already, and serves."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--port", type=int, default=0)
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    engine = open_store("sqlite:///odd.db", base=given.folder)
    upgrade(engine)
    with odd_sprints(engine, given.folder / "site") as pulled:
        made = server(
            pulled.reports,
            host="127.0.0.1",
            port=given.port,
            access_token=None,
            clock=lambda: NOW,
        )
        made.run()


if __name__ == "__main__":
    main()
