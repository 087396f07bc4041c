"""Which scopes a token with scopes needs for what the bot asks, by the resource.

Atlassian's OpenAPI descriptions name them (`x-atlassian-oauth2-scopes`); the classic ones of the
platform, the granular ones of boards and sprints, which have no others.
"""

import re

_WORK = ("read:jira-work",)
_BOARD = ("read:board-scope:jira-software", "read:project:jira")
_SCOPES: tuple[tuple[str, tuple[str, ...]], ...] = (  # the first that fits
    (r"/rest/api/\d/myself", ("read:jira-user",)),
    (r"/rest/agile/1\.0/board/\d+/sprint|/rest/agile/1\.0/sprint/", ("read:sprint:jira-software",)),
    (
        r"/rest/agile/1\.0/board/\d+/(configuration|features)",
        ("read:board-scope.admin:jira-software", "read:project:jira"),
    ),
    (r"/rest/agile/1\.0/board", _BOARD),
    (r"/rest/agile/1\.0/issue/", ("read:issue:jira-software",)),
    (r"/rest/api/", _WORK),
)
ALL = tuple(dict.fromkeys(scope for _, scopes in _SCOPES for scope in scopes))


def scopes_for(path: str) -> tuple[str, ...]:
    """The scopes that a question needs; all that the bot uses where that is unknown."""
    return next((scopes for start, scopes in _SCOPES if re.match(start, path)), ALL)
