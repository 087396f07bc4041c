"""Which statuses are done."""

from telemetry.domain.done import done_status_ids
from telemetry.domain.models import Board, Status


def a_status(status_id: str, name: str, category: str = "new", *, listed: bool = True) -> Status:
    return Status("jira", status_id, name, category, listed)


LISTED = [
    a_status("1", "To Do"),
    a_status("2", "In Progress", "indeterminate"),
    a_status("3", "Done", "done"),
    a_status("4", "Rejected", "done"),
]
BOARD = Board("jira", 1, "Board", True, columns=(("To Do", ("1",)), ("End", ("3",)), ("Void", ())))


def test_without_statuses_nothing_is_done() -> None:
    assert done_status_ids([]).done_ids == frozenset()


def test_done_follows_the_status_category() -> None:
    found = done_status_ids(LISTED)
    assert found.done_ids == {"3", "4"}
    assert found.in_progress_ids == {"2"}
    assert found.notes == ()


def test_done_statuses_when_given_are_alone_done_by_name_or_id() -> None:
    found = done_status_ids(LISTED, done_statuses=["done"])
    assert found.done_ids == {"3"}
    assert found.in_progress_ids == {"2", "4"}
    assert done_status_ids(LISTED, done_statuses=["4"]).done_ids == {"4"}


def test_the_last_column_that_holds_statuses_is_done() -> None:
    assert done_status_ids(LISTED, [BOARD], "board_column").done_ids == {"3"}


def test_a_board_without_mapped_columns_falls_back_and_says_so() -> None:
    found = done_status_ids(LISTED, [], "board_column")
    assert found.done_ids == {"3", "4"}
    assert "follows the status category" in found.notes[0]


def test_an_unlisted_status_is_what_a_listed_one_of_its_name_is() -> None:
    gone = [
        a_status("91", "REJECTED", "undefined", listed=False),
        a_status("92", "in progress", "undefined", listed=False),
    ]
    found = done_status_ids([*LISTED, *gone])
    assert "91" in found.done_ids
    assert "92" in found.in_progress_ids
    assert "'REJECTED' (91)" in found.notes[0]


def test_a_listed_name_wins_over_what_the_name_suggests() -> None:
    listed = [a_status("1", "Resolved", "indeterminate")]
    found = done_status_ids([*listed, a_status("9", "Resolved", "undefined", listed=False)])
    assert found.done_ids == frozenset()
    assert found.in_progress_ids == {"1", "9"}


def test_an_unlisted_status_is_else_done_by_its_name_alone() -> None:
    names = ["closed", "RESOLVED", "Done", "Deployed"]
    gone = [a_status(name, name, "undefined", listed=False) for name in names]
    found = done_status_ids(gone)
    assert found.done_ids == {"closed", "RESOLVED", "Done"}
    assert len(found.notes) == 4
    assert "not done" in next(note for note in found.notes if "Deployed" in note)


def test_a_note_says_what_each_status_that_is_listed_no_more_counts_as() -> None:
    gone = [
        a_status("91", "rejected", "undefined", listed=False),
        a_status("92", "Resolved", "undefined", listed=False),
        a_status("93", "Parked", "undefined", listed=False),
    ]
    assert done_status_ids([*LISTED, *gone]).notes == (
        "Status 'rejected' (91) is no longer listed by Jira: "
        "counted as done, like the listed status 'Rejected'.",
        "Status 'Resolved' (92) is no longer listed by Jira: counted as done, by its name alone.",
        "Status 'Parked' (93) is no longer listed by Jira: counted as not done, by its name alone.",
    )


def test_statuses_named_by_the_team_are_alone_done_listed_or_not() -> None:
    gone = [
        a_status("91", "Closed", "undefined", listed=False),
        a_status("92", "Shipped", "undefined", listed=False),
    ]
    found = done_status_ids([*LISTED, *gone], done_statuses=["shipped"])
    assert found.done_ids == {"92"}
    assert "not done" in found.notes[0]


def test_of_many_columns_only_the_last_is_done() -> None:
    columns = (("To Do", ("1",)), ("Doing", ("2",)), ("End", ("3", "4")))
    board = Board("jira", 1, "Board", True, columns=columns)
    assert done_status_ids(LISTED, [board], "board_column").done_ids == {"3", "4"}


def test_a_status_listed_no_more_takes_a_category_whatever_column_is_done() -> None:
    gone = [
        a_status("91", "Rejected", "undefined", listed=False),
        a_status("92", "To Do", "undefined", listed=False),
        a_status("93", "Deployed", "undefined", listed=False),
        a_status("94", "Closed", "undefined", listed=False),
    ]
    found = done_status_ids([*LISTED, *gone], [BOARD], "board_column")
    assert found.done_ids == {"3", "91", "94"}
    assert found.in_progress_ids == {"2", "4", "93"}


def test_statuses_that_the_team_names_are_done_whether_listed_or_not() -> None:
    gone = [
        a_status("91", "Shipped", "undefined", listed=False),
        a_status("92", "Done", "undefined", listed=False),
    ]
    found = done_status_ids([*LISTED, *gone], done_statuses=["Shipped"])
    assert found.done_ids == {"91"}
    assert found.in_progress_ids == {"2", "3", "4", "92"}


def test_a_category_that_says_nothing_is_in_progress() -> None:
    assert done_status_ids([a_status("1", "Odd", "undefined")]).in_progress_ids == {"1"}
