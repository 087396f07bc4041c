"""Every kind of service, and every way in which one fails: told rightly, and nobody told twice."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from apprise.plugins.discord import NotifyDiscord
from apprise.plugins.slack import NotifySlack

from bot.channels.observing import is_no
from bot.channels.payload import Post
from bot.channels.sending import addresses_of, send
from telemetry.words.alerts.message import Message
from telemetry.words.digests.digest import Digest
from telemetry.words.values import figure, sentence
from tests.alerts.receivers import Answer, http_receiver, smtp_receiver

SAID = sentence("▲ ", figure("Managed Kubernetes"), ": 14 of 44 points behind.")
ALERT = Message("0123456789abcdef", (SAID, SAID), "https://telemetry.example.com/teams/k8s")
LONG = Digest("week", "k8s", SAID, (sentence("x" * 1500),) * 3, "/teams/k8s")
GOOD = {
    "json": Answer(),
    "slack": Answer(),
    "mmost": Answer(),
    "discord": Answer(204, b""),
    "ntfy": Answer(body=b'{"id": "x", "event": "message"}'),
}
ADDRESSES = {
    "json": "json://127.0.0.1:{}/x?rto=0.1&cto=0.5",
    "slack": "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ?rto=0.1",
    "mmost": "mmost://127.0.0.1:{}/token?rto=0.1&cto=0.5",
    "discord": "discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js?rto=0.1",
    "ntfy": "ntfy://127.0.0.1:{}/topic?rto=0.1&cto=0.5",
}
BUSY = Answer(429, b"", {"Retry-After": "7"})
WAYS = {
    "slow": (Answer(after=0.2), "retry", "did not answer in time", None),
    "ill": (Answer(500, b"oops"), "retry", "answered 500, an error of its own", None),
    "busy": (BUSY, "retry", "asks us to wait (429)", 7.0),
    "resting": (Answer(503, b"", {"Retry-After": "9"}), "retry", "answered 503", 9.0),
    "gone": (Answer(404), "failed", "knows no such address (404)", None),
    "refusing": (Answer(403), "failed", "refused us (403)", None),
    "moved": (Answer(302, b"", {"Location": "/login"}), "failed", "sends us elsewhere (302)", None),
    "saying no": (Answer(200, b'{"ok": false, "error": "no_text"}'), "retry", "error inside", None),
}


@contextmanager
def pointed(monkeypatch, kind, port) -> Iterator[str]:
    """The address of a service of this kind that answers at the port."""
    with monkeypatch.context() as here:
        here.setattr(NotifySlack, "webhook_url", f"http://127.0.0.1:{port}/services")
        here.setattr(NotifyDiscord, "notify_url", f"http://127.0.0.1:{port}/hooks")
        yield ADDRESSES[kind].format(port)


def sent(address, message=ALERT, reached=()):
    return send(message, addresses_of(address), reached)


@pytest.mark.parametrize("kind", GOOD)
def test_a_service_that_takes_it_has_it_once(monkeypatch, kind):
    with http_receiver(GOOD[kind]) as got, pointed(monkeypatch, kind, got.port) as address:
        outcome = sent(address)
    assert (outcome.way, outcome.reached, len(got.bodies)) == ("sent", (0,), 1)


@pytest.mark.parametrize("kind", GOOD)
@pytest.mark.parametrize("way", WAYS)
def test_a_service_that_fails_is_judged_alike(monkeypatch, kind, way):
    answer, judged, said, wait = WAYS[way]
    with http_receiver(answer) as got, pointed(monkeypatch, kind, got.port) as address:
        outcome = sent(address)
    assert (outcome.way, outcome.reached, outcome.retry_after) == (judged, (), wait)
    assert said in outcome.reason
    again = (kind, way) == ("discord", "busy")  # Apprise itself asks once more
    assert len(got.bodies) == 1 + again


@pytest.mark.parametrize("kind", GOOD)
def test_a_dead_service_is_tried_again(monkeypatch, kind):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        with pointed(monkeypatch, kind, nobody.getsockname()[1]) as address:
            outcome = sent(address)
    assert (outcome.way, outcome.reached) == ("retry", ())
    assert "cannot be reached" in outcome.reason


def test_a_message_of_several_parts_of_which_one_fails_is_no_message(monkeypatch):
    with (
        http_receiver(GOOD["discord"], Answer(500)) as got,
        pointed(monkeypatch, "discord", got.port) as address,
    ):
        outcome = sent(address, Post("0123456789abcdef", LONG, None))
    assert (outcome.way, outcome.reached) == ("retry", ())
    assert len(got.bodies) > 1


@pytest.mark.parametrize(
    ("kind", "address"),
    [
        ("ntfy", "ntfy://127.0.0.1:{}/one/two/three"),
        ("mmost", "mmost://127.0.0.1:{}/token/?to=one,two,three"),
        ("slack", "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#one/#two/#three"),
    ],
)
def test_those_that_an_address_names_are_told_apart(monkeypatch, kind, address):
    good = GOOD[kind]
    with (
        http_receiver(good, Answer(500), good) as got,
        pointed(monkeypatch, kind, got.port),
    ):
        first = sent(address.format(got.port))
        assert (first.way, first.reached) == ("retry", (0, 2))
        assert first.reason == "Address 2 of 3 answered 500, an error of its own."
        second = sent(address.format(got.port), reached=first.reached)
    assert (second.way, second.reached) == ("sent", (0, 1, 2))
    assert len(got.bodies) == 4
    assert ["three" in body for body in got.bodies] == [False, True, False, True]


MAIL = (
    "mailto://127.0.0.1:{}?smtp=127.0.0.1&mode=insecure&from=bot@example.com&to={}&rto=0.3&cto=0.3"
)


@pytest.mark.parametrize(
    ("answer", "way", "said"),
    [
        ("250 OK", "sent", None),
        ("554 no thanks", "failed", "refused the mail (554)"),
        ("552 too long", "failed", "refused the mail (552)"),
        ("452 later", "retry", "put the mail off (452)"),
    ],
)
def test_what_a_mail_server_says_to_the_mail_itself_is_believed(answer, way, said):
    with smtp_receiver() as box:
        box.answer = answer
        outcome = sent(MAIL.format(box.port, "a@example.com"))
    assert outcome.way == way, outcome
    assert (said or "") in (outcome.reason or "")


def test_a_slow_mail_server_and_a_dead_one_are_tried_again():
    with smtp_receiver() as box:
        box.after = 0.6
        outcome = sent(MAIL.format(box.port, "a@example.com"))
        assert (outcome.way, outcome.reason) == ("retry", "It did not answer in time.")
    outcome = sent(MAIL.format(box.port, "a@example.com"))
    assert outcome.way == "retry"


@pytest.mark.parametrize(("said", "way"), [("450 busy", "retry"), ("550 unknown", "failed")])
def test_who_got_a_mail_gets_it_no_second_time_for_another_who_did_not(said, way):
    with smtp_receiver() as box:
        box.refusals = {"b@example.com": said}
        address = MAIL.format(box.port, "a@example.com,b@example.com,c@example.com")
        first = sent(address)
        assert (first.way, first.reached) == (way, (0, 2))
        assert first.reason.startswith("Address 2 of 3 ")
        box.refusals = {}
        second = sent(address, reached=first.reached)
    assert (second.way, second.reached) == ("sent", (0, 1, 2))
    recipients = [mail.rcpt_tos for mail in box.mails]
    assert recipients == [["a@example.com"], ["c@example.com"], ["b@example.com"]]


@pytest.mark.parametrize(
    ("said", "no"),
    [
        ("", False),
        ("ok", False),
        ("1", False),
        ('{"ok": true, "error": null}', False),
        ('{"id": "x"}', False),
        ("{}", False),
        ("{not json", False),
        ("<html>error</html>", False),
        ('["error"]', False),
        ('{"ok": false}', True),
        ('{"success": false}', True),
        (' {"error": "invalid_token"}', True),
        ('{"errors": [{"message": "x"}]}', True),
        ("Webhook message delivery failed with error: HTTP error 429", True),
    ],
)
def test_a_no_within_a_good_answer_is_heard(said, no):
    assert is_no(said) is no
