"""Whatever a name or title holds, no dialect of a message takes it for more than text.

A message with it has the structure of the same message with a plain word in its place.
"""

import json
import re
from datetime import date
from html.parser import HTMLParser

import pytest
from apprise.plugins.discord import NotifyDiscord
from apprise.plugins.slack import NotifySlack
from markdown_it import MarkdownIt

from bot.channels.payload import Dialect, Picture, Post, captions, payload
from bot.channels.sending import send
from telemetry.report.alerts.watched import WatchedQuarter
from telemetry.words.alerts.message import Named, Told, message
from telemetry.words.alerts.quarters import at_risk
from telemetry.words.digests.digest import Cells, Digest, Mention, mentioned
from telemetry.words.quarter_brief import brief, unlikely
from telemetry.words.tame import tame
from telemetry.words.targets import External, Team
from telemetry.words.values import figure, sentence
from tests.alerts.receivers import Answer, http_receiver
from tests.alerts.watched import an_issue
from tests.export.test_escaping import VALUES

BASE = "https://telemetry.example.com"
JIRA = "https://jira.example.com/browse/"
ISSUE = f"{JIRA}K8S-816"
TODAY = date(2026, 3, 5)
HOSTILE = VALUES | {
    "discord": "<@&1> <#2> <:x:3> <t:0:R> ||s|| ~~d~~ -# small >>> q",
    "mentions": "@here @channel @all @everyone @team-a",
    "list": "- a",
    "number and dot": "1. a",
    "heading": "# a",
    "rule": "---",
    "quote": "> a",
    "fence": "```\nrm -rf\n```",
    "indented": "\t\t    code",
    "entity": "&lt;b&gt; &#x3c; &copy;",
    "backslash": "\\*a\\* \\",
    "link": "[a]: http://evil.example",
    "picture": "![a](http://evil.example/x.png)",
    "cells": "a | b | c",
    "isolates": "\u2067a\u2068b\u2069\u061c\u200e\u200f",
    "separators": "a\u2028b\u2029c\x85d\x0be\x0cf",
}
PLAIN = "word"


def digest(said):
    """Every place of a digest holds it, as texts, figures and links."""
    sure = sentence(said, " ", figure(said), " ", figure(said, to=External(ISSUE)), " ", said)
    return Digest(
        kind="week",
        team_key="k8s",
        title=sentence("● ", figure(tame(said, 60)), ", ", said),
        lines=(sure, sentence(said), mentioned([Mention("K8S-1", ISSUE, said)] * 4)),
        path="/teams/k8s",
        table=Cells(
            ("", tame(said)),
            ((sentence(figure(said, to=Team("k8s"))), sure), (sentence(said), sentence(said))),
        ),
        decisions=(sure, *_of_quarter(said)),
    )


def quarter(said):
    return WatchedQuarter(
        name="Q1-26",
        last_on=date(2026, 3, 31),
        unit="point",
        remaining_points=40.0,
        working_days_left=18,
        days_to_complete=30.0,
        late_days=12.0,
        velocity_points_per_day=1.3,
        chance_percent=4.0,
        furthest=(an_issue(1), an_issue(2)),
        furthest_points=30.0,
    )


def _of_quarter(said):
    decided = unlikely(quarter(said))
    return (brief(quarter(said), TODAY), *(sentence(one.question) for one in decided))


def alert(said):
    named = [Named("K8S-1", ISSUE, said)] * 2
    what = at_risk(quarter(said), TODAY, None)
    return Told(
        kind="opened",
        rule="quarter_at_risk",
        severity="watch",
        team=said,
        subject_kind="quarter",
        subject=said,
        said=what,
        value=12.0,
        opened_value=12.0,
        issues=named,
    )


def messages(said):
    said = said or PLAIN
    return [
        Post("0123456789abcdef", digest(said), BASE),
        message([alert(said)], "0123456789abcdef", f"{BASE}/teams/k8s"),
        message([alert(said)] * 2, "0123456789abcdef", f"{BASE}/teams/k8s"),
    ]


