"""What was told long ago is forgotten, on both databases; what still waits or is open is not."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import insert, select, update

from bot.alerts.evaluate import KEPT, KEPT_ALERTS
from bot.digests.looking import KEPT as KEPT_DIGESTS
from bot.digests.looking import look
from telemetry.store import schema as s
from telemetry.store.alerts import prune_alerts, prune_evaluations
from telemetry.store.digests import add_digests, change_digests, prune_digests
from telemetry.store.engine import reading, writing
from telemetry.store.mutes import prune_mutes
from tests.alerts.desk import Desk

NOW = datetime(2026, 5, 6, 14, tzinfo=UTC)
DAY = timedelta(days=1)
INSTANT = timedelta(milliseconds=1)


def digest(key, told_at, channel="chat"):
    return {
        "key": key,
        "channel": channel,
        "kind": "week",
        "team_key": "k8s",
        "team_keys": ["k8s"],
        "sprint_id": None,
        "told_at": told_at,
        "made_at": told_at,
        "due_at": told_at,
        "message_id": key,
    }


def alert(number, resolved_at):
    return {
        "id": number,
        "rule": "sprint_behind",
        "team_key": "k8s",
        "subject_kind": "sprint",
        "subject_id": str(number),
        "subject_name": "Sprint",
        "severity": "watch",
        "open_key": None if resolved_at else f"open {number}",
        "is_silent": False,
        "opened_at": NOW - 900 * DAY,
        "resolved_at": resolved_at,
        "value": 1.0,
        "opened_value": 1.0,
        "threshold": 0.5,
        "said": [],
        "issue_ids": [],
    }


def delivery(number, alert_id, state):
    return {
        "id": number,
        "alert_id": alert_id,
        "team_key": "k8s",
        "channel": "chat",
        "kind": "opened",
        "state": state,
        "made_at": NOW,
        "due_at": NOW,
        "attempts": 0,
        "reached": [],
    }


def ids(store, table, column="id"):
    with reading(store) as connection:
        return sorted(connection.scalars(select(table.c[column])))


def test_digests_of_before_an_instant_are_forgotten_and_no_other(store):
    before = NOW - KEPT_DIGESTS
    rows = {
        "long ago": before - 300 * DAY,
        "just before": before - INSTANT,
        "at it": before,
        "new": NOW,
    }
    with writing(store) as connection:
        add_digests(connection, [digest(key, at) for key, at in rows.items()])
        add_digests(connection, [digest("just before", rows["just before"], "mail")])
        states = connection.execute(select(s.digests.c.id, s.digests.c.key)).all()
        for number, key in states:
            change_digests(connection, [number], state="failed" if key == "long ago" else "sent")
        prune_digests(connection, before)
    assert ids(store, s.digests, "key") == ["at it", "new"]


def test_alerts_go_with_their_deliveries_unless_one_waits_and_only_so_many(store):
    before = NOW - KEPT_ALERTS
    with writing(store) as connection:
        alerts = [
            (1, before - DAY),
            (2, before - INSTANT),
            (3, before),
            (4, None),
            (5, before - DAY),
        ]
        alerts.append((6, before - DAY))
        connection.execute(insert(s.alerts), [alert(*one) for one in alerts])
        told = [
            (1, "sent"),
            (1, "dropped"),
            (2, "given_up"),
            (3, "sent"),
            (4, "sent"),
            (5, "waiting"),
        ]
        told.append((5, "sent"))
        rows = [delivery(number, *one) for number, one in enumerate(told, 1)]
        connection.execute(insert(s.deliveries), rows)
        assert prune_alerts(connection, before, 2) == 2
    assert ids(store, s.alerts) == [3, 4, 5, 6]
    assert ids(store, s.deliveries, "alert_id") == [3, 4, 5, 5]
    with writing(store) as connection:
        assert prune_alerts(connection, before, 2) == 1
        connection.execute(update(s.deliveries).values(state="sent"))
        assert prune_alerts(connection, before, 2) == 1
        assert prune_alerts(connection, before, 2) == 0
    assert ids(store, s.alerts) == [3, 4]


def test_looks_and_mutes_of_before_an_instant_are_forgotten(store):
    counts = dict.fromkeys(
        ("milliseconds", "team_count", "opened_count", "worsened_count", "resolved_count"), 1
    )
    with writing(store) as connection:
        at = [NOW - KEPT - INSTANT, NOW - KEPT, NOW]
        connection.execute(insert(s.evaluations), [{"at": one, **counts} for one in at])
        made = {"team_key": "k8s", "rule": None, "made_at": NOW - 900 * DAY, "made_by": "x"}
        until = [NOW - KEPT_ALERTS - INSTANT, NOW - KEPT_ALERTS, NOW + DAY]
        connection.execute(insert(s.mutes), [{"until": one, **made} for one in until])
        prune_evaluations(connection, NOW - KEPT)
        prune_mutes(connection, NOW - KEPT_ALERTS)
    assert ids(store, s.evaluations, "at") == at[1:]
    assert ids(store, s.mutes, "until") == until[1:]


def test_a_bot_forgets_old_digests_as_it_notes_new_ones(store, tmp_path):
    entry = {"kind": "portfolio", "at": "wed 14:00"}
    desk = Desk(store, tmp_path, alerts=[], digests=[entry])
    with writing(store) as connection:
        connection.execute(update(s.teams).values(as_of=NOW))
        add_digests(
            connection, [digest("old", NOW - KEPT_DIGESTS - DAY), digest("kept", NOW - DAY)]
        )
    assert look(store, desk.context.settings, NOW, NOW - DAY) == 1
    kept, new = ids(store, s.digests, "key")
    assert kept == "kept"
    assert new.startswith("portfolio ")
    assert look(store, desk.context.settings, NOW, NOW - DAY) == 0
