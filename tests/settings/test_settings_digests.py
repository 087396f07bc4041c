import pytest

from tests.settings.test_settings_alerts import CHANNEL, loaded
from tests.settings.test_settings_errors import LEAST, error_of


@pytest.mark.parametrize("given", ["", "digests:", "digests: []"])
def test_without_an_entry_no_digest_is_sent(tmp_path, given):
    assert loaded(tmp_path, CHANNEL + given).digests == ()


@pytest.mark.parametrize(
    ("entry", "due"),
    [
        ("kind: day", "09:00"),
        ("kind: week", "fri 15:00"),
        ("kind: portfolio", "fri 15:00"),
        ("kind: sprint", "None"),
        ('kind: day, at: "08:30"', "08:30"),
        ("kind: week, at: Mon 07:05", "mon 07:05"),
        ('kind: portfolio, at: "18:00"', "18:00"),
    ],
)
def test_a_digest_has_its_hour(tmp_path, entry, due):
    [digest] = loaded(tmp_path, f"{CHANNEL}digests: [{{{entry}}}]").digests
    assert str(digest.due) == due


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("at: fri 15:00", "digests[0].kind: is missing"),
        ("kind: wek", "digests[0].kind: 'wek' is no kind of digest; did you mean 'week'?"),
        ("kind: week, at: friday 15:00", "'friday 15:00' is no time of a digest; write one such"),
        ("kind: week, at: fri 25:00", "'fri 25:00' is no time of a digest"),
        ("kind: week, at: fri", "'fri' is no time of a digest"),
        ("kind: week, at: ''", "'' is no time of a digest"),
        ("kind: week, at: fri sat 15:00", "'fri sat 15:00' is no time of a digest"),
        ('kind: week, at: "15:00"', "'15:00' names no weekday; write one such as"),
        ("kind: day, at: fri 15:00", "'fri 15:00' names a weekday, but is of every day"),
        ('kind: sprint, at: "15:00"', "digests[0].at: is not of a sprint’s digest"),
        ("kind: day, channels: [caht]", "'caht' is not under channels; did you mean 'chat'"),
        ("kind: day, teams: [wbe]", "'wbe' is no team; did you mean 'web'"),
        ("kind: day, hour: 9", "digests[0].hour: is not a known key"),
    ],
)
def test_what_is_wrong_with_a_digest_is_named(tmp_path, entry, said):
    assert said in error_of(tmp_path, f"{CHANNEL}digests: [{{{entry}}}]")


def test_a_digest_without_any_channel_is_an_error(tmp_path):
    told = error_of(tmp_path, LEAST + "digests: [{kind: day}]")
    assert "digests[0]: has no channel to go to" in told
