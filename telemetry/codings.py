"""What a text could be read as: quoted, coded, escaped, backwards."""

import base64
import binascii
import codecs
import html
import re
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import chain, islice
from urllib.parse import unquote_plus

_FORMS = 200
_DEPTH = 3


def forms(text: str) -> Iterator[str]:
    """The text, and what it can be read as; what is read so may be so once more."""
    return islice(_read(text), _FORMS)


def _read(text: str) -> Iterator[str]:
    seen, layer = {text}, [text]
    for _ in range(_DEPTH):
        yield from layer
        found = {form for one in layer for form in _decoded(one)} - seen
        seen |= found
        layer = sorted(found, key=len, reverse=True)
    yield from layer


def _decoded(text: str) -> Iterator[str]:
    yield text[::-1]
    yield codecs.decode(text, "rot13")
    yield unicodedata.normalize("NFKC", text)  # wide, ringed and raised letters
    if "%" in text or "+" in text:
        yield unquote_plus(text)
    if "&" in text:
        yield html.unescape(text)
    if "\\" in text or "%u" in text:
        yield _escaped.sub(_unescaped, text.replace("%u", "\\u"))
    tight = re.sub(r"\s", "", text)
    for pattern, decode in _alphabets:
        for found in islice(chain(pattern.finditer(text), pattern.finditer(tight)), 20):
            for start in range(4 if decode is _base64 else 2):
                yield decode(found.group()[start:])
    for found in islice(_words.finditer(text), 20):
        yield from _base85(found.group())
    for found in islice(_numbers.finditer(text), 5):
        yield "".join(chr(int(one)) for one in re.findall(r"\d+", found.group()))


def _base64(text: str) -> str:
    tidy = text.translate(str.maketrans("-_", "+/")).rstrip("=")
    tidy = tidy[: len(tidy) - (len(tidy) % 4 == 1)]
    try:
        return base64.b64decode(tidy + "=" * (-len(tidy) % 4)).decode("latin-1")
    except (binascii.Error, ValueError):
        return ""


def _base32(text: str) -> str:
    tidy = text.upper().rstrip("=")
    tidy = tidy[: len(tidy) - len(tidy) % 8] or tidy
    try:
        return base64.b32decode(tidy + "=" * (-len(tidy) % 8)).decode("latin-1")
    except (binascii.Error, ValueError):
        return ""


def _base85(text: str) -> Iterator[str]:
    for decode in (base64.b85decode, base64.a85decode):
        with suppress(ValueError):
            yield decode(text).decode("latin-1")


def _hexadecimal(text: str) -> str:
    digits = re.sub(r"0x|\\x|[^0-9a-f]", "", text, flags=re.IGNORECASE)
    return bytes.fromhex(digits[: len(digits) // 2 * 2]).decode("latin-1")


_alphabets: tuple[tuple[re.Pattern[str], Callable[[str], str]], ...] = (
    (re.compile(r"[A-Za-z0-9+/_-]{8,}={0,2}"), _base64),
    (re.compile(r"[A-Za-z2-7]{16,}={0,6}"), _base32),
    (re.compile(r"(?:(?:0x|\\x)?[0-9a-fA-F]{2}[:,=\-%;]?){4,}"), _hexadecimal),
)
_words = re.compile(r"[!-~]{10,}")
_numbers = re.compile(r"\b\d{2,3}(?:[,;\s]+\d{2,3}){3,}")
_escaped = re.compile(r"\\u\{?([0-9a-fA-F]{4})\}?|\\x([0-9a-fA-F]{2})|\\([0-7]{3})|\\(.)")


def _unescaped(found: re.Match[str]) -> str:
    if found[4] is not None:
        return str(found[4])
    return chr(int(found[3], 8) if found[3] else int(found[1] or found[2], 16))
