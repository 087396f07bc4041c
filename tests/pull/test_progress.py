"""A progress bar where a person watches, and only of what takes its time."""

import io

from bot.pull.progress import Silent, progress


class Terminal(io.StringIO):
    """What is written to a terminal."""

    def isatty(self) -> bool:
        return True


def test_nothing_is_shown_where_nobody_watches():
    with progress(io.StringIO()) as shown:
        assert isinstance(shown, Silent)
    with progress(Terminal(), quiet=True) as shown:
        assert isinstance(shown, Silent)


def test_a_quick_pull_shows_no_bar():
    stream = Terminal()
    with progress(stream) as shown:
        shown.begin("issues", 10)
        shown.advance(10)
    assert stream.getvalue().strip("\x1b[?25h\n") == ""


def test_a_long_pull_shows_what_it_reads(monkeypatch):
    monkeypatch.setattr("bot.pull.progress.SHOWN_AFTER_SECONDS", 0.0)
    stream = Terminal()
    with progress(stream) as shown:
        shown.begin("K8S", 100)
        shown.advance(40)
    assert "K8S" in stream.getvalue()
    assert "40/100" in stream.getvalue()
