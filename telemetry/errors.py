"""Every error that a person may meet; each message names the value and the remedy.

TelemetryError
├── ConfigurationError      telemetry.yml or a command's option is wrong (exit code 2)
├── StoreError              the store cannot be opened, is locked or not migrated
│   └── SiteBusy            another bot is pulling the site into this store
├── NotFound                no such team, sprint or day range
├── SprintNotStarted        a figure was asked of a sprint without a start
├── MeaningChanged          Jira offers no more what a team's figures were agreed on
└── TrackerError            Jira did not give what was asked
    ├── TrackerUnavailable  it may work later: time-out, 5xx, rate limit, connection
    ├── AccessDenied        wrong token, anonymous answer, missing permission, login page
    │   └── ScopeMissing    the token is known, but was not made for what was asked
    ├── NotInTracker        unknown project, board, field or issue
    │   └── NoBoard         a board that is gone or hidden
    ├── NoSprints           the board has no sprints (kanban)
    └── UnexpectedAnswer    an answer that is not what Jira's API describes
"""

from typing import Self


class TelemetryError(Exception):
    """Something went wrong that one clear sentence explains.

    `setting` is the team's key that it is about, such as `impediment.labels`; "" for none.
    """

    exit_code = 1
    setting: str = ""

    def about(self, setting: str) -> Self:
        """The error with the team's setting that caused it."""
        self.setting = setting
        return self


class ConfigurationError(TelemetryError):
    """The configuration is wrong; the message lists every error with line, value and remedy."""

    exit_code = 2


class StoreError(TelemetryError):
    """The store cannot be used."""


class SiteBusy(StoreError):
    """Another bot is pulling the site into this store."""


class NotFound(TelemetryError):
    """What was asked for is not in the store."""


class SprintNotStarted(TelemetryError):
    """The sprint has no start, so it has no figures yet."""


class MeaningChanged(TelemetryError):
    """Jira offers no more, or otherwise, what a team's figures were agreed on."""


class TrackerError(TelemetryError):
    """Jira did not give what was asked; `status` is that of its answer, None without one.

    `words` are Jira's own, as far as they may be shown. `is_of_question` tells that Jira answered
    another question meanwhile.
    """

    status: int | None = None
    words: str = ""
    is_of_question: bool = False

    @property
    def is_of_site(self) -> bool:
        """Whether it concerns the site as a whole, not only what was asked for."""
        return False


class TrackerUnavailable(TrackerError):
    """Jira cannot answer now; asking again later may help.

    `retry_after_seconds` is what Jira asked for, or None.
    """

    def __init__(self, message: str, retry_after_seconds: float | None = None) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds

    @property
    def is_of_site(self) -> bool:
        """A server error is that of one question, while others are answered."""
        return self.status != 500 and not self.is_of_question


class AccessDenied(TrackerError):
    """Jira does not know us or does not let us see it."""

    @property
    def is_of_site(self) -> bool:
        """A missing permission is that of one thing; credentials are those of all."""
        return self.status != 403 and not self.is_of_question


class ScopeMissing(AccessDenied):
    """The token lacks a scope that this question needs."""

    @property
    def is_of_site(self) -> bool:
        """Other questions are answered to it."""
        return False


class NotInTracker(TrackerError):
    """Jira has no such project, board, field or issue, or hides it from us."""


class NoBoard(NotInTracker):
    """Jira has no board of that id, or hides it from us."""

    def __init__(self, message: str, board_id: int) -> None:
        super().__init__(message)
        self.board_id = board_id


class NoSprints(TrackerError):
    """The board does not have sprints."""


class UnexpectedAnswer(TrackerError):
    """Jira answered with something else than its API describes."""