class Elements(HTMLParser):
    """The elements of a page with the addresses that they lead to."""

    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, *(v for k, v in attrs if k in ("href", "src"))))

    def handle_endtag(self, tag):
        self.found.append((f"/{tag}",))


def structure(said):
    """What each dialect of each message is made of, without its words."""
    found = []
    for one in messages(said):
        plain = payload(one, Dialect.TEXT)
        found.append(("text", f"{plain.title}\n{plain.body}".count("\n"), _marks(plain.body)))
        marked = MarkdownIt("commonmark").enable(["table", "strikethrough"])
        page = marked.render(payload(one, Dialect.MARKDOWN).body)
        found.append(("markdown", *Elements(page).found))
        found.append(("html", *Elements(payload(one, Dialect.HTML).body).found))
        subject = payload(one, Dialect.HTML).title
        found.append(("subject", subject.count("\n"), _marks(subject)))
    return found


def _marks(text):
    """Marks of direction, other ends of lines, and calls."""
    return re.findall("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029\x85\r\0]", text)


def _calls(text):
    return re.findall(r"@\w+", text.replace("telemetry@", ""))


@pytest.mark.parametrize("name", HOSTILE)
def test_a_dialect_has_the_structure_of_the_same_message_with_a_plain_word(name):
    value = HOSTILE[name].strip() or PLAIN
    assert structure(value) == structure(PLAIN)
    for one in messages(value):
        for dialect in (Dialect.TEXT, Dialect.MARKDOWN, Dialect.SLACK):
            assert _calls(payload(one, dialect).body) == []
        assert len(payload(one, Dialect.HTML).title) <= 150


@pytest.fixture(scope="module")
def chats():
    """What Slack and Discord are sent of a message, on the wire."""
    with (
        http_receiver() as slack,
        http_receiver(Answer(204, b"")) as discord,
        pytest.MonkeyPatch.context() as here,
    ):
        here.setattr(NotifySlack, "webhook_url", f"http://127.0.0.1:{slack.port}/s")
        here.setattr(NotifyDiscord, "notify_url", f"http://127.0.0.1:{discord.port}/d")
        here.setattr(NotifySlack, "request_rate_per_sec", 0)
        here.setattr(NotifyDiscord, "request_rate_per_sec", 0)

        def of(one):
            slack.bodies.clear()
            discord.bodies.clear()
            addresses = ["slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"]
            addresses.append("discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js")
            assert send(one, addresses).way == "sent"
            said = [json.loads(body)["attachments"][0]["text"] for body in slack.bodies]
            return "".join(said), [json.loads(body) for body in discord.bodies]

        yield of


@pytest.mark.parametrize("name", HOSTILE)
def test_on_the_wire_nobody_is_called_and_nothing_leads_elsewhere(chats, name):
    value = HOSTILE[name].strip() or PLAIN
    for one in messages(value):
        slack, discord = chats(one)
        links = re.findall("<[^>]*>", slack)
        assert [link for link in links if not link.startswith((f"<{BASE}", f"<{JIRA}"))] == []
        assert "**" not in slack
        for told in (slack, *(body["content"] for body in discord)):
            assert _calls(told) == []
            assert _marks(told) == []
        for body in discord:
            assert not body.get("allow_mentions", {}).get("parse")


@pytest.mark.parametrize("name", HOSTILE)
def test_what_a_picture_shows_is_text_alone(name):
    shown = [Picture("a.png", sentence("Burndown of ", HOSTILE[name]), b"")]
    for dialect in Dialect:
        said = captions(shown, dialect)
        assert "\n" not in said
        assert _calls(said) + _marks(said) == []
    page = payload(Post("1", digest(PLAIN), BASE, tuple(shown)), Dialect.HTML).body
    pictures = [one for one in Elements(page).found if one[0] == "img"]
    assert pictures == [("img", "cid:a.png")]
