"""Secrets that nothing shows, and texts that are free of them and of people.

What is to be kept from a text is looked for in everything that the text could be read as: quoted
for a URL, for HTML or JSON, in base64 or hexadecimal, backwards, or with signs in between.
"""

import re
import unicodedata
from collections.abc import Iterable
from hmac import compare_digest
from typing import Any, NoReturn, Self

from telemetry.codings import forms

SHOWN = "•••"
LONGEST_SAID = 200
_LOOKED_AT = 2000  # characters of a text of which 200 are shown
_WINDOW = 12  # signs of a secret that must not stand in a row
_LEAST_KNOWN = 8  # signs of a secret that logs are searched for
_LEAST_CODED = 6  # signs of one that is looked for in what is decoded
_LEAST_SURE = 16  # signs of one that no line of a log has by chance


class Hidden:
    """A secret: only `reveal` gives it, and it equals its own text."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    @classmethod
    def of(cls, text: "str | Hidden") -> "Hidden":
        """The text hidden, if it is not."""
        return text if isinstance(text, Hidden) else cls(text)

    def reveal(self) -> str:
        """The secret itself."""
        return self._text

    def __repr__(self) -> str:
        return SHOWN

    def __format__(self, _spec: str) -> str:
        return SHOWN

    def __bool__(self) -> bool:
        return bool(self._text)

    def __eq__(self, other: object) -> bool:
        text = other.reveal() if isinstance(other, Hidden) else other
        return isinstance(text, str) and compare_digest(text.encode(), self._text.encode())

    def __hash__(self) -> int:
        return hash(Hidden)

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, _memo: object) -> Self:
        return self

    def __reduce_ex__(self, _protocol: object) -> NoReturn:
        raise TypeError("a secret is not written anywhere")


_NOT_SHOWN = "(not shown: it holds a secret)"
_name = re.compile(r"[a-z.-]*|[\d.]+")
_known: set[str] = set()  # that logs are searched for


def know(secret: str) -> None:
    """Keep this secret out of every log from now on; of an address, what is no name in it."""
    parts = [secret]
    if "://" in secret:
        parts = [one for one in re.split(r"[/:@?&=,;\s]+", secret) if not _name.fullmatch(one)]
    _known.update(one for one in parts if len(one) >= _LEAST_KNOWN)


def holds(text: str, secrets: Iterable[str]) -> bool:
    """Whether a text holds one of the secrets, or a good part of it, in any guise.

    A secret of a few signs is looked for as it is: by chance it stands in whatever is decoded.
    """
    wanted = [(secret, _windows(secret)) for secret in secrets if secret]
    if not wanted:
        return False
    for form in forms(text):
        plain = _signs(form)
        for secret, windows in wanted:
            if form is not text and len(secret) < _LEAST_CODED:
                continue
            if (len(secret) > 3 and secret in form) or any(part in plain for part in windows):
                return True
    return False


def said(text: str, secrets: Iterable[str]) -> str:
    """What others said, fit to be stored and shown: short, of plain signs, without any secret."""
    looked_at = plain_text(text[: 10 * _LOOKED_AT])[:_LOOKED_AT]
    if holds(text[:_LOOKED_AT], secrets) or holds(looked_at, secrets):
        return "(what it says is not shown: it repeats a secret)"
    shown = without_people(looked_at)
    return shown if len(shown) <= LONGEST_SAID else f"{shown[: LONGEST_SAID - 1]}…"


_escapes = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b.?|\x9b"
)


def plain_text(text: str) -> str:
    """The text in one line, without signs and sequences that steer a terminal or a page."""
    kept = (
        " " if one.isspace() or unicodedata.category(one) == "Cc" else one
        for one in _escapes.sub(" ", text)
        if unicodedata.category(one) not in ("Cf", "Cs", "Co", "Cn")
    )
    return " ".join("".join(kept).split())


def harmless(text: str) -> str:
    """The text with its lines and blanks, without what steers a terminal."""
    kept = (
        one if one == "\n" else " " if unicodedata.category(one) in ("Cc", "Zl", "Zp") else one
        for one in _escapes.sub(" ", text)
        if unicodedata.category(one) not in ("Cf", "Cs", "Co", "Cn")
    )
    return "".join(kept)


_people = re.compile(
    r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+"  # an e-mail address
    r"|\b\d{5,7}:[0-9a-fA-F-]{20,}|\bqm:[\w:-]{20,}"  # accounts of Cloud
    r"|\b[0-9a-f]{24}\b|\bJIRAUSER\d+"
)
_credentials = re.compile(
    r"(?P<scheme>\b(?:basic|bearer|negotiate|digest)\s+)[\w+/=.~-]{6,}"
    r"|(?P<url>://)[^/\s@]*:[^/\s@]*@"
    r"|(?P<key>\b[\w-]*(?:passw(?:or)?d|secret|token|api[_-]?key|authorization|cookie|jsessionid)"
    r"[\"']?\s*[=:]\s*[\"']?(?:basic\s+|bearer\s+)?)(?!env:|file:|the |holds |is )[^\s\"',;)}]+"
    r"|\bAT[A-Z]{3}3[\w=-]{8,}|\beyJ[\w-]{8,}\.[\w-]*\.?[\w-]*"
    r"|\b[0-9a-f]{32,}\b|\b(?=[\w+-]*\d)(?=[\w+-]*[a-z])(?=[\w+-]*[A-Z])[A-Za-z0-9+-]{32,}={0,2}",
    re.IGNORECASE,
)


def without_people(text: str) -> str:
    """The text without e-mail addresses and ids of accounts."""
    return _people.sub(SHOWN, text)


def redacted(text: str) -> str:
    """A line of a log without people, known secrets and what looks like a credential."""

    def hide(found: re.Match[str]) -> str:
        before = found["scheme"] or found["url"] or found["key"] or ""
        return f"{before}{SHOWN}" + ("@" if found["url"] else "")

    text, known = _credentials.sub(hide, text), tuple(_known)
    for secret in known:
        text = text.replace(secret, SHOWN)
    sure = [secret for secret in known if len(_signs(secret)) >= _LEAST_SURE]
    if sure:
        text = "\n".join(_NOT_SHOWN if holds(line, sure) else line for line in text.split("\n"))
    return without_people(text)


def _windows(secret: str) -> list[str]:
    """The parts of a secret of which none may be seen; the whole where it is short."""
    signs = _signs(secret)
    if len(signs) < 4:
        return []
    size = min(_WINDOW, len(signs))
    return [signs[at : at + size] for at in range(len(signs) - size + 1)]


def _signs(text: str) -> str:
    return "".join(filter(str.isalnum, text)).casefold()


def tree_without_secrets(value: Any) -> Any:
    """Plain values with every text in them redacted, for a log."""
    if isinstance(value, str):
        return redacted(value)
    if isinstance(value, dict):
        return {redacted(str(key)): tree_without_secrets(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [tree_without_secrets(inner) for inner in value]
    is_plain = value is None or isinstance(value, bool | int | float)
    return value if is_plain else redacted(str(value))
