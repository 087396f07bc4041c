"""A port that cannot be had is told in one sentence, before anything else is done."""

import socket

import pytest

from bot.demo import run_demo
from telemetry.errors import ConfigurationError
from telemetry.ports import take_port, try_port


@pytest.fixture
def taken_port():
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield other.getsockname()[1]


def test_a_taken_port_names_another(taken_port):
    with pytest.raises(ConfigurationError) as refused:
        try_port("127.0.0.1", taken_port)
    said = str(refused.value)
    assert said.startswith(f"127.0.0.1:{taken_port} cannot be listened on: another program uses")
    assert said.endswith(f"such as {taken_port + 1} (make run PORT={taken_port + 1})")


def test_an_address_of_another_machine_is_told_so():
    with pytest.raises(ConfigurationError, match=r"192\.0\.2\.1 is no address of this machine"):
        try_port("192.0.2.1", 0)
    with pytest.raises(ConfigurationError, match="is no address of this machine"):
        try_port("no.such.host.invalid", 0)


def test_a_tried_port_can_be_taken():
    with take_port("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
    try_port("127.0.0.1", port)
    take_port("127.0.0.1", port).close()


def test_the_demo_is_not_made_where_it_cannot_be_shown(taken_port, capsys):
    with pytest.raises(ConfigurationError, match="cannot be listened on"):
        run_demo(port=taken_port, teams=2000, seed=1, open_browser=False)
    assert capsys.readouterr().out == ""
