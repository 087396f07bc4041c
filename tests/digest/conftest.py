"""A small site that was pulled, for what digests say of it."""

import pytest

from telemetry.store.engine import open_store
from tests.pulled import DOING, DONE, Story, a_team, on, serving

HOSTILE = "<b>x</b> *bold* | <!channel> @here\u202e\r\n=1"


@pytest.fixture(scope="package")
def pulled(tmp_path_factory):
    story = Story()
    before = story.sprint(on(-13, 10), on(0, 18), name="Sprint 0")
    old = story.issue(5, sprint=before.id, at=on(-14))
    story.log(old, on(-3), 4, at=on(-3))
    story.world.transition(old, DONE, on(-2))
    story.world.close_sprint(before, None, on(0, 18))
    sprint = story.sprint(on(1, 10), on(12, 18), name="Sprint 1")
    done, late = (story.issue(points, sprint=sprint.id) for points in (3, 5))
    story.log(done, on(2), 2)
    story.world.transition(late, DOING, on(2))
    story.world.transition(done, DONE, on(5, 11))
    added = story.issue(2, summary=HOSTILE, at=on(5, 8))
    story.world.move_to_sprint(added, sprint, on(5, 9))
    blocked = story.issue(labels=["impediment", "nature:network"], summary=HOSTILE, at=on(1, 8))
    story.log(blocked, on(3), 1.5)
    story.log(blocked, on(4), 3)
    story.issue(None, sprint=story.sprint(None, name="Sprint 2").id)
    folder = tmp_path_factory.mktemp("digest")
    store = open_store("sqlite:///store.db", base=folder)
    with serving(story, store, folder / "site", [a_team(name="Managed <Kubernetes>")]) as served:
        served.good_pull()
        yield served
    store.dispose()
