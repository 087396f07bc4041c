import stat

import pytest

from telemetry.errors import ConfigurationError
from telemetry.settings import load
from telemetry.store.privacy import Pseudonyms, privacy_key

YAML = """\
jira: {url: https://jira.example.com, auth: {kind: pat, secret: env:TOKEN}}
teams: [{key: web, project: WEB}]
"""


def settings(folder, more=""):
    (folder / "telemetry.yml").write_text(YAML + more)
    return load(folder / "telemetry.yml", {})


def test_the_key_is_made_at_the_first_start_and_kept(tmp_path):
    key = privacy_key(settings(tmp_path), {})
    file = tmp_path / "telemetry.key"
    assert file.read_text().strip().encode() == key
    assert len(bytes.fromhex(key.decode())) == 32
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert privacy_key(settings(tmp_path), {}) == key
    assert sorted(path.name for path in tmp_path.iterdir()) == ["telemetry.key", "telemetry.yml"]


def test_with_postgresql_a_missing_key_is_an_error_that_says_how_to_make_one(tmp_path):
    given = settings(tmp_path, "store: {url: postgresql://bot@db/telemetry}")
    with pytest.raises(ConfigurationError, match=r"telemetry\.key does not exist.*token_hex"):
        privacy_key(given, {})
    assert not (tmp_path / "telemetry.key").exists()


def test_the_key_may_come_from_the_environment(tmp_path):
    given = settings(tmp_path, "privacy: {key: env:KEY}")
    assert privacy_key(given, {"KEY": "k" * 32}) == b"k" * 32
    with pytest.raises(ConfigurationError, match=r"privacy\.key: .* KEY is not set"):
        privacy_key(given, {})


def test_a_short_key_is_refused_and_not_repeated(tmp_path):
    (tmp_path / "telemetry.key").write_text("hunter2\n")
    with pytest.raises(ConfigurationError, match="holds 7 characters, too few") as raised:
        privacy_key(settings(tmp_path), {})
    assert "hunter2" not in str(raised.value)


def test_a_pseudonym_is_the_same_for_the_same_key_only():
    one, other = Pseudonyms(b"a" * 32), Pseudonyms(b"b" * 32)
    assert (
        one("ada@example.com") == one("ada@example.com") == Pseudonyms(b"a" * 32)("ada@example.com")
    )
    assert one("ada@example.com") != other("ada@example.com")
    assert one("ada@example.com") != one("Ada@example.com")
    assert len(bytes.fromhex(one("ünïcode"))) == 8


def test_pseudonyms_show_neither_key_nor_accounts():
    pseudonyms = Pseudonyms(b"secret-key-secret-key")
    pseudonyms("ada@example.com")
    assert repr(pseudonyms) == "<Pseudonyms of 1 accounts>"
