"""What is said of a configuration that Jira does not match: the value, and what exists instead.

The teams' keys and the places in the file are put before these sentences where they are shown.
"""

from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

NAMED = 8  # names that a sentence lists
DONE_UNUSED = "'done_statuses:' alone say what is done, so this says nothing; leave one of them out"
FLAG_UNUSED = "flags do not count, so this says nothing; write 'flagged: true', or leave it out"


def near_first(wanted: str, known: Iterable[str]) -> list[str]:
    """The names that exist, those most like the wanted one first."""
    folded = wanted.casefold()

    def distance(name: str) -> tuple[float, str]:
        return -SequenceMatcher(None, folded, name.casefold()).ratio(), name

    return sorted({name for name in known if name}, key=distance)


def listed(names: Sequence[str]) -> str:
    """The first names, and how many more there are."""
    more = len(names) - NAMED
    text = ", ".join(names[:NAMED])
    return f"{text} and {more} more" if more > 0 else text


def quoted(names: Iterable[str]) -> str:
    """Names in quotes."""
    return ", ".join(f"'{name}'" for name in names)


def instead(what: str, wanted: str, known: Iterable[str], first: Iterable[str] = ()) -> str:
    """`; what: 'a', 'b'`, the nearest first, those in `first` before all; nothing without any."""
    better = near_first(wanted, first)
    rest = [name for name in near_first(wanted, known) if name not in better]
    names = [f"'{name}'" for name in (*better, *rest)]
    return f"; {what}: {listed(names)}" if names else ""


def no_done(wanted: Sequence[str], statuses: Iterable[str], done: Iterable[str], url: str) -> str:
    """That none of the done statuses exists; `done` are those that Jira takes for it."""
    verb = "is" if len(wanted) == 1 else "are"
    return (
        f"{quoted(wanted)} {verb} no status of {url}, so nothing would ever be done"
        f"{instead('it has', ' '.join(wanted), statuses, done)}; name one of them, or leave "
        "'done_statuses:' out"
    )


def no_such_status(wanted: str, statuses: Iterable[str], url: str) -> str:
    """That one of several done statuses does not exist."""
    return f"'{wanted}' is no status of {url}{instead('it has', wanted, statuses)}; correct it"


def status_elsewhere(wanted: str, project: str, statuses: Iterable[str]) -> str:
    """That a done status is none of the team's project."""
    return (
        f"'{wanted}' is a status of other projects only, no issue of {project} can have it"
        f"{instead(f'{project} has', wanted, statuses)}; name one of them"
    )


def nothing_done(url: str, statuses: Iterable[str]) -> str:
    """That no status at all counts as done."""
    return (
        f"no status of {url} counts as done, so nothing would ever be"
        f"{instead('it has', 'Done', statuses)}; name those that are with 'done_statuses:'"
    )


_CATEGORIES = {"new": "to do", "indeterminate": "in progress", "done": "done"}


def category_changed(name: str, status_id: str, before: str, now: str, day: str) -> str:
    """That a status has another category than past sprints were first counted with."""
    was, is_now = (_CATEGORIES.get(one, one) for one in (before, now))
    return (
        f"status '{name}' ({status_id}) is of category {is_now} in Jira since {day}, before it was "
        f"{was}: past sprints count by it, too; set it back in Jira if that was not meant, or "
        "name with 'done_statuses:' what is done"
    )


_LEVELS = {"epic": "epics", "subtask": "sub-tasks", "standard": "issues with points"}


def level_changed(name: str, before: str, now: str, day: str) -> str:
    """That the issues of a type are of another level than past sprints were first counted with."""
    is_now, was = _LEVELS.get(now, now), _LEVELS.get(before, before)
    return (
        f"issues of type '{name}' are {is_now} in Jira since {day}, before they were {was}: past "
        "sprints count them so, too, and epics and sub-tasks carry no points; set the level of "
        "the type back in Jira if that was not meant"
    )


def done_before_begun(name: str, status_id: str, where: str = "") -> str:
    """That what counts as done is still to do for Jira."""
    return (
        f"status '{name}' ({status_id}){where} is of category to do in Jira, and counts as done: "
        "issues would be done before anybody begins; leave it out, or set its category right in "
        "Jira"
    )


def empty_column(board: str, column: str, taken: str, statuses: Sequence[str]) -> str:
    """That a board's last column holds no status, and which one stands for it."""
    return (
        f"the last column '{column}' of board {board} holds no status, so done is the column "
        f"'{taken}' ({listed(statuses)}); map statuses to '{column}' in Jira, or name those that "
        "are done with 'done_statuses:'"
    )


def no_column(boards: str) -> str:
    """That no board has a column that holds a status."""
    return (
        f"no column of {boards} holds a status, so which are done cannot be told; map statuses "
        "to columns in Jira, or write 'done: category'"
    )


def no_flag(url: str, boxes: Sequence[str]) -> str:
    """That flags are to count where no field flags."""
    some = f"; fields of check boxes: {listed(boxes)}" if boxes else ""
    return (
        f"flags are to count, and no field of {url} flags issues{some}; name it with "
        "'flag_field:', or leave 'flagged' out"
    )


def no_label(wanted: str, project: str, labels: Iterable[str], *, is_nowhere: bool = False) -> str:
    """That no issue of the past year has an impediment label, or no issue at all."""
    known = instead("labels in use", wanted, labels) or "; none of them has a label"
    nor = ", nor has any other issue of Jira" if is_nowhere else ""
    return f"no issue of {project} in the past year has the label '{wanted}'{nor}{known}"


def no_project(wanted: str, url: str, projects: Iterable[str]) -> str:
    """That a project does not exist."""
    return (
        f"project '{wanted}' does not exist on {url}, or the bot's user may not browse it"
        f"{instead('it may browse', wanted, projects)}; correct 'project:' or grant Browse projects"
    )


