"""The demo's chat and mailbox take what the bot says, and its pages show it, whatever it is."""

import smtplib
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from starlette.testclient import TestClient

from bot.channels.sending import send
from bot.demo_chat import LONGEST, chatting
from bot.demo_mail import mailing
from telemetry.received import Received
from tests.alerts.test_channels import HOSTILE, MESSAGE
from tests.web.fake_reports import FakeReports
from tests.web.invented import NOW
from web.app import create_app

LONG = b"Subject: x\r\n\r\n" + b"y\r\n" * 400_000


@pytest.fixture(scope="module")
def received():
    return Received()


@pytest.fixture(scope="module")
def chat(received):
    with chatting(received) as address:
        yield address


@pytest.fixture(scope="module")
def mail(received):
    with mailing(received) as address:
        yield address


def page_of(received, path):
    app = create_app(
        FakeReports(),
        access_token=None,
        allowed_hosts=(),
        clock=lambda: NOW,
        received=received,
    )
    return TestClient(app, base_url="http://127.0.0.1:8000").get(path)


def test_what_the_bot_sends_is_shown_newest_first_and_as_text(chat):
    received = Received()
    assert "Nothing has been said yet" in page_of(received, "/demo/chat").text
    with chatting(received) as address:
        assert send(MESSAGE, [address]).way == "sent"
    page = page_of(received, "/demo/chat").text
    assert "<b>▲ Managed Kubernetes, Sprint 28: 14 behind.</b>" in page
    assert "&lt;!channel&gt; *b*" in page
    assert HOSTILE not in page
    assert "<b>&amp;" not in page
    assert 'href="/demo/chat" aria-current="page"' in page


def test_a_mail_is_shown_in_a_frame_without_scripts_with_its_plain_text(mail, received):
    assert "No mail has come yet" in page_of(Received(), "/demo/mail").text
    assert send(MESSAGE, [mail]).way == "sent"
    page = page_of(received, "/demo/mail").text
    assert '<iframe title="▲ Managed Kubernetes, Sprint 28: 14 behind." sandbox=' in page
    assert 'srcdoc="&lt;' in page
    assert HOSTILE not in page
    [one] = received.mails()
    assert one.plain.startswith("▲ Managed Kubernetes, Sprint 28: 14 behind.")


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b"nonsense", b"x" * (LONGEST + 1)])
def test_what_is_no_message_is_refused(chat, body):
    with pytest.raises(HTTPError, match="400"):
        urlopen(Request(chat.replace("json", "http"), body, method="POST"))


def test_a_mail_that_is_too_long_is_refused_and_the_next_one_taken(mail, received):
    port = int(mail.split(":")[2].partition("?")[0])
    before = len(list(received.mails()))
    with smtplib.SMTP("127.0.0.1", port) as client:
        with pytest.raises(smtplib.SMTPDataError, match="too long"):
            client.sendmail("a@example.com", ["b@example.com"], LONG)
        client.sendmail("a@example.com", ["b@example.com"], b"Subject: x\r\n\r\n.dot\r\n")
    assert len(list(received.mails())) == before + 1
    assert next(received.mails()).plain == ".dot\r\n"


def test_without_a_demo_there_are_no_such_pages():
    assert page_of(None, "/demo/chat").status_code == 404
    assert "/demo/chat" not in page_of(None, "/").text
