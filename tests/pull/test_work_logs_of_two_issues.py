"""A work log that Jira shows under several issues counts once, however the store came by it."""

from dataclasses import dataclass
from datetime import timedelta

import pytest

from bot.simulator.state import Issue, WorkLog, milliseconds
from tests.pulled import Pulled, Story, a_team, configure, on, serving

pytestmark = pytest.mark.slow


@dataclass
class Scene:
    """Three issues of a sprint, and a work log that each of them may show."""

    story: Story
    issues: list[Issue]
    log: WorkLog

    def show(self, *places: int) -> None:
        """From now on these issues show the work log; Jira says that all of them changed."""
        self.story.now += timedelta(minutes=10)
        for place, issue in enumerate(self.issues):
            issue.work_logs[:] = [self.log.id] if place in places else []
            self.story.world.set_summary(issue, f"Anew at {self.story.now}", self.story.now)


@pytest.fixture
def scene() -> Scene:
    story = Story()
    sprint = story.sprint(on(1, 10))
    issues = [story.issue(1, sprint=sprint.id, labels=some) for some in ([], ["impediment"], [])]
    return Scene(story, issues, story.log(issues[0], on(2), 3))


def hours(pulled: Pulled) -> dict[str, float]:
    every = {row.key: row.seconds / 3600 for row in pulled.reports.issues("k8s", "current")}
    return {key: spent for key, spent in every.items() if spent}


def named(pulled: Pulled) -> list[str]:
    found = pulled.reports.quality("k8s").rows
    return [row.key for kind, rows in found.items() if kind == "doubled_work" for row in rows]


def test_it_counts_under_the_one_made_last_and_the_others_are_named(
    scene, sqlite_store, other_store_url, tmp_path
):
    story = scene.story
    with serving(story, sqlite_store, tmp_path / "a") as pulled:
        pulled.good_pull()
        assert (hours(pulled), named(pulled)) == ({"K8S-1": 3}, [])
        steps = [
            ((0, 1), {"K8S-2": 3}, ["K8S-1"]),
            ((0, 1, 2), {"K8S-3": 3}, ["K8S-1", "K8S-2"]),
            ((0, 2), {"K8S-3": 3}, ["K8S-1"]),
            ((0,), {"K8S-1": 3}, []),
            ((1, 2), {"K8S-3": 3}, ["K8S-2"]),
        ]
        for number, (places, counted, others) in enumerate(steps):
            scene.show(*places)
            pulled.good_pull()
            assert (hours(pulled), named(pulled)) == (counted, others)
            context = configure(
                tmp_path / f"b{number}", pulled.url, other_store_url(f"b{number}"), [a_team()]
            )
            fresh = Pulled(story, pulled.url, context, pulled.requests)
            fresh.good_pull()
            assert fresh.contents() == pulled.contents()
            context.engine.dispose()
        scene.issues[2].work_logs.clear()  # else its deletion would delete them everywhere
        story.world.delete_issue(scene.issues[2], story.now)
        pulled.good_pull(reconcile=True)
        assert (hours(pulled), named(pulled)) == ({"K8S-2": 3}, [])
        pulled.good_pull(full=True)
        assert hours(pulled) == {"K8S-2": 3}


def test_one_that_moved_is_no_longer_where_it_was_though_that_issue_did_not_change(
    scene, sqlite_store, tmp_path
):
    with serving(scene.story, sqlite_store, tmp_path / "a") as pulled:
        pulled.good_pull()
        scene.story.now += timedelta(minutes=10)
        old, new = scene.issues[:2]
        old.work_logs.clear()
        new.work_logs.append(scene.log.id)
        scene.log.issue, scene.log.updated_at = new.id, milliseconds(scene.story.now)
        scene.story.world.note_update(scene.log)
        scene.story.now += timedelta(minutes=10)
        pulled.good_pull()
        assert (hours(pulled), named(pulled)) == ({"K8S-2": 3}, [])
