"""Cloud's lists that go on by a token, which may lead nowhere."""

from collections.abc import Callable, Iterator, Set

from bot.jira.http.answers import Refusals
from bot.jira.http.shapes import Shape
from bot.jira.http.transport import Transport
from bot.jira.paging import MOST_IDLE_PAGES, Raw, check_length
from telemetry.errors import TrackerError, UnexpectedAnswer

_longest_token = 10_000
_most_empty_pages = 20  # one after the other, of which permissions hide all


def token_pages(
    transport: Transport,
    path: str,
    body: Raw,
    refusals: Refusals,
    shape: Shape,
    ids_of: Callable[[Raw], Set[object]],
) -> Iterator[Raw]:
    """Pages that bring something new, until the token is missing.

    `isLast` beside a token is believed only where nothing new comes, or the token is refused:
    more may well be there.
    `ids_of` tells what a page holds. Raises UnexpectedAnswer where a token comes again, or pages
    go on without anything new, since that would never end.
    """
    asked, tokens, seen = dict(body), set[str](), set[object]()
    idle, empty, is_last = 0, 0, False
    while True:
        try:
            page = transport.post(path, asked, refusals, shape)
        except TrackerError as error:
            if error.is_of_site or not is_last:
                raise
            return
        ids = ids_of(page)
        is_new = not ids <= seen
        seen |= ids
        if is_new:
            yield page
        idle = 0 if is_new else idle + bool(ids)
        empty = 0 if ids else empty + 1
        token = page.get("nextPageToken")
        is_last = page.get("isLast") is True
        if not token or (is_last and (str(token) in tokens or not is_new)):
            return
        if str(token) in tokens:
            raise UnexpectedAnswer(
                f"{transport.url} gave the same page token of {path} twice; try again later"
            )
        if len(str(token)) > _longest_token:
            raise UnexpectedAnswer(
                f"{transport.url} gave a page token of {path} of more than {_longest_token} "
                "characters; try again later"
            )
        check_length(len(seen), f"{transport.url}{path}")
        if idle > MOST_IDLE_PAGES or empty > _most_empty_pages:
            raise UnexpectedAnswer(
                f"{transport.url} gave {max(idle, empty)} pages of {path} without anything new; "
                "try again later"
            )
        tokens.add(str(token))
        asked["nextPageToken"] = token
        del page, ids  # not to hold them while the next is asked for