def board_elsewhere(board: str, project: str, boards: Sequence[str]) -> str:
    """That a board shows another project."""
    some = listed(boards) or "none"
    return (
        f"board {board} is none of project {project}; its boards: {some}; correct 'board:' or "
        "'project:'"
    )


def no_such_board(team_board: int, url: str, project: str, boards: Sequence[str]) -> str:
    """That a board does not exist."""
    some = f"; boards of {project}: {listed(boards)}" if boards else ""
    return (
        f"board {team_board} does not exist on {url}, or is hidden{some}; "
        "correct 'board:' or leave it out to take the project's own"
    )


def without_sprints(board: str, boards: Sequence[str]) -> str:
    """That a named board has no sprints where others of the project have."""
    return (
        f"board {board} has no sprints, so the team gets its time and flow only; boards of its "
        f"project with sprints: {listed(boards)}"
    )


def foreign_sprints(board: str, others: Sequence[str], ids: Sequence[int]) -> str:
    """That a board lists sprints of other boards only."""
    return (
        f"all sprints that board {board} lists were made on {listed(others)}, so none is the "
        f"team's own; write boards: {list(ids)} to count them"
    )


def same_board(others: Sequence[str], board: str) -> str:
    """That several teams count the sprints of one board."""
    return (
        f"{_teams(others)} board {board}, too, and no other 'jql:', so all of them count the same "
        "sprints; give each its own board, or narrow each with 'jql:'"
    )


def same_project(others: Sequence[str], project: str) -> str:
    """That several teams count the hours of one project."""
    return (
        f"{_teams(others)} project {project}, too, and no other 'jql:', so all hours and "
        "impediments count for each of them; narrow each with 'jql:'"
    )


def _teams(keys: Sequence[str]) -> str:
    names = listed([f"'{key}'" for key in keys])
    return f"team {names} has" if len(keys) == 1 else f"teams {names} have"


def no_match(jql: str, project: str, named: Sequence[str]) -> str:
    """That a team's JQL matches no issue."""
    other = f"; it names {quoted(named)}, not {project}" if named else ""
    return (
        f"no issue of project {project} matches the JQL {jql!r}, so nothing would ever count"
        f"{other}; correct it"
    )


def refused_jql(jql: str, project: str, said: str) -> str:
    """That Jira does not take a team's JQL, with its own words, if any."""
    told = f" ({said})" if said else ""
    return (
        f"Jira refused the JQL {jql!r} beside project = {project}{told}; try it in Jira without "
        "ORDER BY, and correct it"
    )


def no_issue(project: str) -> str:
    """That a project shows no issue."""
    return (
        f"Jira shows no issue of project {project}; correct 'project:', or let the bot's user "
        "browse its issues"
    )


def never_filled(field: str, project: str, what: str) -> str:
    """That no issue fills a field."""
    return f"no issue of project {project} has a value in {field}, which {what}; name another field"


def unlisted_estimate(board: str, field: str, url: str) -> str:
    """That a board estimates by a field which Jira does not list."""
    return (
        f"board {board} estimates by {field}, which {url} does not list, so every estimate would "
        "be missing: it was deleted, or is hidden from the bot; let the bot's user see it, or say "
        "with 'estimate:' what a point is"
    )


def board_estimates_wrong(board: str, why: str) -> str:
    """That a board estimates by a field that holds no numbers."""
    return (
        f"board {board} estimates by a field that tells no points: {why}; set it to another in "
        "Jira, or say with 'estimate:' what a point is"
    )


def silent_board(board: str, fields: Sequence[str], project: str, taken: str | None) -> str:
    """That a board tells no field to estimate by where several may be meant.

    `fields` have values; `taken` is the one that counts, None where it has none.
    """
    have = "has" if len(fields) == 1 else "have"
    counts = f"{taken} counts" if taken else "none of them counts by itself"
    return (
        f"board {board} does not tell by what it estimates, and in issues of {project} "
        f"{listed(fields)} {have} values; {counts}; say with 'estimate:' which one holds the points"
    )


def boards_differ(board: str, others: Sequence[str]) -> str:
    """That a team's boards do not estimate by the same."""
    return (
        f"board {board} tells what a point is, and by something else estimates "
        f"{listed([f'board {one}' for one in others])}; set them to the same in Jira, or say with "
        "'estimate:' what a point is"
    )


def no_jira_software(url: str, who: str) -> str:
    """That a Jira tells nothing of boards."""
    return (
        f"{url} answers nothing about boards and sprints (no /rest/agile/1.0/board): Jira Software "
        f"is not installed there, not licensed, or hidden from {who}; install it, or give the "
        "bot's user access to Jira Software"
    )


def wrong_kind(role: str, field: str, holds: str, wanted: str, fields: Sequence[str]) -> str:
    """That a field holds something else than its part needs."""
    some = f"; fields that do: {listed(fields)}" if fields else ""
    return f"{role} field {field} holds {holds}, not {wanted}{some}"


def no_entry(url: str, path: str, what: str) -> str:
    """That a list which every Jira fills has nothing in it."""
    return (
        f"{url} lists no {what} at all (/{path}), though every Jira has some; what stands before "
        "it (proxy, firewall) may have answered in its place"
    )


def as_last_known(why: str) -> str:
    """That a list could not be read, and what counts meanwhile."""
    return f"{why}; what it told last time goes on counting"


def until_told(why: str) -> str:
    """That a list was never read, and what that means."""
    return f"{why}; until Jira tells it, teams go on that need nothing more of it"


def by_projects(why: str) -> str:
    """That the site's statuses could not be read, and what counts meanwhile."""
    return f"{why}; the statuses of the teams' projects stand for it"
