"""Boards and sprints: the agile API, of which both flavours of Jira have the same."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping

from bot.jira.http.answers import Refusals
from bot.jira.http.shapes import NAMELESS, an_object_with, list_of
from bot.jira.http.transport import Transport
from bot.jira.paging import Part, Raw, pages_by_position
from telemetry.errors import NoSprints, NotInTracker, TrackerError

PAGE = 50  # boards, or sprints
_agile = "/rest/agile/1.0"


class Boards:
    """What Jira Software tells of boards and sprints."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self.nameless_sprints: Counter[int] = Counter()  # listed without an id, by board

    def boards(self, project_key: str | None = None) -> list[Raw]:
        """All boards that we see, of one project or of all."""
        narrowed = {"projectKeyOrId": project_key} if project_key else {}
        refusals = unknown(self._transport, "project", project_key, 400) if project_key else {}
        page = self._pages(f"{_agile}/board", narrowed, refusals)
        pages = pages_by_position(page, f"boards of {self._transport.url}")
        return [one for values in pages for one in values]

    def has_boards(self) -> bool:
        """Whether there is a list of boards at all: only Jira Software has one."""
        try:
            self._transport.get(f"{_agile}/board", {"maxResults": 1}, shape=list_of("values"))
        except NotInTracker:
            return False
        return True

    def board(self, board_id: int) -> Raw:
        answer: Raw = self._transport.get(
            f"{_agile}/board/{board_id}", refusals=unknown(self._transport, "board", board_id)
        )
        answer["id"] = board_id
        return answer

    def board_configuration(self, board_id: int) -> Raw:
        answer: Raw = self._transport.get(
            f"{_agile}/board/{board_id}/configuration",
            refusals=unknown(self._transport, "board", board_id),
        )
        return answer

    def board_has_sprints(self, board: Raw) -> bool:
        """Tells whether a board, given raw, has sprints.

        Team-managed ones are asked for it, and those that do not tell their kind.
        """
        kind = str(board.get("type", "")).lower()
        if kind not in ("scrum", "kanban", "simple"):
            return self._lists_sprints(int(board["id"]))
        if kind != "simple":
            return kind == "scrum"
        try:
            answer = self._transport.get(
                f"{_agile}/board/{board['id']}/features", shape=list_of("features")
            )
        except NotInTracker:
            return False
        return any(
            str(feature.get("state")).upper() == "ENABLED"
            and "SPRINTS" in str(feature.get("feature") or feature.get("boardFeature")).upper()
            for feature in answer["features"]
            if isinstance(feature, dict)
        )

    def _lists_sprints(self, board_id: int) -> bool:
        try:
            next(iter(self.sprints(board_id)), None)
        except NoSprints:
            return False
        return True

    def sprints(self, board_id: int, states: str | None = None) -> Iterator[Raw]:
        """The sprints that a board lists, foreign ones included; `states` as in "active,future".

        Raises NoSprints for a board without sprints, such as a kanban board.
        """
        narrowed = {"state": states} if states else {}
        page = self._sprint_pages(board_id, narrowed)
        what = f"sprints of board {board_id} of {self._transport.url}"
        return (one for values in pages_by_position(page, what) for one in values)

    def sprints_from(self, board_id: int, at: int) -> tuple[list[Raw], int | None]:
        """A page of the sprints that a board lists, and where the next begins: None at the end.

        The next begins with the last sprint of this one.
        """
        part = self._sprint_pages(board_id, {})(at)
        following = at + max(len(part.values) - 1, 1) if part.values else at + part.window
        is_last = part.is_last or following == at
        return part.values, None if is_last else following

    def _sprint_pages(self, board_id: int, narrowed: Mapping[str, str]) -> Callable[[int], Part]:
        def none(words: str) -> TrackerError:
            return NoSprints(f"board {board_id} of {self._transport.url} has no sprints ({words})")

        def nameless(count: int) -> None:
            self.nameless_sprints[board_id] += count

        refusals = {400: none} | unknown(self._transport, "board", board_id)
        return self._pages(f"{_agile}/board/{board_id}/sprint", narrowed, refusals, nameless)

    def sprint(self, sprint_id: int) -> Raw:
        answer: Raw = self._transport.get(
            f"{_agile}/sprint/{sprint_id}", refusals=unknown(self._transport, "sprint", sprint_id)
        )
        answer["id"] = sprint_id
        return answer

    def is_flagged(self, issue_id: int) -> bool:
        """Whether the issue is flagged, whichever field that stands in."""
        path, refusals = f"{_agile}/issue/{issue_id}", unknown(self._transport, "issue", issue_id)
        answer = self._transport.get(
            path, {"fields": "flagged"}, refusals, an_object_with("fields")
        )
        fields = answer["fields"]
        return isinstance(fields, dict) and bool(fields.get("flagged"))

    def _pages(
        self,
        path: str,
        narrowed: Mapping[str, str],
        refusals: Refusals,
        nameless: Callable[[int], None] = lambda _: None,
    ) -> Callable[[int], Part]:
        """What asks for the page at a position."""

        def page(at: int) -> Part:
            params: dict[str, str | int] = {"startAt": at, "maxResults": PAGE, **narrowed}
            answer = self._transport.get(path, params, refusals, list_of("values", "id"))
            nameless(answer.get(NAMELESS, 0))
            return Part.of(answer, "values", at, may_be_thinned=True)

        return page


def unknown(
    transport: Transport, what: str, name: object, *more: int
) -> dict[int, Callable[[str], TrackerError]]:
    """NotInTracker for status 404 and `more`, naming what was asked for."""

    def error(words: str) -> TrackerError:
        return NotInTracker(
            f"{what} '{name}' is unknown to {transport.url} or hidden from {transport.who} "
            f"({words}); check it and the permissions"
        )

    return dict.fromkeys((404, *more), error)
