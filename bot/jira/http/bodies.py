"""Reads an answer's body piece by piece and unpacked, and no more of it than can be borne.

A few bytes unpack to gigabytes, and a few megabytes of `{}` become gigabytes of objects: what is
too much is refused before it is held.
"""

from collections.abc import Callable
from io import BytesIO

from requests import Response

from telemetry.errors import UnexpectedAnswer

KILOBYTE = 1024
MEGABYTE = 1024 * KILOBYTE
USUAL_BYTES = 64 * MEGABYTE
_REFUSAL_BYTES = 256 * 1024  # of an answer that refuses, whose words alone matter
_PIECE_BYTES = 128 * 1024
_BYTES_A_VALUE = 16  # at least, in what Jira sends; it is more than 25
_BYTES_A_CONTAINER = 64  # likewise; it is more than 100
_LIGHT_PART = 8


def light_bytes(most_bytes: int) -> int:
    """How much may be held without a word, where an answer may have that many bytes."""
    return most_bytes // _LIGHT_PART


class TooMuch(Exception):
    """More than may come; it completes the sentence "Jira answers with ..."."""


def read_body(
    response: Response, most_bytes: int, when_large: Callable[[], Callable[[int], None]]
) -> bytes:
    """The whole body, unpacked; of a refusal that is too long, nothing.

    Calls `when_large` before more than a little is held, and what that returns with each piece's
    bytes. Raises TooMuch, and what requests raises.
    What is left unread goes with the connection.
    """
    is_refusal = response.status_code >= 400
    most = min(most_bytes, _REFUSAL_BYTES) if is_refusal else most_bytes
    held = BytesIO()
    is_long = _told_bytes(response) > most
    few = light_bytes(most_bytes)
    note: Callable[[int], None] | None = None
    for piece in () if is_long else response.iter_content(_PIECE_BYTES):
        if note is None and few < held.tell() + len(piece):
            note = when_large()
        held.write(piece)
        if note is not None:
            note(len(piece))
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
