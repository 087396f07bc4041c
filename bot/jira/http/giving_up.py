"""What is said of a question that is not asked again, and whether others are answered."""

from bot.jira.http.auth import Asked
from bot.jira.http.retry import Failure
from bot.jira.http.scopes import scopes_for
from telemetry.errors import AccessDenied, TrackerUnavailable, UnexpectedAnswer

WHO_WE_ARE = "/rest/api/2/myself"
"""What every Jira tells everybody whom it knows."""


def is_who_we_are(path: str) -> bool:
    """Whether a question is the one by which others are judged."""
    return path.endswith("/myself")


def is_somebody(me: object) -> bool:
    """Whether an answer to who we are names anybody."""
    names = ("accountId", "key", "name", "emailAddress")
    return isinstance(me, dict) and any(me.get(name) for name in names)


def given_up(
    asked: Asked, method: str, failure: Failure, tried: int, spent_seconds: float
) -> TrackerUnavailable | UnexpectedAnswer:
    """The error of the last try, with what it died of and what to do about it."""
    question = f"{method} {asked.path}"
    tries = f"{tried} tries in {spent_seconds:.0f} s" if tried > 1 else f"{tried or 'no'} try"
    if failure.is_garbled:
        return UnexpectedAnswer(
            f"{asked.url} did not answer {question} as Jira does: {failure.reason} "
            f"({tries}); check {asked.written.url}, and any proxy between"
        )
    after = failure.retry_after_seconds
    when = f"try again in {after:.0f} s" if after else "try again later"
    unavailable = TrackerUnavailable(
        f"{asked.url} did not answer {question}: {failure.reason} ({tries}); "
        f"{failure.remedy or when}",
        after,
    )
    unavailable.status = failure.status
    return unavailable


def left_alone(asked: Asked, method: str) -> TrackerUnavailable:
    """The error of what is not asked, since it and its like hung too often in a row."""
    unavailable = TrackerUnavailable(
        f"{asked.url} was not asked {method} {asked.path}: such questions hung again and again "
        "while Jira answered others; the next pull asks once more. Look into Jira's log for why, "
        "and at what stands before it"
    )
    unavailable.is_of_question = True
    return unavailable


def denied_alone(asked: Asked, error: AccessDenied) -> AccessDenied:
    """The error of what is denied to credentials that Jira accepts elsewhere."""
    told = "a web page or a login" if error.status is None else f"HTTP {error.status}"
    said = f" ({error.words})" if error.words else ""
    scopes = " and ".join(scopes_for(asked.path))
    alone = AccessDenied(
        f"{asked.url} knows {asked.who}, but answers {asked.path} with {told}{said}: give it the "
        f"permission to see that, let what stands before Jira (proxy, sign-on, firewall) pass "
        f"the question, or, where the token has scopes, make one with {scopes}"
    )
    alone.status, alone.is_of_question = error.status, True
    return alone
