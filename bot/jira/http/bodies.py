"""Reads an answer's body piece by piece and unpacked, and no more of it than can be borne.

A few bytes unpack to gigabytes, and a few megabytes of `{}` become gigabytes of objects: what is
too much is refused before it is held.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from threading import Lock

from requests import Response

from telemetry.errors import UnexpectedAnswer

MEGABYTE = 1024 * 1024
USUAL_BYTES = 64 * MEGABYTE
_REFUSAL_BYTES = 256 * 1024  # of an answer that refuses, whose words alone matter
_PIECE_BYTES = 128 * 1024
_BYTES_A_VALUE = 16  # at least, in what Jira sends; it is more than 25
_BYTES_A_CONTAINER = 64  # likewise; it is more than 100
_LIGHT_BYTES = 4 * MEGABYTE
_heavy = Lock()  # one for all sites of the process: it is its memory


@contextmanager
def room_for(content: bytes) -> Iterator[None]:
    """Where a large answer is read into objects, ten times its size: one at a time.

    What comes as bytes meanwhile waits as bytes. Small answers, which nearly all are, never wait.
    """
    if len(content) <= _LIGHT_BYTES:
        yield
        return
    with _heavy:
        yield


class TooMuch(Exception):
    """More than may come; it completes the sentence "Jira answers with ..."."""


def read_body(response: Response, most_bytes: int) -> bytes:
    """The whole body, unpacked; of a refusal that is too long, nothing.

    Raises TooMuch, and what requests raises. What is left unread goes with the connection.
    """
    is_refusal = response.status_code >= 400
    most = min(most_bytes, _REFUSAL_BYTES) if is_refusal else most_bytes
    held = BytesIO()
    is_long = _told_bytes(response) > most
    for piece in () if is_long else response.iter_content(_PIECE_BYTES):
        held.write(piece)
        if held.tell() > most:
            is_long = True
            break
    if not is_long:
        return held.getvalue()
    response.close()
    if is_refusal:
        return b""
    raise TooMuch(f"more than {most_bytes // MEGABYTE} MB")


def too_much(url: str, error: TooMuch) -> UnexpectedAnswer:
    """The error of what is too much; other questions may still be answered."""
    return UnexpectedAnswer(
        f"{url} answers with {error}; check that address, or let bot.answer_megabytes be more"
    )


def _told_bytes(response: Response) -> int:
    told = response.headers.get("Content-Length", "")
    return int(told) if told.isdecimal() and told.isascii() and len(told) < 20 else 0


def check_count(content: bytes, most_bytes: int) -> None:
    """Raises TooMuch where JSON has more values than a body of that many bytes would have."""
    if len(content) <= most_bytes // _BYTES_A_CONTAINER:
        return  # not even then
    containers = content.count(b"{") + content.count(b"[")
    if containers > most_bytes // _BYTES_A_CONTAINER or (
        content.count(b",") > most_bytes // _BYTES_A_VALUE
    ):
        raise TooMuch("more values than can be held")
