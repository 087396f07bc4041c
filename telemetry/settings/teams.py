"""The block of a team, and what it calls an impediment."""

from typing import Annotated, Literal

from pydantic import Field, PrivateAttr

from telemetry.settings.block import Block, Text
from telemetry.settings.calendar import CalendarSettings
from telemetry.settings.values import Coefficient, Id, Jql, Label, Name, TeamKey, Whole


class ImpedimentSettings(Block):
    """What counts as unexpected, and where its nature stands."""

    labels: Annotated[
        tuple[Label, ...], Field(description="an issue with one of them is an impediment")
    ] = ("impediment",)
    flagged: Annotated[
        bool, Field(description="whether work on an issue that was flagged counts, too")
    ] = False
    flag_field: Annotated[
        Name | None,
        Field(description="name or id of the field that flags, where Jira does not tell which"),
    ] = None
    nature_field: Annotated[
        Name | None,
        Field(description="name or id of the field that says why; else labels `nature:…`"),
    ] = None
    nature_from: Annotated[
        Literal["component", "type"] | None,
        Field(description="what stands for a nature that nobody gave"),
    ] = None


class TeamSettings(Block):
    """One team. It has `board` or `boards` or neither.

    `calendar` is complete: the general one with the team's own keys over it.
    """

    key: Annotated[TeamKey, Field(description="a short name, for addresses and commands")]
    name: Annotated[Text | None, Field(description="by default the key")] = None
    site: Annotated[Text, Field(description="of which Jira, where there are several")] = "default"
    project: Annotated[Name, Field(description="the key of its project in Jira")]
    jql: Annotated[
        Jql | None, Field(description="narrows the project, such as `component = api`")
    ] = None
    board: Annotated[
        Id | None, Field(description="id of its board; by default the project's only scrum board")
    ] = None
    boards: Annotated[
        tuple[Id, ...],
        Field(
            description="ids of its boards, if several; one that is gone counts while another "
            "lists its sprints"
        ),
    ] = ()
    calendar: CalendarSettings = CalendarSettings()
    estimate: Annotated[
        Name,
        Field(
            description="`board` (the board's field), `issue_count`, `original_estimate` (hours), "
            "or a field's name or id"
        ),
    ] = "board"
    done: Annotated[
        Literal["category", "board_column"],
        Field(description="done is the status category, or the board's last column"),
    ] = "category"
    done_statuses: Annotated[
        tuple[Name, ...], Field(description="when given, these statuses alone are done")
    ] = ()
    impediment: ImpedimentSettings = ImpedimentSettings()
    velocity_sprints: Annotated[
        Whole, Field(ge=1, le=100, description="how many closed sprints velocity and means look at")
    ] = 6
    security_coefficient: Annotated[
        Coefficient,
        Field(
            description="part of a quarter's capacity to keep free, from 0 to 1; `auto`: by how "
            "much more than usual is lost in it"
        ),
    ] = "auto"
    _places: dict[str, str] = PrivateAttr(default_factory=dict)

    def place(self, name: str) -> str:
        """Where a key of it is written, or else the team: file and line; "" where nothing tells.

        A key below others or in a list is named with them: `impediment.labels.0`.
        """
        while name not in self._places and name:
            name = name.rpartition(".")[0]
        return self._places.get(name, "")

    @property
    def board_ids(self) -> tuple[int, ...]:
        """The configured boards; empty means the project's only scrum board."""
        return self.boards if self.board is None else (self.board,)

    @property
    def title(self) -> str:
        """The name shown, by default the key."""
        return self.name or self.key
