"""The kinds of values in `telemetry.yml`, each with an error that tells what to write instead."""

import math
import re
from collections.abc import Iterable
from datetime import date, time, timedelta
from difflib import get_close_matches
from ipaddress import ip_network
from typing import Annotated, Any
from urllib.parse import SplitResult, unquote, urlsplit
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DURATION = re.compile(r"(?=.)(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?")
CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
TEAM_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
WHOLE = re.compile(r"\s*[+-]?\d{1,18}\s*")
ORDER = re.compile(
    r"""(?i:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|(?P<order>\border\s+by\b[^"']*\Z|\border\s+by\b))"""
)
OPEN_QUOTES = ("'", '"')
STORES = ("sqlite", "postgresql", "postgresql+psycopg")


def wrong(sentence: str) -> PydanticCustomError:
    """The error of a value: what is wrong with it, and what to write instead."""
    return PydanticCustomError("wrong", "{sentence}", {"sentence": sentence})


def nearest(name: str, known: Iterable[str]) -> str:
    """ "; did you mean 'x'?" when something known is near, else what there is, if it is little."""
    names = sorted(known)
    folded = {known_name.casefold(): known_name for known_name in names}
    near = get_close_matches(name.casefold(), folded, n=1)
    if near:
        return f"; did you mean {folded[near[0]]!r}?"
    return f"; it is one of {', '.join(names)}" if 0 < len(names) <= 16 else ""


def _duration(value: Any) -> timedelta:
    if isinstance(value, timedelta):
        return value
    match = DURATION.fullmatch(value) if isinstance(value, str) else None
    length = timedelta()
    if match:
        days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
        length = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
    if not length:
        raise wrong(f"{value!r} is not a length of time; write one such as 30s, 10m or 1h30m")
    return length


def _clock(value: Any) -> time:
    if isinstance(value, time):
        return value
    match = CLOCK.fullmatch(value) if isinstance(value, str) else None
    if not match:
        raise wrong(f'{value!r} is not a time of day; write one such as "02:30", in quotes')
    return time(int(match[1]), int(match[2]))


def _day(value: Any) -> Any:
    if isinstance(value, str) and not DAY.fullmatch(value):
        raise wrong(f"{value!r} is not a day; write it as YYYY-MM-DD")
    return value


def _whole(value: Any) -> Any:
    if isinstance(value, bool | float) or (isinstance(value, str) and not WHOLE.fullmatch(value)):
        shown = str(value).lower() if isinstance(value, bool) else repr(value)
        raise wrong(f"{shown} is not a whole number")
    return int(value) if isinstance(value, str) else value


def _name(value: Any) -> Any:
    return " ".join(value.split()) if isinstance(value, str) else value


def _label(value: Any) -> Any:
    label = _name(value)
    if isinstance(label, str) and " " in label:
        raise wrong(f"{value!r} is no label: Jira's hold no blank; write each as one of the list")
    return label


