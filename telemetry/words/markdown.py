"""Sentences as Markdown (CommonMark): figures are strong, or links."""

import re
from collections.abc import Callable
from urllib.parse import quote

from telemetry.words.numbers import POINT
from telemetry.words.plain import plain, written
from telemetry.words.targets import Target
from telemetry.words.values import Figure, Sentence

_special = re.compile(r"[\\`*_\[\]<>|~&#]")
_brackets = re.compile(r"[\[\]<>]")
_ALIKE = str.maketrans("*_`~\\", "\u2217\u02cd\u02cb\u223c\u2216")
_block = re.compile(r"^(\s*(?:\d+(?=[.)](?:\s|$)))?)([-+=.)])")  # a list item, an underline
_SAFE_IN_URLS = ":/?#[]@!$&'*+,;=%"  # no parenthesis, which ends a link


def escaped(text: str) -> str:
    """The text without what Markdown would take as markup; on one line."""
    return _special.sub(r"\\\g<0>", _on_one_line(text))


def for_slack(text: str) -> str:
    """The text for Markdown that becomes Slack's own, which knows no backslash.

    Apprise takes brackets out of their backslashes; signs that would make bold or code, or end
    what does, are written with others that look like them.
    """
    return _brackets.sub(r"\\\g<0>", _on_one_line(text).translate(_ALIKE))


def _on_one_line(text: str) -> str:
    return re.sub(r"\s*[\r\n]+\s*", " ", text)


def markdown(
    said: Sentence,
    address: Callable[[Target], str | None],
    decimal: str = POINT,
    escape: Callable[[str], str] = escaped,
) -> str:
    """The text; `address` says where a figure's target is, None where it has no address."""
    texts = []
    for part in said.parts:
        if isinstance(part, Figure):
            texts.append(_figure(part, address, decimal, escape))
        else:
            texts.append(escape(written(part, decimal)))
    whole = "".join(texts)
    return whole if escape is for_slack else _block.sub(r"\1\\\2", whole)


def _figure(
    part: Figure,
    address: Callable[[Target], str | None],
    decimal: str,
    escape: Callable[[str], str],
) -> str:
    whole = plain(part, decimal)
    bare = whole.strip()
    if not bare:
        return escape(whole)
    before, after = whole.split(bare)[0], whole.rsplit(bare)[-1]  # no markup begins with a space
    return f"{before}{_marked(part, escape(bare), address)}{after}"


def _marked(part: Figure, text: str, address: Callable[[Target], str | None]) -> str:
    url = None if part.target is None else address(part.target)
    return f"**{text}**" if url is None else f"[{text}]({quote(url, safe=_SAFE_IN_URLS)})"
