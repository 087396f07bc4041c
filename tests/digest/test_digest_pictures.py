"""Charts in digests: drawn where a channel shows pictures, and links where nothing draws."""

import email
import json
import os
import struct
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from email import policy
from html import escape
from threading import Event

import pytest
from apprise.plugins.discord import NotifyDiscord
from apprise.plugins.ntfy import NotifyNtfy
from apprise.plugins.slack import NotifySlack

from bot.channels.payload import Picture, Post
from bot.channels.sending import addresses_of, send, takes_pictures
from bot.check_messages import check_messages
from bot.demo_mail import take
from bot.digests.pictures import HELD, Drawings
from telemetry.digest.making import make
from telemetry.errors import TelemetryError
from telemetry.export import pages
from telemetry.received import Received
from telemetry.words.digests.written import text
from telemetry.words.plain import plain
from telemetry.words.values import sentence
from tests.alerts.desk import Desk
from tests.alerts.receivers import Answer, http_receiver, smtp_receiver
from tests.alerts.test_channels import HOSTILE
from tests.digest.test_digests_received import BASE, MAIL, WEEK
from web.export import paper
from web.saving import commands

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
SHOWN = (
    Picture("burndown.png", sentence("Burndown of ", HOSTILE, ' "x"'), PNG),
    Picture("impediment-time.png", sentence("Impediment hours each day."), PNG + b"2"),
)
DISCORD = "discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js"
SLACK = "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"
MAILS = "mailto://user:secret@example.com"


def drawn(*given):
    return Drawings().of(*given)


def sent(address, pictures=SHOWN):
    return send(Post("0123456789abcdef", WEEK, BASE, pictures), addresses_of(address))


def test_a_mail_has_its_pictures_in_its_page_and_says_what_they_show():
    with smtp_receiver() as box:
        assert sent(MAIL.format(box.port)).way == "sent"
    mail = email.message_from_bytes(box.mails[0].content, policy=policy.default)
    assert mail.get_content_type() == "multipart/related"
    page = mail.get_body(("html",)).get_content()
    parts = {part["Content-ID"]: part for part in mail.walk() if part["Content-ID"]}
    assert [*parts] == ["<burndown.png>", "<impediment-time.png>"]
    for picture in SHOWN:
        part = parts[f"<{picture.name}>"]
        assert part.get_content_type() == "image/png"
        assert part.get_content_disposition() == "inline"
        assert part.get_content() == picture.content
        assert page.count(f'src="cid:{picture.name}"') == 1
    assert 'alt="Impediment hours each day."' in page
    assert escape("<!channel> *b*") in page
    assert "cid:" not in mail.get_body(("plain",)).get_content()
    received = Received()
    take(received, box.mails[0].content)
    [kept] = received.mails()
    assert kept.page.count('src="data:image/png;base64,') == 2


def test_a_mail_without_pictures_is_as_it_was():
    with smtp_receiver() as box:
        assert sent(MAIL.format(box.port), ()).way == "sent"
    mail = email.message_from_bytes(box.mails[0].content, policy=policy.default)
    assert mail.get_content_type() == "multipart/alternative"
    assert "<img" not in mail.get_body(("html",)).get_content()


def test_a_chat_gets_them_after_the_text_with_what_they_show(monkeypatch):
    with http_receiver(Answer(204, b"")) as got:
        monkeypatch.setattr(NotifyDiscord, "notify_url", f"http://127.0.0.1:{got.port}/hooks")
        assert sent(DISCORD).way == "sent"
    words, shown, files = got.bodies
    assert "3 of 10 points" in words
    assert "Impediment hours each day." in shown
    assert "@everyone" not in shown
    assert 'filename="burndown.png"' in files
    assert 'filename="impediment-time.png"' in files


@pytest.mark.parametrize("status", [400, 413, 429, 500])
def test_a_chat_that_refuses_pictures_is_told_the_text_once(monkeypatch, status):
    with http_receiver(Answer(204, b""), Answer(status)) as got:
        monkeypatch.setattr(NotifyDiscord, "notify_url", f"http://127.0.0.1:{got.port}/hooks")
        outcome = sent(DISCORD)
    assert (outcome.way, outcome.reached) == ("sent", (0,))


