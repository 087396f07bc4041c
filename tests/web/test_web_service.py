"""The port is taken, or refused, before anything else is done."""

import socket

import pytest

from telemetry.context import Context
from telemetry.errors import ConfigurationError
from telemetry.live import Live
from telemetry.services import up
from web.service import prepare

SETTINGS = """
jira: {url: 'http://127.0.0.1:9', auth: {kind: pat, secret: env:NOWHERE}}
teams: [{key: t, project: T}]
"""


@pytest.fixture
def context(tmp_path):
    file = tmp_path / "telemetry.yml"
    file.write_text(SETTINGS, encoding="utf-8")
    found = Context(file, {})
    yield found
    found.engine.dispose()


@pytest.fixture
def taken_port():
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield other.getsockname()[1]


def test_a_port_in_use_is_one_sentence(context, taken_port):
    with pytest.raises(ConfigurationError, match=rf"127\.0\.0\.1:{taken_port} cannot be listened"):
        prepare(Live(context), "127.0.0.1", taken_port, None, None)


def test_up_refuses_before_it_pulls(context, taken_port):
    with pytest.raises(ConfigurationError, match="give another --port"):
        up(context, "127.0.0.1", taken_port)
    with context.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM pulls").scalar() == 0


def test_beyond_this_machine_it_needs_an_access_token(context):
    with pytest.raises(ConfigurationError, match="TELEMETRY_ACCESS_TOKEN"):
        prepare(Live(context), "0.0.0.0", 0, None, None)
