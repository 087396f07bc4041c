"""Fields that Data Center calls otherwise while the bot runs: their changes stay theirs."""

import orjson
import pytest

from telemetry.facts import rebuild
from tests.depth import parametrize_in_turn
from tests.pulled import Story, a_team, on
from tests.refusing import damaged

pytestmark = pytest.mark.slow

RENAMED = "2026-03-06T18:00"


def renaming(before, after):
    """The field has another name, which the changes made since tell."""

    def damage(path, status, body):
        data = orjson.loads(body)
        if path.partition("?")[0].endswith("/field"):
            for field in data:
                field["name"] = after if field["name"] == before else field["name"]
        for issue in data.get("issues", []) if isinstance(data, dict) else []:
            for history in issue.get("changelog", {}).get("histories", []):
                for item in history["items"] if history["created"] >= RENAMED else []:
                    item["field"] = after if item["field"] == before else item["field"]
        return status, orjson.dumps(data)

    return damage


@parametrize_in_turn("field", ["Flagged", "Sprint", "Story Points"], 1)
def test_what_happens_after_a_field_was_renamed_counts(sqlite_store, tmp_path, field):
    story = Story()
    sprint = story.sprint(on(1), on(12))
    flagged, late = story.issue(3, sprint=sprint.id), story.issue(5)
    story.now = on(5, 17)
    team = a_team(impediment={"flagged": True})
    with damaged(story, sqlite_store, tmp_path, [team], "datacenter") as pulled:
        pulled.good_pull()
        pulled.damage = renaming(field, "Neuer Name")
        story.world.set_flag(flagged, True, on(5, 18.1))
        story.log(flagged, on(5, 18.2), 1)
        story.world.set_flag(flagged, False, on(5, 19))
        story.world.move_to_sprint(late, sprint, on(5, 18.5))
        story.world.set_estimate(late, 8, on(5, 19))
        story.now = on(5, 20)
        for _ in range(5):  # fields are asked for at every fourth pull
            pulled.good_pull()
        found = pulled.figures()
        assert (found.added_points, found.reestimated_points) == (5, 3)
        assert found.time.impediment_seconds == 3600
        before = pulled.contents()
        pulled.good_pull(full=True)
        assert pulled.contents() == before
        assert rebuild(pulled.engine) == 0
