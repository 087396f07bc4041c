"""The demo's chat takes what the bot says and shows it, whatever stands in it."""

from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from bot.channels.sending import send
from bot.demo_chat import LONGEST, chatting
from tests.alerts.test_channels import HOSTILE, MESSAGE


@pytest.fixture(scope="module")
def chat():
    with chatting() as chat:
        yield chat


def page_of(chat):
    with urlopen(chat.url) as answer:
        return answer.read().decode()


def test_what_the_bot_sends_is_shown_newest_first_and_as_text(chat):
    assert "Nothing has been said yet" in page_of(chat)
    assert send(MESSAGE, [chat.address]).way == "sent"
    page = page_of(chat)
    assert "<b>▲ Managed Kubernetes, Sprint 28: 14 behind.</b>" in page
    assert "&lt;!channel&gt; *b*" in page
    assert HOSTILE not in page
    assert "<b>&amp;" not in page


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b"nonsense", b"x" * (LONGEST + 1)])
def test_what_is_no_message_is_refused(chat, body):
    with pytest.raises(HTTPError, match="400"):
        urlopen(Request(chat.url, body, method="POST"))


def test_elsewhere_there_is_nothing(chat):
    with pytest.raises(HTTPError, match="404"):
        urlopen(chat.url.replace("/demo/chat", "/"))
