"""Issues that came from another site: their changes tell its ids, and names that are right."""

from telemetry.facts import rebuild
from telemetry.metrics.contradictions import Contradiction
from tests.pulled import DOING, DONE, TODO, Story, a_team, on, serving

OTHER_SITE = {TODO: "10900", DOING: "10000", DONE: "10000"}  # "Done" was what is "To Do" here


def imported(story: Story) -> None:
    """Two sprints, and three issues whose histories tell ids of another site."""
    world, story.now = story.world, on(12, 18)
    theirs = world.add_board(story.project.id, "Their board")
    mango = story.sprint(on(1, 10), on(12, 18), name="Mango")  # sprint 1
    story.sprint(on(1, 10), on(12, 18), board=theirs.id, name="Papaya")  # sprint 2
    for number, points in enumerate((1, 2, 4)):
        issue = story.issue(points, at=on(1, 7))
        world.move_to_sprint(issue, mango, on(1, 8))
        if number:
            world.transition(issue, DOING, on(2))
            world.transition(issue, DONE, on(3))
        if number > 1:
            world.remove_from_sprint(issue, on(4))
    for issue in world.issues.values():
        for history in issue.histories:
            history.items = tuple(map(_of_another_site, history.items))


def _of_another_site(item):
    if item.code == "status":
        return item._replace(old=OTHER_SITE[item.old], new=OTHER_SITE[item.new])
    if item.code == "sprint":
        return item._replace(
            old=(item.old or "").replace("1", "2"), new=(item.new or "").replace("1", "2")
        )
    return item


def figures(pulled, sprint_id=1):
    found = pulled.reports.sprint("k8s", sprint_id).figures
    return found.committed_points, found.removed_points, found.completed_points


def test_names_decide_over_ids(store, tmp_path):
    story = Story()
    imported(story)
    with serving(story, store, tmp_path / "a", [a_team(board=story.board.id)]) as pulled:
        pulled.good_pull()
        assert figures(pulled) == (7, 0, 2)  # the removed one was done before
        rows = {issue.key: issue.outcome for issue in pulled.reports.issues("k8s", 1)}
        assert rows == {"K8S-1": "not_completed", "K8S-2": "completed", "K8S-3": "removed"}
        found = pulled.reports.quality("k8s").rows[Contradiction.MENDED_HISTORY]
        assert {row.key: row.finding.field_names for row in found} == {
            "K8S-1": ("sprint",),
            "K8S-2": ("sprint", "status"),
            "K8S-3": ("sprint", "status"),
        }
        assert rebuild(pulled.engine) == 0


def test_what_is_listed_anew_is_computed_anew(store, tmp_path):
    story = Story()
    imported(story)
    mango = story.world.sprints[1]
    mango.name = "Later named Mango"
    with serving(story, store, tmp_path / "a", [a_team(board=story.board.id)]) as pulled:
        pulled.good_pull()
        assert figures(pulled) == (3, 0, 2)  # nothing tells that the third was ever in it
        mango.name = "Mango"
        pulled.good_pull()
        assert figures(pulled) == (7, 0, 2)
        assert rebuild(pulled.engine) == 0
        story.world.rename_status(DONE, "Finished")
        pulled.good_pull(full=True)
        assert rebuild(pulled.engine) == 0


def test_statuses_told_by_their_names_alone_mean_what_these_mean(sqlite_store, tmp_path):
    """As after an import: "Resolved" is listed no more, and is done by its name."""
    called = {TODO: "To Do", DOING: "In Progress", DONE: "Resolved"}

    def without_ids(item):
        if item.code != "status":
            return item
        was, now = called[item.old], called[item.new]
        return item._replace(old=None, old_text=was, new=None, new_text=now)

    story = Story()
    story.sprint(on(1, 10))
    issue = story.issue(3, sprint=1)
    story.world.transition(issue, DOING, on(2))
    story.world.transition(issue, DONE, on(3))
    story.world.transition(issue, TODO, on(4))
    for history in issue.histories:
        history.items = tuple(map(without_ids, history.items))
    with serving(story, sqlite_store, tmp_path / "a", [a_team(board=1)]) as pulled:
        pulled.good_pull()
        found = pulled.reports.sprint("k8s", 1).figures
        assert (found.burned_points, found.reopened_points, found.done_points) == (3, 3, 0)
        rows = pulled.reports.quality("k8s").rows[Contradiction.UNLISTED_STATUS]
        assert [row.key for row in rows] == ["=resolved"]
        assert rebuild(pulled.engine) == 0
