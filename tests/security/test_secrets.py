"""Nothing that fails shows a secret, or the people in an answer: in no log, store or page."""

import codecs
import copy
import json
import logging
import pickle
import sys
import threading
from base64 import a85encode, b32encode, b64encode, b85encode, urlsafe_b64encode
from dataclasses import asdict, replace
from urllib.parse import quote

import pytest
import structlog
from starlette.testclient import TestClient

from bot.failures import Failures
from bot.jira.client import Auth
from bot.translate import Translator
from telemetry import logs, secrecy
from telemetry.errors import StoreError, TelemetryError
from telemetry.logs import get_logger, trace_of
from telemetry.secrecy import Hidden, holds, know, plain_text, redacted, said
from tests.pulled import TOKEN, Story
from tests.refusing import damaged
from web.app import create_app

pytestmark = pytest.mark.slow

SECRET = "ATATT3xFfGF0Tq-9_aB/c+d=é7"
PAIR = f"bot@example.com:{SECRET}"
PEOPLE = ("zoe@example.com", "557058:f58131cb-b67d-43c7-b30d-6b58d40bd077", "Zoë")


@pytest.fixture(autouse=True)
def _no_other_secrets(monkeypatch):
    """Other tests of the process leave theirs, of which ours may speak."""
    monkeypatch.setattr("telemetry.secrecy._known", set())


def base64_of(text):
    return b64encode(text.encode()).decode()


def guises_of(secret, user="bot@example.com"):
    """The secret as a server may give it back."""
    pair, plain = base64_of(f"{user}:{secret}"), secret.encode()
    header = f"Authorization: Basic {pair}"
    return {
        "plain": secret,
        "bearer": f"Bearer {secret}",
        "header": header,
        "header backwards": header[::-1],
        "backwards": secret[::-1],
        "URL": quote(secret, safe=""),
        "URL twice": quote(quote(secret, safe=""), safe=""),
        "URL of base64": quote(pair),
        "base64": base64_of(secret),
        "base64 for URLs": urlsafe_b64encode(f"{user}:{secret}".encode()).decode().rstrip("="),
        "base64 in base64": base64_of(header),
        "base64 in lines": "\n".join(pair[at : at + 9] for at in range(0, len(pair), 9)),
        "base32": b32encode(plain).decode(),
        "JSON": json.dumps(secret),
        "escapes": "".join(f"\\u{ord(one):04x}" for one in secret),
        "octal": "".join(f"\\{one:03o}" for one in plain),
        "HTML": "".join(f"&#{ord(one)};" for one in secret),
        "hexadecimal": plain.hex(),
        "hexadecimal, large": plain.hex().upper(),
        "hexadecimal, apart": plain.hex(":"),
        "hexadecimal, of C": " ".join(f"0x{one:02x}" for one in plain),
        "hexadecimal of base64": pair.encode().hex(),
        "numbers": ", ".join(map(str, plain)),
        "rot13": codecs.encode(secret, "rot13"),
        "wide": "".join(chr(ord(one) + 0xFEE0) for one in secret),
        "escapes of URLs": "".join(f"%u{ord(one):04x}" for one in secret),
        "base85": b85encode(plain).decode(),
        "base85 of Adobe": a85encode(plain).decode(),
        "spaced": " ".join(secret),
        "with signs that are not seen": "\u200b".join(secret),
        "with escape sequences": "\x1b[31m".join(secret),
        "large": secret.upper(),
        "its beginning": secret[:16],
        "behind much else": "x" * 190 + secret,
    }


@pytest.mark.parametrize("name", guises_of(SECRET))
def test_what_jira_says_shows_no_secret_in_any_guise(name):
    guise = guises_of(SECRET)[name]
    told = Auth("token", "bot@example.com", SECRET).said(f"You sent {guise} which is wrong")
    assert told == "(what it says is not shown: it repeats a secret)"


@pytest.mark.parametrize(
    "words",
    [
        "No project could be found with key 'K8X'.",
        "The value 'K8X' does not exist for the field 'project'.",
        "The board doesn't support sprints.",
        "Unauthorized; scope does not match",
        "Basic authentication with passwords is deprecated.",
    ],
)
def test_what_jira_says_is_shown_otherwise(words):
    assert said(words, [SECRET, TOKEN]) == words


def test_what_jira_says_is_short_and_plain_and_of_nobody():
    odd = (
        "\x1b[31mred\x1b]0;title\x07 a\u202eb\x00c\r\nd \ud800"
        + f" {PEOPLE[0]} {PEOPLE[1]} "
        + "w " * 300
    )
    told = said(odd, [])
    assert told.startswith("red ab c d ••• •••")
    assert len(told) == 200
    assert told.isprintable()
    assert plain_text("\x9b31mx\x1b(B y").isprintable()


