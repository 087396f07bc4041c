"""Mends JSON that a decoder refuses as a whole for one text or one value of it.

Jira stores halves of emojis, which are no characters, apps nest values without a bound, and what
stands before Jira may recode what it passes on.
"""

import codecs
import re

DEEPEST = 64  # Jira's own answers nest less than 20 deep
_surrogates = re.compile(
    rb"\\\\"  # an escaped backslash: what follows it is text
    rb"|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    rb"|\\u[dD][89a-fA-F][0-9a-fA-F]{2}"
)
_tokens = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"|[\[\]{}]', re.DOTALL)
_escape_length = 6


def unmarked(content: bytes) -> bytes:
    """UTF-8 without a byte order mark, which gateways put before an answer, or recode it by."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", "replace").encode()
    return content.removeprefix(codecs.BOM_UTF8)


def mended(content: bytes) -> bytes:
    """JSON with U+FFFD for what is no character, and null for what is nested too deep."""
    return _shallow(_surrogates.sub(_whole, content.decode("utf-8", "replace").encode()))


def _whole(match: re.Match[bytes]) -> bytes:
    found = match.group()
    return rb"\ufffd" if len(found) == _escape_length else found


def _shallow(content: bytes) -> bytes:
    parts: list[bytes] = []
    depth = kept_until = 0
    for token in _tokens.finditer(content):
        sign = token.group()
        if sign in (b"[", b"{"):
            depth += 1
            if depth == DEEPEST + 1:
                parts += content[kept_until : token.start()], b"null"
        elif sign in (b"]", b"}"):
            if depth == DEEPEST + 1:
                kept_until = token.end()
            depth -= 1
    if not parts:
        return content
    return b"".join((*parts, content[kept_until:]))