def test_a_topic_of_ntfy_gets_each_as_a_file(monkeypatch):
    monkeypatch.setattr(NotifyNtfy, "request_rate_per_sec", 0)
    with http_receiver(Answer(body=b"{}")) as got:
        assert sent(f"ntfy://127.0.0.1:{got.port}/topic").way == "sent"
    assert len(got.bodies) == 3
    assert "PNG" not in got.bodies[0]
    assert all("PNG" in body for body in got.bodies[1:])
    assert "Burndown" in got.paths[1]
    assert "message=Impediment+hours" in got.paths[2]


def test_a_bot_of_slack_puts_them_into_the_channel_of_the_text(monkeypatch):
    monkeypatch.setattr(NotifySlack, "request_rate_per_sec", 0)
    with http_receiver() as got:
        here = f"http://127.0.0.1:{got.port}"
        said = {"ok": True, "channel": "C1", "file_id": "F1", "upload_url": f"{here}/up"}
        got.answers = [Answer(body=json.dumps(said | {"files": [{"id": "F1"}]}).encode())]
        monkeypatch.setattr(NotifySlack, "api_url", here + "/{}")
        assert sent("slack://xoxb-1234-1234-abc124/#general").way == "sent"
    ways = [path.partition("?")[0] for path in got.paths]
    each = ["/files.getUploadURLExternal", "/up", "/files.completeUploadExternal"]
    assert ways == ["/chat.postMessage"] * 2 + each * 2
    assert "3 of 10 points" in got.bodies[0]
    assert "Impediment hours each day." in got.bodies[1]
    assert "PNG" in got.bodies[3]


def test_who_shows_none_gets_the_text_alone(monkeypatch):
    with http_receiver() as got:
        monkeypatch.setattr(NotifySlack, "webhook_url", f"http://127.0.0.1:{got.port}/services")
        for address in (SLACK, f"json://127.0.0.1:{got.port}", f"mmost://127.0.0.1:{got.port}/x"):
            assert sent(address).way == "sent"
    assert len(got.bodies) == 3
    assert not any("PNG" in body or "iVBOR" in body for body in got.bodies)


def test_who_shows_pictures_is_known_by_the_address():
    bot = "slack://xoxb-1234-1234-abc124/#general"
    assert all(map(takes_pictures, (MAILS, DISCORD, bot, "ntfy://host/topic")))
    assert not any(map(takes_pictures, ("json://host", "mmost://host/x", SLACK, "nonsense://")))


@pytest.fixture
def registered(monkeypatch):
    monkeypatch.setattr(pages, "PICTURES", [])
    monkeypatch.setattr("bot.digests.pictures.PICTURES", pages.PICTURES)
    monkeypatch.setattr("bot.check_messages.PICTURES", pages.PICTURES)
    monkeypatch.setattr(commands, "PICTURES", pages.PICTURES)
    commands.register()
    return pages.PICTURES


@pytest.mark.slow
def test_the_charts_of_a_digest_are_pngs_of_a_phones_width(
    pulled, registered, chromium, monkeypatch
):
    if os.geteuid() == 0:
        monkeypatch.setenv(paper.VARIABLE, "chromium --no-sandbox")
    story = pulled.story
    week = make(pulled.reports, "week", "k8s", story.now)
    found = drawn(pulled.context, week, [MAILS], story.now)
    assert [one.name for one in found] == ["burndown.png", "impediment-time.png"]
    for one in found:
        assert struct.unpack(">I", one.content[16:20]) == (2 * commands.PHONE,)
        assert len(one.content) < 300_000
    day = make(pulled.reports, "day", "k8s", story.now)
    assert [one.name for one in drawn(pulled.context, day, [MAILS], story.now)] == ["burndown.png"]


def test_each_kind_has_charts_that_say_what_they_show(pulled):
    said = {
        kind: [
            plain(one.says).replace("\u202f", " ")
            for one in make(pulled.reports, kind, "k8s", pulled.story.now).charts
        ]
        for kind in ("day", "week", "sprint", "portfolio")
    }
    assert said["day"] == ["Burndown of Sprint 1: 7 of 10 points are left."]
    hours = "Impediment hours each day of Sprint 1, by nature: 4.5 h in all."
    assert said["week"] == [*said["day"], hours]
    assert len(said["sprint"]) == 2
    assert said["portfolio"] == []


