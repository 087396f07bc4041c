"""Sentences as HTML for mail: figures are strong, or links; styles stand in the elements."""

from collections.abc import Callable
from html import escape

from telemetry.words.numbers import POINT
from telemetry.words.plain import plain, written
from telemetry.words.targets import Target
from telemetry.words.values import Figure, Sentence


def html(said: Sentence, address: Callable[[Target], str | None], decimal: str = POINT) -> str:
    """The text; `address` says where a figure's target is, None where it has no address."""
    texts = []
    for part in said.parts:
        if isinstance(part, Figure):
            texts.append(_figure(part, address, decimal))
        else:
            texts.append(escape(written(part, decimal)))
    return "".join(texts)


def _figure(part: Figure, address: Callable[[Target], str | None], decimal: str) -> str:
    text = escape(plain(part, decimal))
    url = None if part.target is None else address(part.target)
    if url is None or not url.startswith(("https://", "http://")):
        return f"<strong>{text}</strong>"
    return f'<a href="{escape(url)}">{text}</a>'
