"""Telegram: a bot's messages and pictures as its readers see them, and every way it says no."""

import json
import logging

import pytest
from apprise.plugins.telegram import NotifyTelegram

from bot.channels.payload import Picture, Post
from bot.channels.sending import addresses_of, send
from bot.channels.trying import try_out
from telemetry.words.alerts.message import Message
from telemetry.words.digests.digest import Digest
from telemetry.words.targets import External
from telemetry.words.values import figure, sentence
from tests.alerts.receivers import Answer
from tests.alerts.telegram import TOKEN, bot_api, no
from tests.alerts.test_channels import ISSUE
from tests.alerts.test_hostile_words import BASE, HOSTILE, messages
from tests.depth import parametrize_in_turn
from tests.digest.test_digests_received import NAMES, PORTFOLIO, WEEK

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
PICTURES = (
    Picture("burndown.png", sentence("Burndown of LB-30_w18: 7 of 10 points (70 %)."), PNG),
    Picture("impediment-time.png", sentence("Impediment hours each day: 4.5 h."), PNG + b"2"),
)
ALERT = Message(
    "0123456789abcdef",
    (
        sentence("▲ ", figure("Load Balancer"), ", LB-30_w18: ", figure("9 of 39 behind"), "."),
        sentence(figure("LB-5_25", to=External(ISSUE)), " Waiting (v1.2) for a_b!"),
    ),
    "https://telemetry.example.com/teams/load_balancer",
)
ADDRESS = f"tgram://{TOKEN}/12315544?rto=0.5&cto=0.5"
WAIT = {"retry_after": 35}


@pytest.fixture
def chat(monkeypatch):
    with bot_api() as chat:
        address = f"http://127.0.0.1:{chat.receiver.port}/bot"
        monkeypatch.setattr(NotifyTelegram, "notify_url", address)
        monkeypatch.setattr(NotifyTelegram, "request_rate_per_sec", 0)
        yield chat


def sent(message=ALERT, address=ADDRESS, reached=()):
    return send(message, addresses_of(address), reached)


def post(pictures=PICTURES, digest=WEEK):
    return Post("0123456789abcdef", digest, BASE, pictures)


def test_an_alert_reads_as_it_is_meant_and_leads_where_it_should(chat):
    outcome = sent()
    assert (outcome.way, outcome.reached) == ("sent", (0,))
    [shown] = chat.shown
    assert [line.rstrip() for line in shown.text.splitlines()] == [
        "▲ Load Balancer, LB-30_w18: 9 of 39 behind.",
        "LB-5_25 Waiting (v1.2) for a_b!",
        "https://telemetry.example.com/teams/load_balancer",
    ]
    assert shown.bold == ["Load Balancer", "9 of 39 behind"]
    assert shown.links == {"LB-5_25": ISSUE}
    said = json.loads(chat.receiver.bodies[0])
    assert said["disable_web_page_preview"] is True


@parametrize_in_turn("name", list(HOSTILE), 8)
def test_whatever_a_title_holds_is_taken_and_shown_as_text(chat, name):
    value = HOSTILE[name].strip() or "word"
    for one in messages(value):
        assert sent(one).way == "sent"
    for shown in chat.shown:
        assert {
            url for url in shown.links.values() if not url.startswith((BASE, ISSUE[:20]))
        } == set()


def test_a_digest_has_each_picture_with_its_own_words_after_the_text(chat):
    assert sent(post()).way == "sent"
    words, *shown = chat.shown
    assert words.text.startswith("● Managed Kubernetes, Mon 2 – Fri 6 Mar 2026")
    assert words.photo is None
    assert [one.text for one in shown] == [
        "Burndown of LB-30_w18: 7 of 10 points (70 %).",
        "Impediment hours each day: 4.5 h.",
    ]
    assert [one.photo for one in shown] == [one.content for one in PICTURES]


