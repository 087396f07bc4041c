"""What only Jira can tell of a team's settings: whether anything in it has what they name."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from bot.jira.client import Jira
from bot.jira.jql import quote
from bot.pull import queries
from bot.pull.estimates import of_estimate
from bot.pull.misfits import Misfits, matching_nothing, named_board
from bot.pull.probing import clause, is_empty, sample
from bot.translate.field_choice import field_id
from bot.translate.fields import FieldRoles, named
from telemetry.domain.misfit import Misfit, Source
from telemetry.domain.models import Board
from telemetry.errors import ConfigurationError, TrackerError
from telemetry.settings import ImpedimentSettings, TeamSettings
from telemetry.words import configuration as words

A_YEAR = timedelta(days=365)


def asked(
    jira: Jira, team: TeamSettings, boards: Sequence[Board], roles: FieldRoles | None
) -> list[Misfit]:
    """What only Jira can tell: whether fields, boards and statuses have issues.

    What it refuses to tell is left out, and what fields tell without `roles`. Raises
    ConfigurationError where nothing can be right.
    """
    misfits, project = Misfits(team), f"project = {quote(team.project)}"
    if is_empty(jira, project):
        misfits.add(Source.ASKED, "project", words.no_issue(team.project))
        return misfits.found
    for step in (_of_boards, _of_project_statuses):
        with suppress(TrackerError):  # figures do not need the answer
            step(misfits, jira, team, boards)
    if roles is not None:
        of_estimate(misfits, jira, team, boards, roles)
        _of_nature(misfits, jira, team, roles)
        _of_flags(misfits, jira, team, roles)
    return misfits.found


def _of_boards(misfits: Misfits, jira: Jira, team: TeamSettings, boards: Sequence[Board]) -> None:
    if not team.board_ids:
        return
    setting = "boards" if team.boards else "board"
    listed = jira.boards(team.project)
    names = {int(one["id"]): f"{one['id']} ({one.get('name')})" for one in listed}
    for board in boards:
        if not board.is_listed:
            continue
        if board.id not in names:
            sentence = words.board_elsewhere(named_board(board), team.project, list(names.values()))
            misfits.add(Source.ASKED, setting, sentence)
        elif not board.has_sprints:
            better = [names[int(one["id"])] for one in listed if jira.board_has_sprints(one)]
            if better:
                sentence = words.without_sprints(named_board(board), better)
                misfits.add(Source.ASKED, setting, sentence, is_wrong=False)


def _of_project_statuses(
    misfits: Misfits, jira: Jira, team: TeamSettings, boards: Sequence[Board]
) -> None:
    if not team.done_statuses:
        return
    listed = jira.project_statuses(team.project)
    known = {str(one["id"]): str(one["name"]) for one in listed}
    if not known:
        return
    names = list(known.values())
    folded = {name.casefold() for name in names}
    unmet = [
        (place, wanted)
        for place, wanted in enumerate(team.done_statuses)
        if wanted not in known and wanted.casefold() not in folded
    ]
    for place, wanted in unmet:
        sentence = words.status_elsewhere(wanted, team.project, names)
        if len(unmet) == len(team.done_statuses):
            raise ConfigurationError(sentence).about(f"done_statuses.{place}")
        misfits.add(Source.ASKED, f"done_statuses.{place}", sentence)


def _of_nature(misfits: Misfits, jira: Jira, team: TeamSettings, roles: FieldRoles) -> None:
    wanted = team.impediment.nature_field
    if wanted is None:
        return
    found = field_id(named(roles.natures, roles), wanted, "nature", jira.url)
    filled = f"project = {quote(team.project)} AND {clause(found)} is not EMPTY"
    if is_empty(jira, filled):
        shown = f"'{roles.names.get(found, found)}' ({found})"
        sentence = words.never_filled(shown, team.project, "tells natures")
        misfits.add(Source.ASKED, "impediment.nature_field", sentence)


def _of_flags(misfits: Misfits, jira: Jira, team: TeamSettings, roles: FieldRoles) -> None:
    if not team.impediment.flagged or roles.flagged is None:
        return
    filled = f"project = {quote(team.project)} AND {clause(roles.flagged)} is not EMPTY"
    if is_empty(jira, filled):
        shown = f"'{roles.names.get(roles.flagged, roles.flagged)}' ({roles.flagged})"
        sentence = words.never_filled(shown, team.project, "flags them")
        misfits.add(Source.ASKED, "impediment.flagged", sentence, is_wrong=False)


def check_matches(jira: Jira, team: TeamSettings) -> None:
    """Raises ConfigurationError where the team's JQL matches no issue: every figure would be 0."""
    if team.jql is not None and is_empty(jira, queries.matching(team.project, team.jql)):
        raise matching_nothing(team)


def labels_nowhere(jira: Jira, team: TeamSettings) -> frozenset[str]:
    """The impediment labels that no issue of all of Jira has, where nothing else tells these.

    The labels that stand for a team that names none are left out, also where they are written
    down: who labels as we propose may have had no impediment yet.
    """
    own = team.impediment
    usual = {label.casefold() for label in ImpedimentSettings().labels}
    if own.flagged or any(label.casefold() in usual for label in own.labels):
        return frozenset()
    return frozenset(label for label in own.labels if is_empty(jira, _has_label(label)))


def _has_label(label: str) -> str:
    """JQL for a label in the cases in which it may be written: Jira's search minds them."""
    cases = dict.fromkeys([label, label.lower(), label.upper(), label.capitalize()])
    return f"labels in ({', '.join(map(quote, cases))})"


def labels_lately(jira: Jira, team: TeamSettings, now: datetime) -> set[str]:
    """Labels of the project's issues in the past year: the team's own, and some of the others."""
    lately = f'project = {quote(team.project)} AND updated >= "{now - A_YEAR:%Y/%m/%d}"'
    own = {
        label
        for label in team.impediment.labels
        if not is_empty(jira, f"{lately} AND labels = {quote(label)}")
    }
    if len(own) == len(team.impediment.labels):
        return own
    some = sample(jira, f"{lately} AND labels is not EMPTY", "labels")
    listed = [labels for issue in some if isinstance(labels := issue["fields"].get("labels"), list)]
    known = {str(one) for labels in listed for one in labels}
    folded = {label.casefold() for label in known}
    return known | {label for label in own if label.casefold() not in folded}
