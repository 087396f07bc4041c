"""Messages as real receivers get them, and how the sending is judged."""

import email
import json
import logging
from email import policy

import pytest
from apprise.plugins.discord import NotifyDiscord
from apprise.plugins.slack import NotifySlack

from bot.channels.payload import Dialect, payload
from bot.channels.sending import addresses_of, send, service_name
from bot.channels.trying import look_at, try_out
from telemetry.words.alerts.message import Message
from telemetry.words.targets import External
from telemetry.words.values import figure, sentence
from tests.alerts.receivers import Answer, http_receiver, smtp_receiver

SECRET = "s3cr3tt0ken"
HOSTILE = "<!channel> *b* `c` [x](http://evil.example) <b>&amp; @everyone _u_ #1 ||s||"
ISSUE = "https://jira.example.com/browse/K8S-816"
MESSAGE = Message(
    "0123456789abcdef",
    (
        sentence("▲ ", figure("Managed Kubernetes"), ", Sprint 28: 14 behind."),
        sentence(
            figure("K8S-816", to=External("https://jira.example.com/browse/K8S-816")), " ", HOSTILE
        ),
    ),
    "https://telemetry.example.com/teams/k8s",
)


def sent(address, message=MESSAGE, reached=()):
    return send(message, addresses_of(address), reached)


def test_a_generic_webhook_gets_title_text_and_the_messages_id():
    with http_receiver() as got:
        outcome = sent(f"json://127.0.0.1:{got.port}/{SECRET}")
    assert outcome.way == "sent"
    body = json.loads(got.bodies[0])
    assert body["title"] == "▲ Managed Kubernetes, Sprint 28: 14 behind."
    assert body["message"].splitlines()[-1] == MESSAGE.url
    assert got.headers[0]["X-Telemetry-Message"] == MESSAGE.id


def test_a_mattermost_channel_gets_markdown_in_which_nothing_from_elsewhere_is_markup():
    with http_receiver() as got:
        outcome = sent(f"mmost://127.0.0.1:{got.port}/{SECRET}")
    assert outcome.way == "sent"
    text = json.loads(got.bodies[0])["text"]
    assert text.startswith("▲ **Managed Kubernetes**, Sprint 28: 14 behind.")
    assert "[K8S-816](https://jira.example.com/browse/K8S-816)" in text
    assert r"\*b\* \`c\` \[x\](http://evil.example) \<b\>\&amp;" in text
    assert "@everyone" not in text


def test_a_slack_channel_gets_its_own_dialect_in_which_nobody_is_called(monkeypatch):
    with http_receiver() as got:
        monkeypatch.setattr(NotifySlack, "webhook_url", f"http://127.0.0.1:{got.port}/services")
        outcome = sent("slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ")
    assert outcome.way == "sent"
    [said] = json.loads(got.bodies[0])["attachments"]
    assert said["text"].startswith("▲ *Managed Kubernetes*, Sprint 28: 14 behind.")
    assert f"<{ISSUE}|K8S-816> &lt;!channel&gt; " in said["text"]
    assert "[x](http://evil.example) &lt;b&gt;&amp;amp; @" in said["text"]
    assert "<!channel>" not in got.bodies[0]
    assert not {"*b*", "`c`", "_u_", "_b_"} & set(said["text"].split())
    assert "\\" not in said["text"]
    assert "icon_url" not in got.bodies[0]  # a picture that every reader would fetch elsewhere


def test_a_number_at_the_beginning_of_a_line_is_a_number_in_every_dialect():
    lines = (sentence("x"), sentence("24.4 of 41 expected"), sentence("2. of 3"), sentence("- 4"))
    message = Message("1", lines, None)
    slack = payload(message, Dialect.SLACK).body.split("  \n")
    assert slack == ["x", "24.4 of 41 expected", "2. of 3", "- 4"]
    marked = payload(message, Dialect.MARKDOWN).body.split("  \n")
    assert marked == ["x", "24.4 of 41 expected", "2\\. of 3", "\\- 4"]


def test_slack_saying_no_with_a_200_is_tried_again(monkeypatch):
    with http_receiver(Answer(200, b"invalid_payload")) as got:
        monkeypatch.setattr(NotifySlack, "webhook_url", f"http://127.0.0.1:{got.port}/services")
        outcome = sent("slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ")
    assert (outcome.way, outcome.reason) == ("retry", "It answered 200 with an error inside.")


def test_a_discord_channel_gets_markdown_that_calls_nobody(monkeypatch):
    with http_receiver(Answer(204, b"")) as got:
        monkeypatch.setattr(NotifyDiscord, "notify_url", f"http://127.0.0.1:{got.port}/hooks")
        outcome = sent("discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js")
    assert outcome.way == "sent", outcome
    assert "@everyone" not in got.bodies[0]
    assert "K8S-816" in got.bodies[0]


def test_an_ntfy_topic_gets_plain_text():
    with http_receiver(Answer(body=b"{}")) as got:
        outcome = sent(f"ntfy://127.0.0.1:{got.port}/topic")
    assert outcome.way == "sent"
    body = json.loads(got.bodies[0])
    assert body["message"].startswith("K8S-816 <!channel> *b*")
    assert "@everyone" not in body["message"]


def test_a_mail_is_html_whose_texts_are_escaped_with_its_plain_form_beside():
    with smtp_receiver() as box:
        outcome = sent(
            f"mailto://127.0.0.1:{box.port}?smtp=127.0.0.1&mode=insecure"
            "&from=bot@example.com&to=team@example.com"
        )
    assert outcome.way == "sent", outcome
    mail = email.message_from_bytes(box.mails[0].content, policy=policy.default)
    assert mail["Subject"] == "▲ Managed Kubernetes, Sprint 28: 14 behind."
    assert mail["X-Telemetry-Message"] == MESSAGE.id
    page = mail.get_body(("html",)).get_content()
    assert "&lt;!channel&gt; *b*" in page
    assert "prefers-color-scheme: dark" in page
    assert page.count("<html") == 1
    assert "<b>" not in page
    assert '<a href="https://jira.example.com/browse/K8S-816">K8S-816</a>' in page
    assert "K8S-816" in mail.get_body(("plain",)).get_content()


