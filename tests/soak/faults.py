"""What can go wrong with an answer of Jira, by name."""

from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.simulator.faults import (
    Treatment,
    cut,
    hang,
    html_login,
    not_json,
    rate_limited,
    redirect,
    reset,
    server_error,
    trickle,
    unauthorized,
)

QUOTA = "jira-quota-tenant-based"
HANG_SECONDS = 1.5
READ_TIMEOUT_SECONDS = 1.0
PASSING = (
    "429, Retry-After in seconds",
    "429, Retry-After as a date",
    "429, no Retry-After",
    "500",
    "502",
    "503, Retry-After",
    "504",
    "not JSON",
    "login page",
    "redirect",
    "reset",
    "reset within the body",
    "cut body",
    "trickle",
)
RARE = "hang"
OF_THE_SITE = (
    "429, an hour",
    "500",
    "503, Retry-After",
    "not JSON",
    "login page",
    "redirect",
    "401",
    "reset",
)
OF_A_TEAM = ("403", "404", "400", "500")


def answer(name: str, number: int) -> Response | Treatment:
    """The fault of this name; `number` varies it."""
    some: dict[str, Response | Treatment] = {
        "429, Retry-After in seconds": rate_limited(number % 60),
        "429, Retry-After as a date": rate_limited(datetime(2026, 3, 20, tzinfo=UTC)),
        "429, no Retry-After": rate_limited(reason=QUOTA),
        "429, an hour": rate_limited(3600, QUOTA),
        "503, Retry-After": server_error(503, number % 30),
        "not JSON": not_json(),
        "login page": html_login(),
        "redirect": redirect("https://sso.example.com/login"),
        "reset": reset(),
        "reset within the body": reset(number % 10 / 10),
        "cut body": cut(number % 10 / 10),
        "trickle": trickle(0.02, 2),
        "hang": hang(HANG_SECONDS),
        "401": unauthorized(),
    }
    if name in some:
        return some[name]
    if name in ("500", "502", "504"):
        return server_error(int(name))
    return JSONResponse({"errorMessages": ["no"]}, int(name))


Hook = Response | Treatment | None
__all__ = [
    "OF_A_TEAM",
    "OF_THE_SITE",
    "PASSING",
    "RARE",
    "READ_TIMEOUT_SECONDS",
    "Hook",
    "Request",
    "answer",
]
