"""The translator of one site: issues with their histories, sprints, boards, statuses."""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from bot.translate.agile import (
    translate_board,
    translate_sprint,
    translate_status,
    unlisted_statuses,
)
from bot.translate.ancestry import (
    Resolve,
    epic_id,
    epic_key,
    is_epic_type,
    is_labelled_epic,
    is_subtask_type,
    parent_id_of,
)
from bot.translate.changes import ChangeReader
from bot.translate.fields import FieldRoles
from bot.translate.guard import (
    NO_END,
    UNREADABLE,
    Guard,
    Unreadable,
    as_list,
    as_object,
    id_of,
    key_of,
    needed,
)
from bot.translate.histories import read_changes
from bot.translate.loose_names import twins
from bot.translate.shown import name_hidden_hours, natures_of, shown_sprint_ids, updated_at
from bot.translate.values import Raw, estimate_value
from bot.translate.work_logs import translate_work_logs
from telemetry.domain.models import Board, Change, Issue, IssueHistory, Sprint, Status, WorkLog
from telemetry.errors import UnexpectedAnswer

NAMELESS = "nameless"  # how many of its parts the client took out, see bot.jira.http.shapes
UNSHOWN = "unshown"  # how much of its history the client could not get, see bot.jira.completing


class Reading(NamedTuple):
    """An issue, and what of it could not be read and was left out or mended.

    `estimates` are told with the ids of their fields, since not all teams count them; `doubted`
    may mean something else; `zoneless` are the dates that told no time zone.
    """

    history: IssueHistory
    named: tuple[str, ...]
    estimates: tuple[str, ...] = ()
    doubted: tuple[str, ...] = ()
    zoneless: tuple[str, ...] = ()


_always_asked = (
    "summary", "status", "issuetype", "project", "created", "updated", "parent", "labels",
    "components", "timespent", "worklog", "resolutiondate",
)  # fmt: skip


def fields_to_ask(roles: FieldRoles) -> list[str]:
    """The fields that a search must ask for.

    `timespent` tells whether work logs are missing, a field called as an estimate is whose changes
    are whose.
    """
    own = (roles.sprint, roles.epic_link, roles.flagged, roles.epic_label)
    wanted = (*_always_asked, *roles.estimates, *own, *roles.natures, *twins(roles))
    return list(dict.fromkeys(name for name in wanted if name))