@pytest.mark.parametrize(
    ("said", "way", "reason"),
    [
        ("550 no such mailbox", "failed", "refused the mail (550)"),
        ("451 try later", "retry", "put the mail off (451)"),
    ],
)
def test_a_mail_server_that_refuses_is_believed(said, way, reason):
    with smtp_receiver() as box:
        box.refusals = {"team@example.com": said}
        outcome = sent(
            f"mailto://127.0.0.1:{box.port}?smtp=127.0.0.1&mode=insecure"
            "&from=bot@example.com&to=team@example.com"
        )
    assert outcome.way == way, outcome
    assert reason in outcome.reason


@pytest.mark.parametrize(
    ("answer", "way", "said", "wait"),
    [
        (Answer(500), "retry", "answered 500", None),
        (Answer(503, headers={"Retry-After": "90"}), "retry", "answered 503", 90),
        (Answer(429, headers={"Retry-After": "120"}), "retry", "asks us to wait (429)", 120),
        (Answer(429, headers={"Retry-After": "soon"}), "retry", "asks us to wait (429)", None),
        (Answer(429, headers={"Retry-After": "999999999"}), "retry", "asks us", 6 * 3600),
        (Answer(404), "failed", "knows no such address (404); check the path", None),
        (Answer(410), "failed", "knows no such address (410)", None),
        (Answer(401), "failed", "refused us (401); check the token", None),
        (Answer(400), "failed", "refused the message (400)", None),
        (Answer(408), "retry", "answered 408", None),
    ],
)
def test_an_answer_decides_whether_it_is_tried_again(answer, way, said, wait):
    with http_receiver(answer) as got:
        outcome = sent(f"json://127.0.0.1:{got.port}/{SECRET}")
    assert (outcome.way, outcome.retry_after) == (way, wait)
    assert said in outcome.reason
    assert SECRET not in outcome.reason


def test_who_does_not_answer_in_time_or_at_all_is_tried_again():
    with http_receiver(Answer(after=1.5)) as got:
        slow = sent(f"json://127.0.0.1:{got.port}/{SECRET}?rto=0.3")
    assert (slow.way, slow.reason) == ("retry", "It did not answer in time.")
    gone = sent(f"json://127.0.0.1:{got.port}/{SECRET}?cto=0.5")
    assert gone.way == "retry"
    assert "cannot be reached" in gone.reason


@pytest.mark.parametrize(
    "address", ["", "nonsense", f"nosuch://{SECRET}", "slack://x", "mailto://"]
)
def test_what_is_no_address_fails_at_once_and_is_not_repeated(address, caplog, capfd):
    outcome = sent(address or "  x  ")
    assert outcome.way == "failed"
    assert "is no address that Apprise knows" in outcome.reason
    assert SECRET not in outcome.reason + caplog.text + "".join(capfd.readouterr())


def test_several_addresses_of_a_channel_are_told_apart():
    with http_receiver() as good, http_receiver(Answer(500), Answer()) as bad:
        lines = f"json://127.0.0.1:{good.port}\n\njson://127.0.0.1:{bad.port}/{SECRET}"
        first = sent(lines)
        assert (first.way, first.reached) == ("retry", (0,))
        assert first.reason == "Address 2 of 2 answered 500, an error of its own."
        second = sent(lines, reached=first.reached)
    assert (second.way, second.reached) == ("sent", (0, 1))
    assert (len(good.bodies), len(bad.bodies)) == (1, 2)


def test_one_address_that_failed_for_good_does_not_end_the_others_tries():
    with http_receiver(Answer(404)) as gone, http_receiver(Answer(500)) as ill:
        outcome = sent(f"json://127.0.0.1:{gone.port}\njson://127.0.0.1:{ill.port}")
    assert (outcome.way, outcome.reached) == ("retry", ())


def test_nothing_of_an_address_stands_in_any_log(caplog, capfd):
    caplog.set_level(logging.DEBUG)
    with http_receiver(Answer(404)) as got:
        sent(f"json://{SECRET}:{SECRET}@127.0.0.1:{got.port}/{SECRET}")
        sent(f"slack://{SECRET}/{SECRET}/{SECRET}")
    told = caplog.text + "".join(capfd.readouterr())
    assert SECRET not in told


def test_a_service_is_named_and_can_be_tried():
    assert service_name("json://127.0.0.1") == "JSON"
    assert service_name("nonsense") is None
    assert look_at("json://127.0.0.1\nmmost://127.0.0.1/x").sentence == (
        "JSON, Mattermost; its address is set"
    )
    assert not look_at("\n").is_good
    with http_receiver() as got:
        tried = try_out("team-chat", f"json://127.0.0.1:{got.port}")
    assert tried.sentence == "JSON; its address is set, and a message arrived"
    assert "channel team-chat: this is a message to try it" in got.bodies[0]
    with http_receiver(Answer(403)) as got:
        assert "refused us (403)" in try_out("x", f"json://127.0.0.1:{got.port}").sentence


def test_every_dialect_has_the_link_and_a_body():
    for dialect in Dialect:
        assert MESSAGE.url in payload(MESSAGE, dialect).body
    alone = payload(Message("1", (sentence("x"),), None), Dialect.TEXT)
    assert (alone.title, alone.body) == ("x", "x")