def _jql(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    narrowing = without_order(value)
    if not narrowing:
        raise wrong(f"{value!r} narrows nothing; write a condition, or leave it out")
    depth = 0
    for sign in _signs(narrowing):
        depth += {"(": 1, ")": -1}.get(sign, 0)
        if depth < 0 or sign in OPEN_QUOTES:
            break
    if depth:
        raise wrong(f"{value!r} has a bracket without its other half")
    if any(sign in OPEN_QUOTES for sign in _signs(narrowing)):
        raise wrong(f"{value!r} has a quotation mark without its other half")
    return narrowing


def without_order(jql: str) -> str:
    """The JQL's condition; an order, which a condition cannot have, is cut off."""
    ends = [found.start() for found in ORDER.finditer(jql) if found["order"]]
    return (jql[: ends[-1]] if ends else jql).strip()


def _signs(jql: str) -> Iterable[str]:
    """The signs outside of quotes; a quotation mark alone opens a text that never ends."""
    return ORDER.sub(lambda found: " " if not found["order"] else found[0], jql)


def _weekday(value: Any) -> str:
    name = str(value).casefold()
    if name not in WEEKDAYS:
        raise wrong(f"{value!r} is not a weekday; write one of {', '.join(WEEKDAYS)}")
    return name


def _zone(value: Any) -> str:
    try:
        return ZoneInfo(value).key
    except (KeyError, ValueError, TypeError, OSError):
        hint = nearest(str(value), available_timezones()) or "; write one such as Europe/Paris"
        raise wrong(f"{value!r} is not a time zone{hint}") from None


def _country(value: Any) -> str:
    from holidays import country_holidays, list_supported_countries  # noqa: PLC0415 (slow)

    country, _, part = str(value).partition("-")
    try:
        country_holidays(country, subdiv=part or None)
    except NotImplementedError:
        known = list_supported_countries()
        if country in known:
            hint = nearest(part, known[country])
            raise wrong(
                f"{value!r}: {country} has no part {part!r} with own holidays{hint}"
            ) from None
        hint = nearest(country, known) or "; write a code such as FR, US or DE-BY"
        raise wrong(f"{value!r} is not a country whose holidays are known{hint}") from None
    return str(value)


def _team_key(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, str | int):
        return value
    key = str(value)
    if not TEAM_KEY.fullmatch(key):
        raise wrong(f"{value!r} cannot stand in an address; use letters, digits, '-', '_' and '.'")
    return key


def _channel_name(value: Any) -> str:
    name = str(value)
    if not TEAM_KEY.fullmatch(name):
        raise wrong(f"{name!r} is no name of a channel; use letters, digits, '-', '_' and '.'")
    return name


def _store_url(value: Any) -> str:
    url = str(value)
    if re.fullmatch(r"env:[A-Za-z_][A-Za-z0-9_]*", url):
        return url
    scheme = url.partition(":")[0]
    if has_password(url):
        raise wrong(
            "holds a password in clear (not shown here); write env:NAME and put the whole address "
            "into that environment variable"
        )
    if "://" not in url or scheme not in STORES:
        raise wrong(
            "is not the address of a store (not shown here); write sqlite:///telemetry.db, "
            "postgresql+psycopg://USER@HOST/DATABASE or env:NAME"
        )
    return url


def _web_url(value: Any) -> str:
    parts = _parts(value)
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname:
        raise wrong("is not a web address; write one such as https://telemetry.example.com")
    if "@" in parts.netloc or parts.path.strip("/") or parts.query or parts.fragment:
        raise wrong(
            "is more than an address; the page stands at its root: write it without user, path "
            "and query, such as https://telemetry.example.com"
        )
    return f"{parts.scheme}://{parts.netloc}"


def _parts(value: Any) -> SplitResult | None:
    try:
        parts = urlsplit(value) if isinstance(value, str) else None
        return parts if parts is not None and parts.port != 0 else None
    except ValueError:
        return None


def _network(value: Any) -> str:
    try:
        network = ip_network(str(value), strict=False)
    except ValueError:
        raise wrong(
            f"{value!r} is not the address of a proxy; write one such as 10.0.0.7 or 10.0.0.0/24"
        ) from None
    if network.prefixlen == 0:
        raise wrong(f"{value!r} is everybody, who could then forge addresses; name your proxies")
    return str(network)


def has_password(url: str) -> bool:
    """Whether an address may hold a password: after a user, or as a parameter."""
    scheme, _, rest = url.partition("://")
    authority = rest.partition("/")[0] if scheme.startswith("sqlite") else rest
    plainly = unquote(unquote(url)).casefold()
    return ":" in unquote(authority).rpartition("@")[0] or "password=" in plainly


def _coefficient(value: Any) -> float | str:
    if value == "auto":
        return "auto"
    try:
        number = math.nan if isinstance(value, bool) else float(value)
    except (TypeError, ValueError):
        number = math.nan
    if not 0 <= number <= 1:
        raise wrong(f"{value!r} is neither auto nor a number from 0 to 1, such as 0.2")
    return number


Duration = Annotated[timedelta, BeforeValidator(_duration)]
Coefficient = Annotated[float | str, BeforeValidator(_coefficient)]
Clock = Annotated[time, BeforeValidator(_clock)]
Day = Annotated[date, BeforeValidator(_day)]
Whole = Annotated[int, BeforeValidator(_whole)]
Id = Annotated[int, Field(ge=1), BeforeValidator(_whole)]
Name = Annotated[str, Field(min_length=1), BeforeValidator(_name)]
Label = Annotated[str, Field(min_length=1), BeforeValidator(_label)]
Jql = Annotated[str, Field(min_length=1), BeforeValidator(_jql)]
Weekday = Annotated[str, BeforeValidator(_weekday)]
Zone = Annotated[str, BeforeValidator(_zone)]
Country = Annotated[str, BeforeValidator(_country)]
TeamKey = Annotated[str, BeforeValidator(_team_key)]
WebUrl = Annotated[str, BeforeValidator(_web_url)]
Network = Annotated[str, BeforeValidator(_network)]
ChannelName = Annotated[str, BeforeValidator(_channel_name)]
StoreUrl = Annotated[str, BeforeValidator(_store_url)]
