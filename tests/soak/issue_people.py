"""What people do to issues and work logs, by chance."""

from datetime import timedelta

from bot.simulator.state import Issue, WorkLog, type_of_bug, type_of_story, type_of_task
from tests.soak.town import BLOCKED, CLOSED, DOING, DONE, REVIEW, TODO, Town

STATUSES = (TODO, DOING, DOING, REVIEW, DONE, DONE, BLOCKED, CLOSED)
LABELS: tuple[list[str], ...] = (
    [],
    ["impediment"],
    ["impediment", "nature:network"],
    ["x"],
    ["x", "Blocker"],
    ["Q1-26"],
)
COMPONENTS: tuple[list[str], ...] = ([], ["api"], ["api", "network"], ["network"])


class IssuePeople(Town):
    """Acts on issues; each tells what was done, or None where nothing could be."""

    def create(self) -> str:
        project = self.one_of((*self.configured, *self.configured, self.elsewhere.id))
        epic = self.epic()
        issue = self.world.create_issue(
            project,
            f"Made at {self.now}",
            self.now,
            points=self.one_of([None, 1, 3]),
            sprint=self.open_sprint_of(project),
            status=self.one_of((TODO, DOING, DONE)),
            labels=self.one_of(LABELS),
            epic=epic.id if epic is not None and self.chance(0.3) else None,
            nature=self.one_of([None, None, "Zone"]),
        )
        return f"{issue.key} in sprints {issue.sprints}"

    def create_sub_task(self) -> str | None:
        parent = self.top_issue()
        if parent is None:
            return None
        issue = self.world.create_issue(
            parent.project, "A part", self.now, parent=parent.id, labels=self.one_of(LABELS)
        )
        return f"{issue.key} of {parent.key}"

    def status(self) -> str | None:
        issue = self.any_issue()
        status = self.one_of(STATUSES)
        return _told(issue, issue and self.world.transition(issue, status, self.now), status)

    def estimate(self) -> str | None:
        issue = self.top_issue()
        points = self.one_of([None, 0.5, 1, 2, 8])
        return _told(issue, issue and self.world.set_estimate(issue, points, self.now), points)

    def original_estimate(self) -> str | None:
        issue = self.top_issue()
        seconds = self.one_of([None, 1800, 7200])
        done = issue and self.world.set_original_estimate(issue, seconds, self.now)
        return _told(issue, done, seconds)

    def labels(self) -> str | None:
        issue = self.any_issue()
        labels = self.one_of(LABELS)
        return _told(issue, issue and self.world.set_labels(issue, labels, self.now), labels)

    def components(self) -> str | None:
        issue = self.any_issue()
        names = self.one_of(COMPONENTS)
        return _told(issue, issue and self.world.set_components(issue, names, self.now), names)

    def nature(self) -> str | None:
        issue = self.any_issue()
        nature = self.one_of([None, *self.world.natures, "Zone", "Network"])
        return _told(issue, issue and self.world.set_nature(issue, nature, self.now), nature)

    def flag(self) -> str | None:
        issue = self.any_issue()
        done = issue and self.world.set_flag(issue, not issue.is_flagged, self.now)
        return _told(issue, done, issue and issue.is_flagged)

    def change_epic(self) -> str | None:
        issue, epic = self.top_issue(), self.one_of([None, self.epic(), self.epic()])
        done = issue and self.world.set_epic(issue, epic, self.now)
        return _told(issue, done, epic and epic.key)

    def change_parent(self) -> str | None:
        subs = self.issues(lambda i: i.parent is not None)
        if not subs:
            return None
        issue = self.one_of(subs)
        others = self.issues(
            lambda i: i.parent is None and i.project == issue.project and i.id != issue.parent
        )
        if not others:
            return None
        parent = self.one_of(others)
        self.world.set_parent(issue, parent, self.now)
        return f"{issue.key} to {parent.key}"

    def change_type(self) -> str | None:
        issue = self.top_issue()
        kind = self.one_of((type_of_story, type_of_task, type_of_bug))
        return _told(issue, issue and self.world.set_type(issue, kind, self.now), kind)

    def summary(self) -> str | None:
        issue = self.any_issue()
        text = f"Renamed at {self.now}"
        return _told(issue, issue and self.world.set_summary(issue, text, self.now), text)

    def move_to_sprint(self) -> str | None:
        issue, sprint = self.top_issue(), self.sprint("active", "active", "future")
        if issue is None or sprint is None:
            return None
        return _told(issue, self.world.move_to_sprint(issue, sprint, self.now), sprint.id)

    def leave_sprint(self) -> str | None:
        issue = self.top_issue()
        return _told(issue, issue and self.world.remove_from_sprint(issue, self.now), "backlog")

    def migrate(self) -> str | None:
        issue = self.any_issue()
        status = self.one_of(self.world.statuses)
        return _told(issue, issue and self.world.migrate_workflow(issue, status, self.now), status)

    def log_work(self) -> str | None:
        issue = self.any_issue()
        if issue is None:
            return None
        start = self.now - timedelta(hours=self.dice.randrange(-3, 60))
        seconds = self.dice.randrange(1, 16) * 900
        touches = self.chance(0.7)
        author = self.one_of([None, 1, 2])
        log = self.world.log_work(issue, author, start, seconds, self.now, touches_issue=touches)
        return self._logged(issue, log, touches)

    def edit_work_log(self) -> str | None:
        log = self.work_log()
        if log is None:
            return None
        touches = self.chance(0.6)
        self.world.edit_work_log(
            log,
            self.now,
            seconds=self.dice.randrange(1, 9) * 900,
            started_at=self.now - timedelta(hours=self.dice.randrange(50)),
            touches_issue=touches,
        )
        return self._logged(self.world.issues[log.issue], log, touches)

    def delete_work_log(self) -> str | None:
        log = self.work_log()
        if log is None:
            return None
        touches = self.chance(0.6)
        self.world.delete_work_log(log, self.now, touches_issue=touches)
        return self._logged(self.world.issues[log.issue], log, touches)

    def quiet_log(self, issue: Issue) -> None:
        """Called for a work log that left its issue's `updated` as it was."""

    def _logged(self, issue: Issue, log: WorkLog, touches: bool) -> str:
        if not touches:
            self.quiet_log(issue)
        return f"{issue.key}, log {log.id}" + ("" if touches else ", without touching the issue")


def _told(issue: Issue | None, done: object, what: object) -> str | None:
    return None if issue is None or done is None else f"{issue.key}: {what}"