def test_short_secrets_are_found_as_they_are():
    assert holds("it is hunter2!", ["hunter2"])
    assert not holds("nothing of it", ["hunter2", ""])


def test_a_secret_shows_itself_nowhere():
    hidden = Hidden(SECRET)
    auth = Auth("basic", "bot", SECRET)
    for shown in (
        repr(hidden),
        str(hidden),
        f"{hidden:>40}",
        "{}".format(hidden),  # noqa: UP032 - as libraries do
        repr(auth),
        repr(asdict(auth)),
        repr(vars(TelemetryError(hidden))),
        str(TelemetryError(hidden)),
        repr([hidden]),
        repr(copy.deepcopy(auth)),
    ):
        assert not holds(shown, [SECRET])
    for write in (pickle.dumps, json.dumps):
        with pytest.raises(TypeError):
            write(hidden)
    assert hidden == SECRET == replace(auth).reveal()
    assert hidden == Hidden(SECRET) != Hidden("other")
    assert not hasattr(hidden, "__dict__")


@pytest.mark.parametrize(
    ("line", "gone"),
    [
        (f"Authorization: Basic {base64_of(PAIR)}", base64_of(PAIR)),
        ("sent Bearer abcdef123456", "abcdef123456"),
        ("postgresql://bot:pw%40d@db/telemetry", "pw%40d"),
        ("password=hunter2 failed", "hunter2"),
        ('{"apiToken": "hunter2"}', "hunter2"),
        ("Set-Cookie: JSESSIONID=abc", "abc"),
        (f"ATATT3xFfGF0{'aB3-' * 20}", "aB3-aB3"),
        ("f00d" * 10, "f00df00d"),
        *((f"refused for {one}", one) for one in PEOPLE[:2]),
        ("refused for JIRAUSER20246", "JIRAUSER20246"),
    ],
)
def test_a_log_is_redacted_of_credentials_and_people(line, gone):
    assert gone in line
    assert gone not in redacted(line)


@pytest.mark.parametrize(
    "line",
    [
        "telemetry.yml:4: jira.auth.secret: the environment variable JIRA_TOKEN is not set",
        "http://127.0.0.1:8000/jira did not answer GET /rest/api/3/search/jql",
        "https://api.atlassian.com/ex/jira/11111111-2222-3333-4444-555555555555",
        "team 'k8s': board 12 does not exist",
    ],
)
def test_a_log_says_what_is_no_secret(line):
    assert redacted(line) == line


def failing(values):
    secret, people = SECRET, values  # noqa: F841 - what a traceback with locals would show
    raise ValueError(f"{values} of {secret}")


def test_a_traceback_has_no_values_and_is_written_once(capsys, monkeypatch):
    monkeypatch.setattr(logs, "_counted", type(logs._counted)())
    know(SECRET)
    failures = Failures()
    for _ in range(3):
        failures.guard("pull", lambda: failing(PEOPLE))
        failures.guard("pull", lambda: None)
    told = "".join(capsys.readouterr())
    assert told.count("in failing: raise ValueError") == 1
    assert "builtins.ValueError, as before: 3 times by now" in told
    assert not any(one in told for one in (SECRET, *PEOPLE))


def test_an_error_that_nobody_caught_is_told_the_same_way(capsys, monkeypatch):
    monkeypatch.setattr(threading, "excepthook", lambda told: logs._uncaught(told.exc_value))
    thread = threading.Thread(target=failing, args=(PEOPLE,))
    thread.start()
    thread.join()
    told = "".join(capsys.readouterr())
    assert "an error that nobody foresaw" in told
    assert not any(one in told for one in (SECRET, *PEOPLE))


def test_what_a_library_tells_again_and_again_is_told_ever_more_seldom(monkeypatch, capsys):
    monkeypatch.setattr(logs, "_counted", type(logs._counted)())
    monkeypatch.setattr(logging.getLogger(), "handlers", [])
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    logs.take_over()
    library = logging.getLogger("library")
    for _ in range(100):
        try:
            failing(PEOPLE)
        except ValueError:
            library.exception("Fatal error on transport of %s", PEOPLE[0])
    library.error("another without an exception")
    told = capsys.readouterr().err
    assert told.count("Fatal error") == 7
    assert "64 times by now" in told
    assert told.count("in failing: raise ValueError") == told.count("another without") == 1
    assert not any(one in told for one in (SECRET, *PEOPLE))