class Translator:
    """Translates raw answers of one site.

    `pseudonym` turns an account id, key or name into what may be stored; `counted_by` are, by
    project, the ids of the fields by which its teams estimate and tell natures: what others hold
    is nobody's matter there.
    """

    def __init__(
        self,
        site: str,
        roles: FieldRoles,
        pseudonym: Callable[[str], str],
        latest: datetime = NO_END,
    ) -> None:
        self.site = site
        self.roles = roles
        self.latest = latest
        self.counted_by: Mapping[str, Collection[str]] = {}
        self._pseudonym = pseudonym
        self._pseudonyms: dict[str, str] = {}
        self._changes = ChangeReader(roles, self._author)

    def issue(self, raw: Raw, resolve: Resolve | None = None) -> IssueHistory:
        """An issue with its changes and work logs, as `read` gives it."""
        return self.read(raw, resolve).history

    def read(self, raw: Raw, resolve: Resolve | None = None) -> Reading:
        """An issue with its changes and work logs, and what of it could not be read.

        Data Center's epic link holds a key while `epic_id` is an id: `resolve` maps a key to the
        id of a known issue. Without it, or where it knows nothing, the last change of the epic
        tells the id; an epic given at creation then stays None, and `epic_key` names it for a
        later pass. Raises UnexpectedAnswer for a payload without what an issue cannot do without.
        """
        guard = Guard(self.latest)
        try:
            history = self._issue(raw, resolve, guard)
            others = guard.estimates, guard.doubted, guard.zoneless
            return Reading(history, guard.named, *others)
        except UNREADABLE as error:
            what = str(error) if isinstance(error, Unreadable) else type(error).__name__
            name = _name(raw.get("key")) or _name(raw.get("id")) or "without key"
            raise UnexpectedAnswer(
                f"issue {name} of site {self.site} is not as Jira's API describes "
                f"({what} cannot be read); correct it in Jira, or report it with its raw answer"
            ) from error

    def epic_key(self, raw: Raw) -> str | None:
        """The key in the epic link field, None where it is empty or not used."""
        return epic_key(raw, self.roles)

    def sprint(self, raw: Raw) -> Sprint:
        return translate_sprint(self.site, raw, Guard(self.latest))

    def board(self, raw: Raw, configuration: Raw, has_sprints: bool | None = None) -> Board:
        return translate_board(self.site, raw, configuration, has_sprints)

    def status(self, raw: Raw) -> Status:
        return translate_status(self.site, raw)

    def unlisted_statuses(
        self, issues_raw: Iterable[Raw], known_ids: Collection[str]
    ) -> tuple[Status, ...]:
        return unlisted_statuses(self.site, issues_raw, known_ids)

    def _issue(self, raw: Raw, resolve: Resolve | None, guard: Guard) -> IssueHistory:
        fields, roles = needed("its fields", lambda: dict(raw["fields"])), self.roles
        kind = needed("its type", lambda: dict(fields["issuetype"]))
        parent, project = as_object(fields.get("parent")), as_object(fields.get("project"))
        is_subtask = is_subtask_type(kind)
        key = key_of("its key", raw.get("key"))
        project_key = key_of("its project", project.get("key") or key.rpartition("-")[0])
        changes = self._history(raw, project_key, is_subtask, guard)
        born = "its creation"
        created_at = needed(born, lambda: guard.instant(born, fields["created"]))
        issue = Issue(
            site=self.site,
            id=id_of("its id", raw.get("id")),
            key=key,
            project_key=project_key,
            summary=guard.text("its summary", fields.get("summary"), most=1000),
            type_name=guard.text("its type's name", kind.get("name")) or str(kind.get("id") or "?"),
            is_subtask=is_subtask,
            is_epic=is_epic_type(kind)
            or (not is_subtask and is_labelled_epic(fields, kind, roles)),
            status_id=key_of("its status", needed("its status", lambda: fields["status"]["id"])),
            created_at=created_at,
            updated_at=updated_at(fields, changes, created_at, guard),
            parent_id=parent_id_of(parent, guard),
            epic_id=None if is_subtask else epic_id(raw, roles, changes, resolve, guard),
            labels=guard.texts("its labels", fields.get("labels"), lambda label: label),
            components=guard.texts(
                "its components", fields.get("components"), lambda one: one["name"]
            ),
            is_flagged=bool(fields.get(roles.flagged or "") or fields.get("flagged")),
            estimates=self._estimates(fields, project_key, guard),
            natures={
                one: natures_of(fields.get(one), self._guard_of(one, project_key, guard))
                for one in roles.natures
            },
            sprint_ids=()  # it is where its parent is
            if is_subtask
            else shown_sprint_ids(fields, roles, changes, guard),
            resolved_at=guard.optional_instant("its resolution", fields.get("resolutiondate")),
        )
        _name_lacking(raw, guard)
        return IssueHistory(issue, changes, self._work_logs(fields, guard))

    def _history(
        self, raw: Raw, project: str, is_subtask: bool, guard: Guard
    ) -> tuple[Change, ...]:
        unsure: list[str] = []
        changes = read_changes(self._changes, raw, is_subtask, guard, unsure.append)
        for field_id in filter(lambda one: self.is_counted(one, project), unsure):
            name = self.roles.names.get(field_id, field_id)
            guard.doubt(f"which changes of {name} are those of {field_id}: several are called so")
        return changes

    def _work_logs(self, fields: Raw, guard: Guard) -> tuple[WorkLog, ...]:
        worklog = fields.get("worklog")
        embedded = as_object(worklog).get("worklogs")
        if worklog is not None and not isinstance(embedded, list):
            guard.name("its work logs")
        logs = translate_work_logs(as_list(embedded), guard, self._author)
        if len(logs) == len(as_list(embedded)):
            name_hidden_hours(fields.get("timespent"), logs, guard)
        return logs

    def _estimates(self, fields: Raw, project: str, guard: Guard) -> dict[str, float | None]:
        """The estimates shown; of one that cannot be read its history tells.

        It is named where a team of the project estimates by it: to others it may hold any text.
        """
        found: dict[str, float | None] = {}
        for one in self.roles.estimates:
            if one in fields:
                shown, its_guard = fields[one], self._guard_of(one, project, guard)
                value = None if shown is None else self._estimate(one, shown, its_guard)
                if value is not None or shown in (None, "", [], {}):
                    found[one] = value
        return found

    def _estimate(self, field_id: str, value: Any, guard: Guard) -> float | None:
        name = self.roles.names.get(field_id) or field_id
        shown = f"its {name} ({field_id})"
        return guard.estimate(shown, value, lambda v: estimate_value(field_id, v))

    def is_counted(self, field_id: str, project: str) -> bool:
        """Whether a team of the project counts the field; of other projects all may matter."""
        counted = self.counted_by.get(project)
        return counted is None or field_id in counted

    def _guard_of(self, field_id: str, project: str, guard: Guard) -> Guard:
        return guard if self.is_counted(field_id, project) else Guard(self.latest)

    def _author(self, raw: Raw | None) -> str | None:
        if not isinstance(raw, dict):
            return None
        who = raw.get("accountId") or raw.get("key") or raw.get("name")
        if not who or not isinstance(who, str):
            return None
        if who not in self._pseudonyms:
            self._pseudonyms[who] = self._pseudonym(who)
        return self._pseudonyms[who]


def _name_lacking(raw: Raw, guard: Guard) -> None:
    """Name what the client could not get of the issue."""
    if raw.get(NAMELESS):
        guard.name("what is listed of it without an id")
    if unshown := raw.get(UNSHOWN):
        words = "entry" if unshown == 1 else "entries"
        guard.name(f"{unshown} {words} of its history that Jira counts and does not show")


def _name(value: Any) -> str:
    return str(value)[:64] if isinstance(value, str | int) else ""
