"""Secrets in a channel's address appear nowhere, however the channel fails."""

import logging

from starlette.testclient import TestClient

from bot.alerts.sender import send_due
from telemetry.report.reports import Reports
from tests.alerts.desk import HOUR, Desk
from tests.alerts.receivers import Answer, http_receiver
from web.app import create_app

USER, PASSWORD, PATH = "us3rs3cr3t", "p4sss3cr3t", "p4ths3cr3t"
PLANTED = (USER, PASSWORD, PATH)


def test_no_secret_of_a_channel_is_stored_logged_or_shown(sqlite_store, tmp_path, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    desk = Desk(sqlite_store, tmp_path, admin={"channels": ["chat"]})
    desk.round()
    echo = f"no such thing: {USER}:{PASSWORD}@/{PATH}".encode()
    answers = (Answer(500, echo), Answer(302, echo, {"Location": f"http://x/{PATH}"}))
    with http_receiver(*answers) as got:
        hosts = f"{USER}:{PASSWORD}@127.0.0.1:{got.port}/{PATH}"
        addresses = (
            f"json://{hosts}",
            f"form://{hosts}",
            f"json://{USER}:{PASSWORD}@127.0.0.1:1/{PATH}?cto=0.2",
            f"mailto://{USER}:{PASSWORD}@127.0.0.1:1?smtp=127.0.0.1&from=a@b.fr&to={PATH}@b.fr",
            f"slack://{USER}/{PASSWORD}/{PATH}",
            f"{PATH}://{USER}:{PASSWORD}@nowhere",
            f"{USER} {PASSWORD}",
        )
        for address in addresses:
            desk.context.environ["CHAT"] = address
            for points in (0.0, 10.0):  # what was told before is over, and there is news
                desk.grow(points)
                desk.now += HOUR / 60
                desk.look()
            send_due(desk.context, lambda: desk.now)
    app = create_app(
        Reports(desk.engine), access_token=None, allowed_hosts=(), clock=lambda: desk.now
    )
    with TestClient(app, base_url="http://127.0.0.1") as client:
        paths = ("/alerts", "/runs", "/teams/team-1", "/api/v1/alerts")
        pages = "".join(client.get(path).text for path in paths)
    desk.engine.dispose()
    stored = b"".join(file.read_bytes() for file in tmp_path.glob("telemetry.db*"))
    told = caplog.text + "".join(capfd.readouterr()) + pages + stored.decode(errors="replace")
    for reason in ("answered 500", "elsewhere (302)", "cannot be reached", "is no address"):
        assert reason in told
    assert not [one for one in PLANTED if one in told]