def test_nothing_is_drawn_for_who_shows_none_and_nothing_hinders_the_words(
    pulled, registered, monkeypatch, caplog
):
    made = make(pulled.reports, "week", "k8s", pulled.story.now)
    asked = []

    def draw(*given):
        asked.append(given)
        raise failure

    registered[:] = [pages.Pictures(draw, lambda: None)]
    failure: Exception = TelemetryError("Chromium did not print the page within 30 s: try again")
    now = pulled.story.now
    assert drawn(pulled.context, made, ["json://host"], now) == ()
    assert asked == []
    assert drawn(pulled.context, made, [MAILS], now) == ()
    failure = ZeroDivisionError()
    assert drawn(pulled.context, made, ["json://host", MAILS], now) == ()
    assert [address for _, address, *_ in asked] == [made.charts_path] * 2
    late = make(pulled.reports, "portfolio", "", now + timedelta(days=1))
    assert drawn(pulled.context, late, [MAILS], now) == ()
    assert f"{BASE}/teams/k8s" in text(made, BASE)


def test_what_several_channels_get_is_drawn_once_and_little_is_held(pulled, registered):
    now = pulled.story.now
    week, day = (make(pulled.reports, kind, "k8s", now) for kind in ("week", "day"))
    begun, asked = Event(), []

    def draw(_context, _path, names, _now):
        asked.append([*names])
        begun.wait(5)
        return dict.fromkeys(names, PNG)

    registered[:] = [pages.Pictures(draw, lambda: None)]
    drawings = Drawings()

    def of(made, address):
        return drawings.of(pulled.context, made, [address], now)

    with ThreadPoolExecutor(3) as pool:
        several = [pool.submit(of, week, address) for address in (MAILS, DISCORD, MAILS)]
        begun.set()
        first, *others = (one.result() for one in several)
    assert [one.content for one in first] == [PNG, PNG]
    assert all(other is first for other in others)
    assert of(week, SLACK) == ()
    assert len(of(day, MAILS)) == 1
    assert asked == [["burndown", "impediment-time"], ["burndown"]]
    for number in range(HELD):
        of(replace(week, charts_path=f"/{number}"), MAILS)
    assert len(drawings._held) == HELD
    assert of(week, MAILS) is not first
    assert len(asked) == 2 + HELD + 1


def test_who_waits_for_a_picture_that_fails_goes_on_without(pulled, registered):
    now = pulled.story.now
    made = make(pulled.reports, "week", "k8s", now)

    def draw(*_):
        raise SystemExit

    registered[:] = [pages.Pictures(draw, lambda: None)]
    drawings = Drawings()
    with pytest.raises(SystemExit):
        drawings.of(pulled.context, made, [MAILS], now)
    assert drawings.of(pulled.context, made, [MAILS], now) == ()


def test_check_says_whether_digests_have_pictures_and_messages_links(
    sqlite_store, tmp_path, registered, monkeypatch
):
    week = {"kind": "week", "at": "wed 14:00"}
    desk = Desk(sqlite_store, tmp_path, alerts=[], digests=[week])
    desk.context.environ["CHAT"] = MAILS
    monkeypatch.setenv(paper.VARIABLE, "no-such-chromium")

    def said():
        return [one.line() for one in check_messages(desk.context, sends=False)]

    without, links = said()[-1], said()[-2]
    assert without.startswith("note  pictures: digests have links alone, as a picture needs Chrom")
    assert "install the package" in without
    assert links.startswith("note  links: messages of a bot that runs alone lead to no page")
    monkeypatch.setenv(paper.VARIABLE, "true --no-sandbox")
    assert said()[-1] == "ok    pictures: digests carry their charts to chat"
    desk.configure(digests=[week | {"kind": "portfolio"}], web={"url": BASE})
    desk.context.environ["CHAT"] = MAILS
    assert [line.partition(":")[0] for line in said()] == [
        "ok    channel chat",
        "ok    digest portfolio",
    ]
