"""Digests as real receivers get them."""

import email
import json
from email import policy

import pytest
from apprise.plugins.discord import NotifyDiscord
from apprise.plugins.slack import NotifySlack

from bot.channels.payload import Post
from bot.channels.sending import addresses_of, send
from telemetry.words.digests.digest import Cells, Digest
from telemetry.words.digests.written import as_slack, text
from telemetry.words.targets import External, Team
from telemetry.words.values import figure, sentence
from tests.alerts.receivers import Answer, http_receiver, smtp_receiver
from tests.alerts.test_channels import HOSTILE, ISSUE

BASE = "https://telemetry.example.com"
WEEK = Digest(
    kind="week",
    team_key="k8s",
    title=sentence("● ", figure("Managed Kubernetes"), ", Mon 2 – Fri 6 Mar 2026"),
    lines=(
        sentence(figure("3 of 10 points"), " are done, 2.7 behind the ideal line."),
        sentence("Open: ", figure("K8S-816", to=External(ISSUE)), " ", HOSTILE, "."),
    ),
    path="/teams/k8s",
    decisions=(sentence("Escalate K8S-816? It is open for 5 working days."),),
)
NAMES = [f"Team {number} of the platform" for number in range(60)]
PORTFOLIO = Digest(
    kind="portfolio",
    team_key="",
    title=sentence("● ", figure("60 teams"), " on Fri 6 Mar"),
    lines=(sentence("All are on the line."),),
    path="/",
    table=Cells(
        ("Team", "Sprint", "Done of scope"),
        tuple(
            (sentence(figure(n, to=Team("k8s"))), sentence("Sprint 8"), sentence("3 of 10"))
            for n in NAMES
        ),
    ),
)
MAIL = "mailto://127.0.0.1:{}?smtp=127.0.0.1&mode=insecure&from=bot@example.com&to=team@example.com"


def sent(address, digest=WEEK, reached=()):
    return send(Post("0123456789abcdef", digest, BASE), addresses_of(address), reached)


def test_a_generic_webhook_gets_a_title_and_the_text_below():
    with http_receiver() as got:
        assert sent(f"json://127.0.0.1:{got.port}/x").way == "sent"
    body = json.loads(got.bodies[0])
    assert body["title"] == "● Managed Kubernetes, Mon 2 – Fri 6 Mar 2026"
    assert body["message"].startswith("3 of 10 points are done")
    assert body["message"].endswith(
        "To decide:\n- Escalate K8S-816? It is open for 5 working days.\n\n" + f"{BASE}/teams/k8s"
    )
    assert got.headers[0]["X-Telemetry-Message"] == "0123456789abcdef"


def test_slack_gets_its_own_dialect(monkeypatch):
    with http_receiver() as got:
        monkeypatch.setattr(NotifySlack, "webhook_url", f"http://127.0.0.1:{got.port}/services")
        assert sent("slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ").way == "sent"
    [said] = json.loads(got.bodies[0])["attachments"]
    assert said["text"].startswith("● *Managed Kubernetes*, Mon 2 – Fri 6 Mar 2026")
    assert f"<{ISSUE}|K8S-816> &lt;!channel&gt; " in said["text"]
    assert "<!channel>" not in got.bodies[0]
    assert f"<{BASE}/teams/k8s" in said["text"]


def test_mattermost_gets_a_table():
    with http_receiver() as got:
        few = PORTFOLIO.table.rows[:3]
        small = Digest("portfolio", "", PORTFOLIO.title, (), "/", Cells(PORTFOLIO.table.head, few))
        assert sent(f"mmost://127.0.0.1:{got.port}/token", small).way == "sent"
    text = json.loads(got.bodies[0])["text"]
    assert "| Team | Sprint | Done of scope |\n| --- | ---: | ---: |\n" in text
    assert f"| [Team 0 of the platform]({BASE}/teams/k8s) | Sprint 8 | 3 of 10 |" in text


def test_discord_gets_what_is_too_long_for_it_as_several(monkeypatch):
    with http_receiver(Answer(204, b"")) as got:
        monkeypatch.setattr(NotifyDiscord, "notify_url", f"http://127.0.0.1:{got.port}/hooks")
        outcome = sent("discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js", PORTFOLIO)
    assert outcome.way == "sent", outcome
    assert len(got.bodies) > 1
    told = "".join(got.bodies)
    assert all(name in told for name in NAMES)
    assert "| --- |" not in told  # it shows no tables
    assert f"[{NAMES[0]}]({BASE}/teams/k8s): Sprint 8, done of scope 3 of 10" in told
    assert "avatar_url" not in got.bodies[0]  # a picture from elsewhere


def test_ntfy_gets_plain_text():
    with http_receiver(Answer(body=b"{}")) as got:
        assert sent(f"ntfy://127.0.0.1:{got.port}/topic").way == "sent"
    body = json.loads(got.bodies[0])
    assert body["message"].startswith("3 of 10 points are done")
    assert "@everyone" not in body["message"]


def test_two_that_are_compared_are_a_line_each_where_no_table_shows():
    rows = (("Committed", "48", "44"), ("Removed", "0", ""))
    said = tuple(tuple(map(sentence, row)) for row in rows)
    table = Cells(("", "Sprint 87", "Sprint 86"), said)
    whole = Digest("sprint", "k8s", sentence("x"), (), "/", table)
    lines = ["Sprint 87 (Sprint 86):", "Committed: 48 (44)", "Removed: 0 (–)"]
    assert text(whole, has_tables=False).splitlines()[-3:] == lines
    assert "  \n".join(lines) in as_slack(whole)


@pytest.mark.parametrize("digest", [WEEK, PORTFOLIO])
def test_a_mail_is_one_page_with_the_plain_text_beside_it(digest):
    with smtp_receiver() as box:
        assert sent(MAIL.format(box.port), digest).way == "sent"
    mail = email.message_from_bytes(box.mails[0].content, policy=policy.default)
    assert mail["Subject"].startswith("● ")
    assert mail["X-Telemetry-Message"] == "0123456789abcdef"
    page = mail.get_body(("html",)).get_content()
    assert page.lower().count("<html") == page.lower().count("<body") == 1
    assert "Message 0123456789abcdef" in page
    assert "<b>" not in page
    plain = mail.get_body(("plain",)).get_content()
    assert "max-width" not in plain
    assert plain.startswith("● ")
    assert plain.rstrip().endswith(f"{BASE}{digest.path}")


@pytest.mark.parametrize(
    ("answer", "way", "said"),
    [
        (Answer(500), "retry", "answered 500"),
        (Answer(429, headers={"Retry-After": "120"}), "retry", "asks us to wait (429)"),
        (Answer(404), "failed", "knows no such address (404)"),
        (Answer(after=1.0), "retry", "did not answer in time"),
    ],
)
def test_how_it_went_is_judged_as_of_alerts(answer, way, said):
    with http_receiver(answer) as got:
        outcome = sent(f"json://127.0.0.1:{got.port}/x?rto=0.3")
    assert outcome.way == way
    assert said in outcome.reason


def test_half_of_the_addresses_and_an_error_inside_a_200(monkeypatch):
    with http_receiver() as good, http_receiver(Answer(200, b"invalid_payload")) as bad:
        monkeypatch.setattr(NotifySlack, "webhook_url", f"http://127.0.0.1:{bad.port}/services")
        lines = (
            f"json://127.0.0.1:{good.port}\nslack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"
        )
        outcome = sent(lines)
        assert (outcome.way, outcome.reached) == ("retry", (0,))
        assert sent(lines, reached=outcome.reached).way == "retry"
    assert len(good.bodies) == 1
