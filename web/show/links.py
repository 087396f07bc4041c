"""Addresses of pages whose query holds what is chosen there: a link changes one choice of it."""

import re
from collections.abc import Callable, Mapping
from urllib.parse import parse_qsl, quote, quote_plus

OFF_PLAN = "off_plan"

_is_plain = re.compile(r"[A-Za-z0-9_.:-]*").fullmatch


def query(given: Mapping[str, object], changes: Mapping[str, object], anchor: str = "") -> str:
    """`?…#anchor`: the given choices with the changes; None and "" leave the query."""
    asked = {**given, **changes}.items()
    pairs = "&".join(_pair(name, str(one)) for name, one in asked if one not in (None, ""))
    return f"?{pairs}#{anchor}" if anchor else f"?{pairs}"


def _pair(name: str, value: str) -> str:
    return f"{name}={value if _is_plain(value) else quote_plus(value, safe=':')}"


def kept(href: str, given: Mapping[str, object]) -> str:
    """The address; one that begins with `?`, on the same page, keeps the choices given."""
    if not href.startswith("?"):
        return href
    asked, _, anchor = href[1:].partition("#")
    return query(given, dict(parse_qsl(asked, keep_blank_values=True)), anchor)


def sprint_list(team_key: str, sprint_id: int, kind: str) -> str:
    """Where the page of a sprint lists its issues of a kind."""
    return sprint_page(team_key, sprint_id) + query({}, {"issues": kind}, "issues")


def sprint_impediments(team_key: str, sprint_id: int, kind: str = "all") -> str:
    """Where the page of a sprint lists its impediments, all or those of a kind."""
    return sprint_page(team_key, sprint_id) + query({}, {"impediments": kind}, "impediments")


def issues_link(kind: str) -> str:
    """Where a figure's issues are listed on the same page."""
    return f"?issues={kind}#issues"


def quarter_page(team_key: str) -> Callable[[object], str]:
    """The addresses of a team's quarters."""
    base = f"/teams/{quote(team_key, safe='')}/quarters/"
    return lambda quarter: f"{base}{quarter}"


def program_page(name: str, quarter: object = None) -> str:
    """The address of a program's page, in a quarter.

    A name that is a step in a path, which browsers take, stands in the query.
    """
    asked = {} if quarter is None else {"quarter": quarter}
    if name in (".", ".."):
        return f"/programs{query({'name': name}, asked)}"
    path = f"/programs/{quote(name, safe='')}"
    return f"{path}{query(asked, {})}" if asked else path


def programs_page(quarter: object) -> str:
    """The address of all programs of a quarter."""
    return f"/programs{query({'quarter': quarter}, {})}"


def portfolio_page(quarter: object = None, anchor: str = "", **asked: object) -> str:
    """The address of the portfolio in a quarter, with choices made there."""
    choices = {"quarter": quarter, **asked}
    return f"/portfolio{query(choices, {}, anchor)}"


def sprint_page(team_key: str, sprint_id: int) -> str:
    """The address of a sprint's page."""
    return f"/teams/{quote(team_key, safe='')}/sprints/{sprint_id}"
