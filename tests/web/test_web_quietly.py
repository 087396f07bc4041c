"""Work that nobody waits for: once for each key, when it is quiet, whatever happens to it."""

from threading import Event

from web.http.quietly import Quietly

LONG = 30.0


def test_what_is_wanted_by_many_is_done_once_and_again_when_wanted_again():
    done: list[str] = []
    quietly = Quietly(done.append, quiet_seconds=0.05)
    for key in ("core", "data", "core", "core"):
        quietly.want(key)
    assert done == []
    assert quietly.rest(LONG)
    assert done == ["core", "data"]
    quietly.want("core")
    assert quietly.rest(LONG)
    assert done == ["core", "data", "core"]


def test_nothing_is_done_while_others_ask_until_patience_ends():
    one_done = Event()
    quietly = Quietly(lambda _: one_done.set(), quiet_seconds=LONG, patience_seconds=0.1)
    while not one_done.wait(0.01):
        quietly.want("core")
    busy = Quietly(lambda _: None, quiet_seconds=LONG)
    busy.want("core")
    assert not busy.rest(0.1)


def test_what_fails_does_not_keep_the_others_from_being_done(caplog):
    done = []

    def work(key):
        if key == "bad":
            raise ValueError(key)
        done.append(key)

    quietly = Quietly(work, quiet_seconds=0.02)
    for key in ("bad", "good"):
        quietly.want(key)
    assert quietly.rest(LONG)
    assert done == ["good"]
    assert "bad" in caplog.text
