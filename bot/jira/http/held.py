"""Answers as objects, each of which holds its share of the room that they take."""

from collections.abc import Callable
from typing import Any

import requests

from bot.jira.http.answers import data_of
from bot.jira.http.auth import Asked
from bot.jira.http.bodies import TooMuch, too_much
from bot.jira.http.question import Question
from bot.jira.http.retry import Failure
from bot.jira.http.room import Held, Room, Tenant
from bot.jira.http.shapes import IssuesShape, ListShape


def held_data(
    response: requests.Response,
    question: Question,
    asked: Asked,
    room: Room,
    tenant: Tenant,
    check_open: Callable[[], None],
) -> tuple[Any, int]:
    """What an answer holds, and how many issues without an id were left out of it.

    Raises Failure where it is not of the shape that was asked for, TrackerError for a refusal.
    """
    shape, issues_dropped = question.shape, 0
    try:
        share = room.take(tenant, len(response.content), asked.most_bytes, check_open)
    except TooMuch as error:
        raise too_much(f"{asked.url}{question.path}", error) from None
    try:
        data = data_of(response, asked, question.refusals)
        response._content = b""
        problem = shape(data)
        if problem:
            del data
            raise Failure(problem, is_garbled=True)
        if isinstance(shape, ListShape):
            dropped = shape.drop_nameless(data)
            if isinstance(shape, IssuesShape):
                issues_dropped = dropped
            values = shape.values(data)
            values[:] = [Held(value, share) for value in values]
        return (Held(data, share) if isinstance(data, dict) else data), issues_dropped
    finally:
        del share  # which an error would keep
