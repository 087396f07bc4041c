"""The translator of one site: issues with their histories, sprints, boards, statuses."""

from collections.abc import Callable, Collection, Iterable

from bot.translate.agile import (
    translate_board,
    translate_sprint,
    translate_status,
    unlisted_statuses,
)
from bot.translate.changes import ChangeReader
from bot.translate.fields import FieldRoles
from bot.translate.values import (
    Raw,
    estimate_value,
    instant,
    option_texts,
    optional_instant,
    sprint_ids,
)
from telemetry.domain.models import (
    Board,
    Change,
    Field,
    Issue,
    IssueHistory,
    Sprint,
    Status,
    WorkLog,
)
from telemetry.errors import UnexpectedAnswer

Resolve = Callable[[str], int | None]

_always_asked = (
    "summary", "status", "issuetype", "project", "created", "updated", "parent", "labels",
    "components", "timespent", "worklog", "resolutiondate",
)  # fmt: skip


def fields_to_ask(roles: FieldRoles) -> list[str]:
    """The fields that a search must ask for; `timespent` tells whether work logs are missing."""
    own = (roles.sprint, roles.epic_link, roles.flagged)
    wanted = (*_always_asked, *roles.estimates, *own, *roles.natures)
    return list(dict.fromkeys(name for name in wanted if name))


class Translator:
    """Translates raw answers of one site.

    `pseudonym` turns an account id, key or name into what may be stored.
    """

    def __init__(self, site: str, roles: FieldRoles, pseudonym: Callable[[str], str]) -> None:
        self.site = site
        self.roles = roles
        self._pseudonym = pseudonym
        self._pseudonyms: dict[str, str] = {}
        self._changes = ChangeReader(roles, self._author)

    def issue(self, raw: Raw, resolve: Resolve | None = None) -> IssueHistory:
        """An issue with its changes and work logs.

        Data Center's epic link holds a key while `epic_id` is an id: `resolve` maps a key to the
        id of a known issue. Without it, or where it knows nothing, the last change of the epic
        tells the id; an epic given at creation then stays None, and `epic_key` names it for a
        later pass. Raises UnexpectedAnswer for a payload without the fields of `fields_to_ask`.
        """
        try:
            return self._issue(raw, resolve)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            name = raw.get("key") or raw.get("id") or "without key"
            raise UnexpectedAnswer(
                f"issue {name} of site {self.site} is not as Jira's API describes "
                f"({type(error).__name__}: {error}); report it with its raw answer"
            ) from error

    def epic_key(self, raw: Raw) -> str | None:
        """The key in the epic link field, None where it is empty or not used."""
        value = raw["fields"].get(self.roles.epic_link) if self.roles.epic_link else None
        if isinstance(value, dict):
            value = value.get("key")
        return value if isinstance(value, str) and value else None

    def sprint(self, raw: Raw) -> Sprint:
        return translate_sprint(self.site, raw)

    def board(self, raw: Raw, configuration: Raw, has_sprints: bool | None = None) -> Board:
        return translate_board(self.site, raw, configuration, has_sprints)

    def status(self, raw: Raw) -> Status:
        return translate_status(self.site, raw)

    def unlisted_statuses(
        self, issues_raw: Iterable[Raw], known_ids: Collection[str]
    ) -> tuple[Status, ...]:
        return unlisted_statuses(self.site, issues_raw, known_ids)

    def _issue(self, raw: Raw, resolve: Resolve | None) -> IssueHistory:
        fields, roles = raw["fields"], self.roles
        kind, parent = fields["issuetype"], fields.get("parent") or {}
        is_subtask = bool(kind.get("subtask"))
        histories = (raw.get("changelog") or {}).get("histories") or []
        changes = self._changes.changes(histories, is_subtask)
        project = fields.get("project") or {}
        issue = Issue(
            site=self.site,
            id=int(raw["id"]),
            key=raw["key"],
            project_key=project.get("key") or raw["key"].rpartition("-")[0],
            summary=fields.get("summary") or "",
            type_name=kind["name"],
            is_subtask=is_subtask,
            is_epic=_is_epic(kind),
            status_id=str(fields["status"]["id"]),
            created_at=instant(fields["created"]),
            updated_at=instant(fields["updated"]),
            parent_id=int(parent["id"]) if parent.get("id") else None,
            epic_id=None if is_subtask else self._epic_id(raw, changes, resolve),
            labels=tuple(fields.get("labels") or ()),
            components=tuple(one["name"] for one in fields.get("components") or ()),
            is_flagged=bool(fields.get(roles.flagged or "") or fields.get("flagged")),
            estimates={
                one: estimate_value(one, fields[one]) for one in roles.estimates if one in fields
            },
            natures={one: option_texts(fields.get(one)) for one in roles.natures},
            sprint_ids=()  # it is where its parent is
            if is_subtask
            else _sprint_ids(fields, roles, changes),
            resolved_at=optional_instant(fields.get("resolutiondate")),
        )
        embedded = (fields.get("worklog") or {}).get("worklogs") or ()
        return IssueHistory(issue, changes, self._work_logs(embedded))

    def _epic_id(
        self, raw: Raw, changes: tuple[Change, ...], resolve: Resolve | None
    ) -> int | None:
        fields = raw["fields"]
        epic, parent = fields.get("epic") or {}, fields.get("parent") or {}
        if epic.get("id"):
            return int(epic["id"])
        if parent.get("id") and _is_epic((parent.get("fields") or {}).get("issuetype") or {}):
            return int(parent["id"])
        key = self.epic_key(raw)
        if key is None:
            return None
        if parent.get("id") and parent.get("key") == key:
            return int(parent["id"])
        known = resolve(key) if resolve else None
        if known is not None:
            return known
        last = next((one for one in reversed(changes) if one.field is Field.EPIC), None)
        return int(last.to_value) if last and last.to_value else None

    def _work_logs(self, embedded: Iterable[Raw]) -> tuple[WorkLog, ...]:
        logs = {int(one["id"]): self._work_log(one) for one in embedded}
        return tuple(sorted(logs.values(), key=lambda one: (one.started_at, one.id)))

    def _work_log(self, raw: Raw) -> WorkLog:
        created, updated = raw.get("created"), raw.get("updated")
        created_at = optional_instant(created)
        return WorkLog(
            int(raw["id"]),
            instant(raw["started"]),
            int(raw["timeSpentSeconds"]),
            self._author(raw.get("author")),
            created_at,
            created_at if updated == created else optional_instant(updated),
        )

    def _author(self, raw: Raw | None) -> str | None:
        if not raw:
            return None
        who = raw.get("accountId") or raw.get("key") or raw.get("name")
        if not who:
            return None
        if who not in self._pseudonyms:
            self._pseudonyms[who] = self._pseudonym(who)
        return self._pseudonyms[who]


def _sprint_ids(fields: Raw, roles: FieldRoles, changes: tuple[Change, ...]) -> tuple[int, ...]:
    """The sprints shown now; where the field is hidden, those of its last change."""
    shown = (roles.sprint or "", "sprint", "closedSprints")
    if any(name in fields for name in shown):
        return sprint_ids(*map(fields.get, shown))
    last = next((one for one in reversed(changes) if one.field is Field.SPRINT), None)
    return tuple(map(int, last.to_value.split(","))) if last and last.to_value else ()


def _is_epic(kind: Raw) -> bool:
    if kind.get("hierarchyLevel") is not None:
        return bool(kind["hierarchyLevel"] == 1)
    names = {str(kind.get(key, "")).casefold() for key in ("name", "untranslatedName")}
    return "epic" in names and not kind.get("subtask")
