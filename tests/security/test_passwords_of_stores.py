"""A password of a database works whatever its signs, or is refused; nothing ever shows it."""

from pathlib import Path
from urllib.parse import quote

import pytest

from telemetry.errors import ConfigurationError, StoreError
from telemetry.settings import load
from telemetry.store.address import passwords_of, read_address, shown_address
from telemetry.store.engine import open_store

PLAIN = [
    "hunter22",
    "p@ssw0rd!",
    "a/b/c/secret",
    "a:b:secret",
    "#hash#secret",
    "100%secret",
    "[br]acket",
    "q?uestion",
    "@/:#?secret@",
    "white space secret",
    "päß-wörd",
    "a+b&c=secret",
]
LEAST = """\
jira: {url: https://jira.example.com, auth: {kind: pat, secret: env:TOKEN}}
teams: [{key: web, project: WEB}]
store: {url: %s}
"""


@pytest.mark.parametrize("host", ["db.example.com", "db:5433", "[::1]:5432", "a,b:5433", ""])
@pytest.mark.parametrize("password", [one for one in PLAIN if "?" not in one])
def test_a_password_with_any_signs_is_read_as_it_is(password, host):
    for written in (password, quote(password, safe="")):
        url = read_address(f"postgresql+psycopg://bot:{written}@{host}/telemetry?connect_timeout=3")
        assert url.password == password
        assert (url.username, url.database) == ("bot", "telemetry")
        assert url.query == {"connect_timeout": "3"}


def test_a_password_is_decoded_where_all_its_signs_are_coded():
    assert read_address("postgresql://bot:p%40ss%2Fw%3A%25@db/x").password == "p@ss/w:%"


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://bot:s3cr3t@x?y@db/telemetry",
        "postgresql://bot:s3cr3t%40@more@db/telemetry",
        "postgresql://bot:s3cr3t@db/tele/metry",
        "postgresql://bot:s3cr3t@db/telemetry#part",
    ],
)
def test_an_address_that_reads_in_two_ways_is_refused_with_the_remedy(address):
    with pytest.raises(StoreError) as raised:
        read_address(address)
    assert "@ as %40, / as %2F" in str(raised.value)
    assert "s3cr3t" not in str(raised.value)
    assert "more" not in str(raised.value)


@pytest.mark.parametrize("password", PLAIN)
def test_no_error_shows_a_password_in_any_guise(password):
    coded = quote(password, safe="")
    url = f"postgresql://bot:{coded}@127.0.0.1:1/telemetry?sslpassword={coded}"
    with pytest.raises(StoreError) as raised:
        open_store(url, base=Path())
    told = str(raised.value)
    assert "postgresql+psycopg://bot:***@127.0.0.1:1/telemetry does not let us in" in told
    for guise in (password, coded, password[::-1]):
        assert guise not in told


def test_all_passwords_of_an_address_are_known_and_none_is_shown():
    url = read_address("postgresql://bot:one@db/x?password=two&sslpassword=three")
    assert passwords_of(url) == ["one", "two", "three"]
    assert shown_address(url) == "postgresql://bot:***@db/x"


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://bot:s3cr3t/with@db/telemetry",
        "postgresql://bot:s3cr3t#with@db/telemetry",
        "postgresql://bot:s3@cr3t@db/telemetry",
        "postgresql://bot%3As3cr3t@db/telemetry",
        "postgresql://db/telemetry?passw%6Frd=s3cr3t",
    ],
)
def test_a_password_in_the_file_is_refused_whatever_its_signs(tmp_path, address):
    (tmp_path / "telemetry.yml").write_text(LEAST % f"'{address}'")
    with pytest.raises(ConfigurationError) as raised:
        load(tmp_path / "telemetry.yml", {})
    assert "store.url: holds a password in clear (not shown here)" in str(raised.value)
    assert "cr3t" not in str(raised.value)
