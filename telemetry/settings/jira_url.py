"""Jira's base address, told from the address of one of its pages that somebody copied."""

import re
from typing import Annotated
from urllib.parse import SplitResult, unquote, urlsplit

from pydantic import BeforeValidator

from telemetry.settings.values import wrong

HOST = re.compile(r"(?:[\w.-]+|\[[0-9a-fA-F:.]+\])(?::\d+)?")
GATEWAY = "api.atlassian.com"
CLOUD = (".atlassian.net", ".jira.com", ".jira-dev.com")
PAGES = frozenset(
    re.split(
        r"\s+",
        "browse rest secure projects issues plugins servicedesk login logout software core board "
        "boards people dashboards your-work for-you wiki images download sr si",
    )
)
"""The first steps of the paths of Jira's own pages."""
CONTEXTS = frozenset(("issues", "projects", "software", "core", "board", "boards", "people"))
"""Those under which a whole Jira may stand, when nothing follows."""
OF_CLOUD = frozenset(("software", "core", "dashboards", "people", "your-work", "for-you", "boards"))
"""What follows `/jira` in the pages of Cloud, also under a domain of one's own."""


def base_address(value: object) -> str:
    """The address without a slash at its end; raises the error that says what to write instead."""
    text = value.strip() if isinstance(value, str) else ""
    parts = _parts(text)
    if "@" in unquote(unquote(text.partition("?")[0])):
        raise wrong("holds a user or password (not shown here); put them under auth")
    if parts is None:
        shown = "" if "?" in text or "#" in text else f"{value!r} "  # a query may hold anything
        raise wrong(f"{shown}is not a web address; write one such as https://jira.example.com")
    base = f"{parts.scheme}://{parts.netloc}"
    if parts.hostname == GATEWAY:
        return _gateway(parts, base)
    steps = [step for step in parts.path.split("/") if step]
    right = "/".join([base, *_context(steps, parts)])
    if right.rstrip("/") != f"{base}{parts.path}".rstrip("/") or parts.query or parts.fragment:
        shown = f"{base}{parts.path}"  # a query may hold anything
        raise wrong(f"{shown!r} is the address of a page; write Jira's own: {right}")
    return right


def _parts(text: str) -> SplitResult | None:
    try:
        parts = urlsplit(text)
        is_port_good = parts.port is None or parts.port > 0
    except ValueError:
        return None
    is_host_good = HOST.fullmatch(parts.netloc) and parts.hostname
    is_twice = parts.path.rstrip("/").startswith("//")
    good = is_port_good and is_host_good and not is_twice
    return parts if parts.scheme in ("http", "https") and good else None


def _context(steps: list[str], parts: SplitResult) -> list[str]:
    """The steps of the path under which Jira stands: those before its first page."""
    names = [step.casefold() for step in steps]
    is_more = bool(parts.query or parts.fragment)
    if str(parts.hostname).endswith(CLOUD):
        return []
    if names[:1] == ["jira"] and OF_CLOUD.intersection(names[1:2]):
        return []
    for index, name in enumerate(names):
        is_last = index == len(names) - 1 and not is_more
        is_context = is_last and name in CONTEXTS
        if name.endswith((".jspa", ".jsp")) or (name in PAGES and not is_context):
            return steps[:index]
    return steps


def _gateway(parts: SplitResult, base: str) -> str:
    """Atlassian's gateway, where a site is known by its cloud id alone."""
    found, shown = re.match(r"/ex/(\w+)/([\w-]+)(/.*)?$", parts.path), f"{base}{parts.path}"
    if found is None:
        raise wrong(
            f"{shown!r} names no site; write {base}/ex/jira/CLOUDID, with the id that "
            "https://YOURSITE.atlassian.net/_edge/tenant_info tells"
        )
    right = f"{base}/ex/jira/{found[2]}"
    if found[1] != "jira" or (found[3] or "/").strip("/") or parts.query or parts.fragment:
        raise wrong(f"{shown!r} is not the address of a Jira; write {right}")
    return right


JiraUrl = Annotated[str, BeforeValidator(base_address)]