def test_what_led_to_an_error_is_told_without_its_words():
    try:
        try:
            failing(PEOPLE)
        except ValueError as error:
            raise StoreError("the store is full") from error
    except StoreError as error:
        trace = trace_of(error)
    assert "which led to" in trace
    assert "the store is full" in trace
    assert "Zoë" not in trace


def test_every_value_of_a_logged_event_is_redacted(capsys):
    know(SECRET)
    get_logger().warning("odd", why=[{"mail": PEOPLE[0]}, Hidden(SECRET)], said=f"x{SECRET}y")
    told = "".join(capsys.readouterr())
    assert "odd" in told
    assert not any(one in told for one in (SECRET, PEOPLE[0]))


GUISES = tuple(guises_of(TOKEN).values())
STATUSES = (400, 401, 403, 404, 410, 429, 500)


def repeating(turn):
    """An error of each kind that gives back what it was sent, for each question another."""
    asked = [0]

    def damage(path, status, body):
        asked[0] += 1
        if asked[0] % 4 != turn % 4:
            return status, body
        guise = GUISES[(asked[0] + turn) % len(GUISES)]
        person = {"displayName": PEOPLE[2], "mail": PEOPLE[0], "token": guise}
        messages = [guise, *PEOPLE[:2], person]
        told = {"errorMessages": messages, "errors": {guise: guise, "x": person}, "message": guise}
        return STATUSES[(asked[0] // 4) % len(STATUSES)], json.dumps(told).encode()

    return damage


def everything_shown(pulled):
    """All that the store holds as text, and what pages and API say."""
    tables = pulled.contents("teams", "pulls", "unread", "sites", "cursors", "quality_findings")
    app = create_app(
        pulled.reports, access_token=None, allowed_hosts=("testserver",), clock=pulled.story.clock
    )
    client = TestClient(app)
    paths = (
        "/",
        "/runs",
        "/wall",
        "/teams/k8s",
        "/teams/k8s/quality",
        "/api/v1/runs",
        "/api/v1/teams",
    )
    return repr(tables) + "".join(client.get(path).text for path in paths)


def test_a_server_that_repeats_what_it_is_sent_is_shown_nowhere(sqlite_store, tmp_path, capsys):
    story = Story()
    for points in range(5):
        story.issue(points)
    outcomes = []
    with damaged(story, sqlite_store, tmp_path) as pulled:
        for turn in range(7):
            pulled.damage = repeating(turn)
            outcomes.append(asdict(pulled.pull(full=turn % 3 == 0)))
        shown = everything_shown(pulled)
    shown += json.dumps(outcomes) + "".join(capsys.readouterr())
    assert "it repeats a secret" in shown
    assert not any(guise in shown for guise in GUISES if len(guise) > 3)
    assert not holds_in_parts(shown)
    assert not any(one in shown for one in PEOPLE)


def holds_in_parts(shown):
    return any(holds(shown[at : at + 1500], [TOKEN]) for at in range(0, len(shown), 1000))


def test_what_nobody_foresaw_shows_no_answer(sqlite_store, tmp_path, capsys, monkeypatch):
    def read(_self, raw, _epics):
        secret = TOKEN  # noqa: F841
        raise RuntimeError(f"{raw} {PEOPLE}")

    story = Story()
    story.issue(3, summary="Call Zoë")
    with damaged(story, sqlite_store, tmp_path) as pulled:
        monkeypatch.setattr(Translator, "read", read)
        with structlog.testing.capture_logs() as captured:
            outcome = pulled.pull()
        shown = everything_shown(pulled)
    shown += repr(asdict(outcome)) + repr(captured) + "".join(capsys.readouterr())
    assert "RuntimeError" in shown
    assert not any(one in shown for one in (TOKEN, *PEOPLE, "Call Zoë"))


def test_of_an_address_what_is_no_name_is_kept_from_logs():
    know("slack://chat.example.com/T0AB12CD/xoxbAbC123def456/")
    assert redacted("chat.example.com does not answer") == "chat.example.com does not answer"
    assert "xoxb" not in redacted("slack refuses xoxbAbC123def456")


def test_a_secret_that_is_a_common_word_takes_no_line_from_a_log(monkeypatch):
    monkeypatch.setattr(secrecy, "_known", set())
    know("password")
    know("is not set")
    line = "the variable JIRA_TOKEN is missing\n  next line"
    assert redacted(line) == line
    assert redacted("no password here") == "no ••• here"
    assert "hunter2" not in redacted("password=hunter2")
