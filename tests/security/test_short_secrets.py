"""Tokens that could be guessed: refused where the page would start with them."""

import pytest

from telemetry.context import Context
from telemetry.errors import ConfigurationError
from telemetry.live import Live
from web.service import TOKEN_VARIABLE, access_token, prepare

SETTINGS = """
jira:
  url: http://127.0.0.1:9
  auth: {kind: pat, secret: env:NOWHERE}
  webhook_secret: env:HOOK
teams: [{key: t, project: T}]
"""
GOOD = "f" * 16


@pytest.fixture
def starting(tmp_path):
    """Prepares the page with an environment, which may be refused."""
    file = tmp_path / "telemetry.yml"
    file.write_text(SETTINGS, encoding="utf-8")
    contexts = []

    def start(**environ):
        context = Context(file, {"HOOK": GOOD, "XDG_CACHE_HOME": str(tmp_path)} | environ)
        contexts.append(context)
        prepare(Live(context), "127.0.0.1", 0, None, None)

    yield start
    for context in contexts:
        if "engine" in vars(context):
            context.engine.dispose()


@pytest.mark.parametrize("token", ["", " ", "\t\n", "secret", "f" * 15, " " * 40, f" {'f' * 15} "])
def test_a_blank_or_short_access_token_is_refused(starting, token):
    with pytest.raises(ConfigurationError, match=r"TELEMETRY_ACCESS_TOKEN .*openssl rand -hex 32"):
        starting(**{TOKEN_VARIABLE: token})


@pytest.mark.parametrize("secret", ["s", "f" * 15, " " * 40])
def test_a_blank_or_short_secret_of_webhooks_is_refused(starting, secret):
    with pytest.raises(ConfigurationError, match=r"webhook_secret: .*(short|blank|guessed|set)"):
        starting(HOOK=secret)


def test_sixteen_letters_are_taken():
    assert access_token({TOKEN_VARIABLE: f" {GOOD}\n"}) == GOOD
    assert access_token({}) is None
