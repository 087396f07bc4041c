"""Sentences as Markdown (CommonMark): figures are strong, or links."""

import re
from collections.abc import Callable
from urllib.parse import quote

from telemetry.words.numbers import POINT
from telemetry.words.plain import plain, written
from telemetry.words.targets import Target
from telemetry.words.values import Figure, Sentence

_special = re.compile(r"[\\`*_\[\]<>|~&#]")
_block = re.compile(r"^(\s*(?:\d+(?=[.)]))?)([-+=.)])")  # a list item, an underline
_SAFE_IN_URLS = ":/?#[]@!$&'*+,;=%"  # no parenthesis, which ends a link


def markdown(said: Sentence, address: Callable[[Target], str | None], decimal: str = POINT) -> str:
    """The text; `address` says where a figure's target is, None where it has no address."""
    texts = []
    for part in said.parts:
        if isinstance(part, Figure):
            texts.append(_figure(part, address, decimal))
        else:
            texts.append(escaped(written(part, decimal)))
    return _block.sub(r"\1\\\2", "".join(texts))


def _figure(part: Figure, address: Callable[[Target], str | None], decimal: str) -> str:
    text = escaped(plain(part, decimal))
    url = None if part.target is None else address(part.target)
    return f"**{text}**" if url is None else f"[{text}]({quote(url, safe=_SAFE_IN_URLS)})"


def escaped(text: str) -> str:
    """The text without what Markdown would take as markup; on one line."""
    return _special.sub(r"\\\g<0>", re.sub(r"\s*[\r\n]+\s*", " ", text))
