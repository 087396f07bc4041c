"""The address of a channel is a secret, of every kind of service, however it fails."""

import logging
import sys

import pytest
import requests
from requests.exceptions import ConnectionError as NotReached
from requests.exceptions import InvalidHeader, ReadTimeout
from sqlalchemy import select

from bot.channels import observing
from bot.channels.sending import addresses_of, send, service_name
from bot.channels.trying import look_at, try_out
from telemetry.cli import main
from telemetry.secrecy import holds
from telemetry.store import schema as s
from telemetry.store.engine import reading
from telemetry.words.alerts.message import Message
from telemetry.words.values import sentence
from tests.alerts.desk import HOUR, Desk

A, B, C = "T1JJ3T3L2", "A1BRTD4JD", "TIiajkdnlazkcOXrIdevi7FQ"
LONG = "4b4f2918fd1a42d6a0b1a3f0dd8e1a5c7e9f2b6d8c0e4a1f"
UUID = "f8d7a4c2-19b6-4e5f-a3d0-7c61b2e98f45"
DIGITS = "8435917264"
KINDS = {
    "discord": f"discord://{DIGITS}/{C}",
    "dingtalk": f"dingtalk://{C}/15551234567",
    "form": f"form://{A}:{C}@service.example/{B}",
    "gchat": f"gchat://{A}/{B}/{C}",
    "gotify": f"gotify://service.example/{C}",
    "guilded": f"guilded://{DIGITS}/{C}",
    "hassio": f"hassio://service.example/{LONG}",
    "ifttt": f"ifttt://{C}@event",
    "json": f"json://{A}:{C}@service.example/{B}?-token={LONG}",
    "jsons": f"jsons://{A}:{C}@service.example/{B}?+X-Key={LONG}",
    "lark": f"lark://{UUID}",
    "line": f"line://{C}/{A}",
    "matrix": f"matrix://{A}:{C}@service.example/#{B}",
    "mattermost": f"mmost://service.example/{C}",
    "workflows": f"workflows://service.example/{LONG[:32]}/{C}",
    "nextcloud": f"ncloud://{A}:{C}@service.example/{B}",
    "ntfy": f"ntfy://{A}:{C}@service.example/{B}",
    "opsgenie": f"opsgenie://{UUID}",
    "pagerduty": f"pagerduty://{LONG[:32]}@{C}",
    "pushbullet": f"pbul://{LONG[:32]}",
    "pushover": f"pover://{LONG[:30]}@{LONG[8:38]}",
    "rocket": f"rocket://{A}:{C}@service.example/{B}",
    "signal": "signal://service.example/15551234567/15557654321",
    "slack": f"slack://{A}/{B}/{C}",
    "splunk": f"splunk://{LONG[:20]}@{C}",
    "telegram": f"tgram://{DIGITS}:{C}{A[:2]}{B}/12345678",
    "twilio": f"twilio://AC{LONG[:32]}:{LONG[8:40]}@15551234567/15557654321",
    "webex": f"wxteams://{LONG}{LONG[:32]}",
    "wecombot": f"wecombot://{UUID}",
    "xml": f"xml://{A}:{C}@service.example/{B}",
    "zulip": f"zulip://bot@org/{LONG[:32]}/{B}",
}
PLANTED = (A, B, C, LONG[:20], LONG[8:30], LONG[20:40], UUID, DIGITS)


def echoing(request):
    """What a service says that gives back what it was sent."""
    response = requests.Response()
    response.status_code, response.url = 418, request.url
    told = f"{request.url} {dict(request.headers)} {request.body!r}"
    response._content = told.encode()
    response.headers["Location"] = response.headers["Retry-After"] = told.encode(
        "ascii", "replace"
    ).decode()
    return response


def ill(request):
    response = echoing(request)
    response.status_code = 500
    return response


def well(request):
    """Fine by its status alone: its words are no JSON, or say no."""
    response = echoing(request)
    response.status_code = 200
    return response


def raising(kind):
    def answer(request):
        raise kind(f"{request.url} with {dict(request.headers)}", request=request)

    return answer


def crashing(request):
    raise RuntimeError(f"{request.url} {request.headers}")


WAYS = {
    "refuses": echoing,
    "is ill": ill,
    "says fine": well,
    "is not reached": raising(NotReached),
    "is silent": raising(ReadTimeout),
    "cannot be asked": raising(InvalidHeader),
    "crashes the library": crashing,
}


def telling(told: str) -> list[str]:
    return [one for one in PLANTED if holds(told, [one])]


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS)
def test_no_kind_of_service_tells_its_address(way, monkeypatch, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr(observing, "_send", lambda _self, request, *_, **__: WAYS[way](request))
    said = sentence("● Managed Kubernetes: 11 of 53 points are done.")
    for kind, address in KINDS.items():
        assert service_name(address), kind
        outcome = send(Message("m1", (said, said), None), addresses_of(address))
        assert telling(repr(outcome) + look_at(address).sentence) == [], kind
    assert telling(try_out("chat", KINDS["jsons"]).sentence) == []
    assert telling(caplog.text + "".join(capfd.readouterr())) == []


def run(monkeypatch, desk: Desk, *words: str) -> None:
    argv = ["telemetry", "-c", str(desk.context.path), *words]
    monkeypatch.setattr(sys, "argv", argv)
    with pytest.raises(SystemExit):
        main()


def test_no_command_tells_the_address_of_a_channel(
    sqlite_store, tmp_path, monkeypatch, caplog, capfd
):
    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr(observing, "_send", lambda _self, request, *_, **__: echoing(request))
    some = {name: KINDS[name] for name in ("jsons", "slack", "telegram")}
    some["odd"] = f"{A}://{B}:{C}@[::1/{LONG}"
    channels = {name: {"url": f"env:{name.upper()}"} for name in some}
    digests = [{"kind": "portfolio", "at": "Mon 08:00", "channels": list(channels)}]
    desk = Desk(
        sqlite_store,
        tmp_path,
        channels=channels,
        admin={"channels": list(channels)},
        digests=digests,
    )
    for name, value in desk.context.environ.items():
        monkeypatch.setenv(name, value)
    for name, address in some.items():
        monkeypatch.setenv(name.upper(), address)
    desk.round()
    desk.grow(10.0)
    desk.now += HOUR
    desk.look()
    for words in (
        ("check", "--send"),
        ("check", "--send", "--json"),
        ("alerts", "evaluate"),
        ("alerts", "list"),
        ("alerts", "test", "slack"),
        ("alerts", "test", "odd"),
        ("digest", "--kind", "portfolio", "--send"),
    ):
        run(monkeypatch, desk, *words)
    told = "".join(capfd.readouterr())
    assert "channel" in told
    with reading(desk.engine) as connection:
        tables = (s.deliveries, s.digests, s.alerts, s.evaluations)
        told += repr([connection.execute(select(table)).all() for table in tables])
    assert telling(told + caplog.text) == []
