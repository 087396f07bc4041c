"""What Jira shows by its id alone, as an archived issue, counts in no store, known or new."""

from datetime import timedelta

import orjson
import pytest

from tests.first_pulls import begin_pulled
from tests.pulled import Story, a_team, on
from tests.refusing import damaged

pytestmark = pytest.mark.slow


def hiding(keys):
    """Searches and their counts go on as if these issues were not there."""

    def hide(path, status, body):
        if "/search" not in path or b'"issues"' not in body:
            return status, body
        told = orjson.loads(body)
        told["issues"] = [
            one for one in told["issues"] if one.get("key") not in keys and one["id"] not in ids
        ]
        return status, orjson.dumps(told)

    ids: set[str] = set()
    return hide, ids


@pytest.mark.parametrize("flavour", ["cloud", "datacenter"])
@pytest.mark.parametrize("options", [{"reconcile": True}, {"full": True}])
def test_an_archived_issue_leaves_the_figures_and_is_named_until_it_is_back(
    sqlite_store, tmp_path, flavour, options
):
    story = Story()
    sprint = story.sprint(on(1, 10))
    issues = [story.issue(points, sprint=sprint.id) for points in (1, 2, 3, 5, 8, 13)]
    with damaged(story, sqlite_store, tmp_path, [a_team(board=1)], flavour) as pulled:
        begin_pulled(pulled)
        assert pulled.figures().total_points == 32
        pulled.damage, ids = hiding({issues[4].key})
        ids.add(str(issues[4].id))
        story.now += timedelta(hours=3)
        pulled.good_pull(**options)
        assert pulled.figures().total_points == 24
        said = [row.said for rows in pulled.reports.quality("k8s").rows.values() for row in rows]
        # Data Center is asked by searches alone, so that there it is gone as any other
        assert ["no search finds it" in one for one in said] == [True] * (flavour == "cloud")
        story.now += timedelta(minutes=10)
        pulled.good_pull()
        assert pulled.figures().total_points == 24
        pulled.damage = None
        story.now += timedelta(minutes=10)
        pulled.good_pull(reconcile=True)
        assert pulled.figures().total_points == 32
        assert pulled.reports.quality("k8s").count == 0


def test_what_changed_just_now_is_not_taken_for_archived(sqlite_store, tmp_path):
    story = Story()
    sprint = story.sprint(on(1, 10))
    issues = [story.issue(points, sprint=sprint.id) for points in (1, 2, 3, 5, 8, 13)]
    with damaged(story, sqlite_store, tmp_path, [a_team(board=1)]) as pulled:
        begin_pulled(pulled)
        story.world.set_summary(issues[4], "Anew", story.now)
        pulled.damage, ids = hiding({issues[4].key})
        ids.add(str(issues[4].id))
        story.now += timedelta(minutes=10)
        pulled.good_pull(reconcile=True)
        assert pulled.figures().total_points == 32
