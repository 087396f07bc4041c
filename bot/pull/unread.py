"""What of a site's answers could not be read during one pull, and what failed unforeseen."""

import traceback
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine

from bot.translate import Reading
from bot.translate.guard import as_object, names_of
from telemetry.domain.models import Issue
from telemetry.store.engine import reading, writing
from telemetry.store.issues import light_issues
from telemetry.store.unread import About, Unread, read_unread, settle_unread
from telemetry.words.numbers import plural

HIDDEN = "Jira shows it and no search finds it, as one that is archived: it is in no figure"
MOST_HIDDEN = 200  # of one project at once
_OF_ISSUES = (About.ISSUE, About.ESTIMATE, About.DOUBTED, About.ISSUE_ZONE)
"""As the parts of a Reading after the issue itself."""


class UnreadIssues:
    """The issues that could not be read, or not as a whole; `at` is our clock."""

    def __init__(self, engine: Engine, site: str, at: datetime) -> None:
        self._engine = engine
        self._site = site
        self._at = at
        with reading(engine) as connection:
            known = read_unread(connection, site)
        self._known = {
            kind: {one.about_id for one in known if one.kind is kind} for kind in _OF_ISSUES
        }
        self.left_out = frozenset(
            one.about_id for one in known if one.kind is About.ISSUE and one.is_left_out
        )

    def parts(self, read: Reading) -> list[Unread]:
        """What of an issue was left out, what is in doubt, and which dates told no time zone."""
        said = zip(_OF_ISSUES, read[1:], strict=True)
        return [self._part(read.history.issue, kind, names) for kind, names in said if names]

    def _part(self, issue: Issue, kind: About, names: Iterable[str]) -> Unread:
        one = self._unread(issue.id, issue.key, issue.project_key, names_of(names), False)
        return replace(one, kind=kind)

    def whole(self, connection: Connection, raw: dict[str, Any], sentence: str) -> Unread:
        """An issue that stands as it was last known, if it was."""
        issue_id = int(raw["id"])
        known = light_issues(connection, self._site, [issue_id]).get(issue_id)
        key, project = raw.get("key"), as_object(as_object(raw.get("fields")).get("project"))
        name = key if isinstance(key, str) else known.key if known else ""
        place = project.get("key") or (known.project_key if known else name.rpartition("-")[0])
        return self._unread(issue_id, name[:64], str(place)[:64], sentence, True)

    def settle(
        self, connection: Connection, read_ids: Collection[int], found: list[Unread]
    ) -> None:
        """Write these, and forget those of the ids that read again."""
        for kind in _OF_ISSUES:
            some = [one for one in found if one.kind is kind]
            if some or not self._known[kind].isdisjoint(read_ids):
                settle_unread(connection, self._site, kind, read_ids, some)
                ids = {one.about_id for one in some}
                self._known[kind] = (self._known[kind] - set(read_ids)) | ids

    def forget(self, issue_ids: Collection[int]) -> None:
        """Forget issues that Jira no longer has."""
        if any(not known.isdisjoint(issue_ids) for known in self._known.values()):
            with writing(self._engine) as connection:
                self.settle(connection, issue_ids, [])

    def note_hidden(self, connection: Connection, issues: Iterable[Issue]) -> None:
        """Note issues that Jira shows and no search finds, until they are read again."""
        for one in islice(issues, MOST_HIDDEN):
            found = self._unread(one.id, one.key, one.project_key, HIDDEN, False)
            self.settle(connection, [one.id], [found])

    def note_nameless(self, count: int) -> None:
        """Note how many issues were listed without an id, or that none was."""
        with writing(self._engine) as connection:
            words = f"{count} {plural(count, 'issue')} listed without an id"
            what = f"{words}: nothing that is missing counts as gone"
            one = Unread(
                self._site, About.LIST, 0, "Jira's list of issues", "", what, False, self._at
            )
            settle_unread(connection, self._site, About.LIST, [0], [one] if count else [])

    def _unread(self, issue_id: int, name: str, place: str, what: str, is_left_out: bool) -> Unread:
        return Unread(
            self._site, About.ISSUE, issue_id, name, place, what[:1000], is_left_out, self._at
        )


def unforeseen(error: Exception) -> str:
    """What nobody foresaw, as a sentence: what kind it is and where, nothing of any answer."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [one for one in frames if {"bot", "telemetry"} & set(Path(one.filename).parts)]
    last = own[-1] if own else frames[-1] if frames else None
    where = f" at {Path(last.filename).stem}:{last.lineno}" if last else ""
    return (
        f"the pull met what it was not made for ({type(error).__name__}{where}); figures stay as "
        "they were and the next pull tries again; if it stays, report this sentence"
    )