def test_what_is_longer_than_a_message_comes_as_several_and_a_table_as_lines(chat):
    assert sent(post((), PORTFOLIO)).way == "sent"
    long = Digest("week", "k8s", sentence("x"), (sentence("1. a_b! " * 900),), "/teams/k8s")
    assert sent(post((), long)).way == "sent"
    told = "".join(one.text for one in chat.shown)
    assert all(f"{name}: Sprint 8, done of scope 3 of 10" in told for name in NAMES)
    assert told.count("a_b!") == 900
    assert len(chat.shown) > 2


@pytest.mark.parametrize(
    ("answer", "way", "said", "wait"),
    [
        (
            no(429, "retry after 35", parameters=WAIT),
            "retry",
            "to wait (429)",
            35.0,
        ),
        (
            no(429, "Too Many Requests", 200, parameters=WAIT),
            "retry",
            "200 with an error inside",
            35.0,
        ),
        (no(429, "x", parameters={"retry_after": "soon"}), "retry", "to wait (429)", None),
        (no(429, "x", parameters={"retry_after": 10**9}), "retry", "to wait (429)", 6 * 3600.0),
        (no(429, "x", parameters={"retry_after": True}), "retry", "to wait (429)", None),
        (no(429, "x"), "retry", "to wait (429)", None),
        (no(400, "Bad Request: chat not found"), "failed", "refused the message (400)", None),
        (no(400, "Bad Request: chat not found", 200), "retry", "200 with an error inside", None),
        (no(401, "Unauthorized"), "failed", "refused us (401); check the token", None),
        (no(403, "Forbidden: bot was kicked"), "failed", "refused us (403)", None),
        (no(404, "Not Found"), "failed", "knows no such address (404)", None),
        (no(502, "Bad Gateway"), "retry", "answered 502, an error of its own", None),
        (Answer(200, b"[1]"), "sent", "", None),
        (Answer(after=0.8), "retry", "did not answer in time", None),
    ],
)
def test_what_it_answers_decides(chat, answer, way, said, wait):
    chat.answers = [answer]
    outcome = sent(post() if way != "sent" else ALERT)
    assert (outcome.way, outcome.retry_after) == (way, wait)
    assert said in (outcome.reason or "")
    assert len(chat.receiver.bodies) == 1  # no picture of a text that did not arrive


@pytest.mark.parametrize(
    "refusal",
    [
        no(400, "Bad Request: PHOTO_INVALID_DIMENSIONS"),
        no(429, "Too Many Requests", parameters=WAIT),
        no(413, "Request Entity Too Large"),
        no(400, "Bad Request: not enough rights to send photos to the chat", 200),
    ],
)
def test_a_picture_that_is_refused_has_the_text_told_no_second_time(chat, refusal, capfd):
    chat.answers = [None, refusal]
    outcome = sent(post())
    assert (outcome.way, outcome.reached) == ("sent", (0,))
    assert [path.rpartition("/")[2] for path in chat.receiver.paths] == ["sendMessage", "sendPhoto"]
    assert "pictures not sent" in "".join(capfd.readouterr())


def test_several_chats_of_an_address_are_told_apart(chat):
    several = ADDRESS.replace("12315544", "12315544/-100200300/@nobody/@team")
    first = sent(address=several)
    assert (first.way, len(first.reached)) == ("failed", 3)
    assert "of 4 refused the message (400)" in first.reason
    assert sent(address=several, reached=first.reached).way == "failed"
    assert sorted(one.chat for one in chat.shown) == ["-100200300", "12315544", "@team"]


def test_the_token_is_logged_and_shown_nowhere(chat, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    chat.answers = [no(400, f"Bad Request: {TOKEN}"), None, no(400, f"Bad Request: {TOKEN}")]
    reasons = [sent().reason, sent(post()).reason]
    reasons.append(sent(address=ADDRESS.replace("12315544", "nobody")).reason)
    reasons.append(try_out("chat", ADDRESS).sentence)
    chat.answers = [Answer(after=0.8)]
    reasons.append(sent().reason)
    told = caplog.text + "".join(capfd.readouterr()) + "".join(filter(None, reasons))
    assert TOKEN not in told
    assert TOKEN.partition(":")[2] not in told
    assert TOKEN in chat.receiver.paths[0]
