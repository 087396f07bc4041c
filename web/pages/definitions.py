"""The page of definitions, from the metrics' own Markdown."""

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources

from fastapi import APIRouter, Request
from markdown_it import MarkdownIt
from markupsafe import Markup
from starlette.responses import Response

from telemetry.metrics.registry import by_slug
from web.http.answers import HTML
from web.http.site import Site

_HEADING = re.compile(r"^(#{2,4}) +(.+?)(?: +\{#([a-z0-9_]+)\})? *$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with the text below it; `slug` names the figure that it defines, if one."""

    level: int
    title: str
    slug: str | None
    body: Markup


def definitions_page(site: Site) -> APIRouter:
    """`/definitions`."""
    router = APIRouter(include_in_schema=False)

    @router.get("/definitions")
    def definitions(request: Request) -> Response:
        body = site.render("definitions.html", sections=sections(), figures=by_slug())
        return site.answers.by_content(request, body, HTML)

    return router


@cache
def sections() -> tuple[Section, ...]:
    """The sections of definitions.md in order; the first one holds what stands before them."""
    text = resources.files("telemetry.metrics").joinpath("definitions.md").read_text("utf-8")
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    headings = list(_HEADING.finditer(text))
    ends = [*(heading.start() for heading in headings), len(text)]
    start = text[: ends[0]].removeprefix("# ").partition("\n")
    made = [Section(1, start[0].strip(), None, _html(parser, start[2]))]
    for heading, end in zip(headings, ends[1:], strict=True):
        body = _html(parser, text[heading.end() : end])
        made.append(Section(len(heading[1]), heading[2], heading[3], body))
    return tuple(made)


def _html(parser: MarkdownIt, text: str) -> Markup:
    # our own file, and HTML in it is switched off
    return Markup(parser.render(text))  # noqa: S704
