"""No more of what a service answers than anybody needs, and no longer than a Deadline lasts."""

import smtplib
from collections.abc import Callable
from contextvars import ContextVar
from io import BytesIO
from typing import Any, BinaryIO

from requests import Response
from requests.exceptions import RequestException

from bot.jira.http.deadline import Deadline

LIMIT: ContextVar[Deadline | None] = ContextVar("limit", default=None)  # of this context's sending
MOST_BYTES = 1_000_000
_PIECE_BYTES = 8192
_getreply = smtplib.SMTP.getreply


def read_some(response: Response, is_late: Callable[[], bool]) -> None:
    """Read what came in time of an answer.

    The head of a good one says that the message was taken, whatever becomes of the rest.
    """
    held, unread = BytesIO(), response._content is False  # type: ignore[comparison-overlap]
    if not unread:
        return
    try:
        for piece in response.iter_content(_PIECE_BYTES):
            held.write(piece)
            if held.tell() > MOST_BYTES:
                response.close()
                break
    except RequestException:
        if not is_late() or response.status_code >= 300:
            raise
    whole: Any = response
    whole._content, whole._content_consumed = held.getvalue(), True


class _Lines:
    """The lines that a mail server says, until they are too many."""

    def __init__(self, lines: BinaryIO) -> None:
        self._lines = lines
        self._left = MOST_BYTES

    def readline(self, most: int) -> bytes:
        line = self._lines.readline(most)
        self._left -= len(line)
        if self._left < 0:
            raise OSError("the mail server says too much")
        return line

    def close(self) -> None:
        self._lines.close()


def _bounded_reply(self: smtplib.SMTP) -> tuple[int, bytes]:
    """A mail server's answer as ever, which the Deadline of the sending can end."""
    deadline, mail = LIMIT.get(), self
    if deadline is not None and self.sock is not None:
        deadline.watch(self.sock)
        if self.file is None:
            lines: Any = _Lines(self.sock.makefile("rb"))
            mail.file = lines
    return _getreply(self)


smtplib.SMTP.getreply = _bounded_reply  # type: ignore[method-assign]
