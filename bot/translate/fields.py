"""Which fields play which part on a site: estimate, sprint, epic link, flag, natures.

Pure: it reads the raw list of fields and boards' configurations. Order of story point fields: the
configured one, the board's, Jira Software's own, a number field of that name.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from bot.translate.field_choice import (
    FORMER,
    Raw,
    as_object,
    field_id,
    fit_field_id,
    names_of_field,
    other_names,
    type_of_field,
)
from telemetry.domain.team import Estimate, EstimateKind

original_estimate = "timeoriginalestimate"
_settings_without_field = frozenset({"board", "issue_count", "original_estimate"})
_story_points_type = "com.pyxis.greenhopper.jira:jsw-story-points"
_number_type = "customfieldtypes:float"
_story_points_names = ("story points", "story point estimate")


@dataclass(frozen=True, slots=True)
class FieldRoles:
    """The field ids that matter on a site.

    `estimates` are all that may hold an estimate, first choice first, `timeoriginalestimate`
    last; `story_points` is the site's own best one of `point_fields`, which are all that by type
    or name may hold points; `epic_label` is filled in for epics alone;
    `names` maps the ids of these fields to their names, by which Data Center's changelogs name
    them, and `others` those of all other fields of the site's own; `former` are the names that
    some had since they were found, the first one first, under which settings and changelogs go on
    naming them.
    """

    estimates: tuple[str, ...] = (original_estimate,)
    story_points: str | None = None
    sprint: str | None = None
    epic_link: str | None = None
    flagged: str | None = None
    natures: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    epic_label: str | None = None
    others: Mapping[str, str] = field(default_factory=dict)
    former: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    point_fields: tuple[str, ...] = ()

    def to_json(self) -> Raw:
        return asdict(self)

    @classmethod
    def from_json(cls, value: Raw) -> Self:
        return cls(
            estimates=tuple(value["estimates"]),
            story_points=value["story_points"],
            sprint=value["sprint"],
            epic_link=value["epic_link"],
            flagged=value["flagged"],
            natures=tuple(value["natures"]),
            names=dict(value["names"]),
            epic_label=value.get("epic_label"),
            others=dict(value.get("others") or {}),
            former={
                one: (names,) if isinstance(names, str) else tuple(names)
                for one, names in (value.get("former") or {}).items()
            },
            point_fields=tuple(value.get("point_fields") or ()),
        )


def discover(
    fields_raw: Collection[Raw],
    estimate_wanted: Collection[str],
    natures_wanted: Collection[str],
    board_fields: Collection[str],
    *,
    flag_wanted: Collection[str] = (),
    flag_told: str | None = None,
    url: str = "this Jira",
) -> FieldRoles:
    """The roles of a site's fields.

    `flag_wanted` are the fields that teams name for the flag, of which the first by name is taken;
    `flag_told` is the one by which Jira tells flags, if that was found out.

    `estimate_wanted` are the teams' estimate settings, `natures_wanted` their nature fields (id
    or name), `board_fields` the estimation field ids of their boards. Raises ConfigurationError
    for a field that does not exist or a name that several fields have.
    """
    wanted = sorted(set(estimate_wanted) - _settings_without_field)
    configured = [fit_field_id(fields_raw, name, "estimate", url) for name in wanted]
    natures = [
        fit_field_id(fields_raw, name, "nature", url) for name in sorted(set(natures_wanted))
    ]
    flags = [fit_field_id(fields_raw, name, "flag", url) for name in sorted(set(flag_wanted))]
    own = _story_points(fields_raw)
    estimates = dict.fromkeys([*configured, *sorted(board_fields), *own])
    estimates.pop(original_estimate, None)
    roles = FieldRoles(
        estimates=(*estimates, original_estimate),
        story_points=own[0] if own else None,
        sprint=_of_type(fields_raw, "gh-sprint"),
        epic_link=_of_type(fields_raw, "gh-epic-link"),
        flagged=next(iter(flags), None) or flag_told or flag_by_name(fields_raw),
        natures=tuple(dict.fromkeys(natures)),
        epic_label=_of_type(fields_raw, "gh-epic-label"),
        point_fields=tuple(own),
    )
    played = {*roles.estimates, *roles.natures, roles.sprint, roles.epic_link, roles.flagged}
    names = {raw["id"]: str(raw.get("name", "")) for raw in fields_raw if raw["id"] in played}
    others = {
        raw["id"]: str(raw.get("name", ""))
        for raw in fields_raw
        if raw.get("custom") and raw["id"] not in played
    }
    every = {raw["id"]: other_names(raw) for raw in fields_raw if raw["id"] in played}
    former = {field_id: others for field_id, others in every.items() if others}
    return FieldRoles(**(asdict(roles) | {"names": names, "others": others, "former": former}))


def with_former_names(fields_raw: Collection[Raw], known: FieldRoles | None) -> list[Raw]:
    """The fields, each that was renamed since it was found with its names of then.

    A name that another field has now is that one's.
    """
    if known is None:
        return list(fields_raw)
    taken = {name for raw in fields_raw for name in names_of_field(raw)}

    def then(field_id: str) -> tuple[str, ...]:
        every = (*known.former.get(field_id, ()), known.names.get(field_id, ""))
        return tuple(dict.fromkeys(one for one in every if one and one.casefold() not in taken))

    return [raw | {FORMER: names} if (names := then(raw["id"])) else raw for raw in fields_raw]


def estimate_for(setting: str, board: Raw | None, roles: FieldRoles) -> Estimate:
    """What a point is for a team: its setting, its board's raw configuration, the site's roles.

    A board that estimates by nothing falls back on the site's story points, then on issue count.
    Raises ConfigurationError for a field that discovery did not meet.
    """
    if setting == "issue_count":
        return Estimate(EstimateKind.ISSUE_COUNT)
    if setting == "original_estimate":
        return Estimate(EstimateKind.ORIGINAL_ESTIMATE)
    if setting != "board":
        return _by_field(field_id(named(roles.estimates, roles), setting, "estimate", "this Jira"))
    estimation = as_object((board or {}).get("estimation"))
    if estimation.get("type") == "issueCount":
        return Estimate(EstimateKind.ISSUE_COUNT)
    by_board = estimation_field(board)
    if by_board or roles.story_points:
        return _by_field(by_board or str(roles.story_points))
    return Estimate(EstimateKind.ISSUE_COUNT)


def named(field_ids: Iterable[str], roles: FieldRoles) -> list[Raw]:
    """These fields by the names under which settings find them."""
    return [
        {"id": one, "name": roles.names.get(one, ""), FORMER: roles.former.get(one, ())}
        for one in field_ids
    ]


def estimation_field(board: Raw | None) -> str | None:
    """The estimation field id in a board's raw configuration, None where it has none."""
    estimation = as_object((board or {}).get("estimation"))
    if estimation.get("type") != "field":
        return None
    found = as_object(estimation.get("field")).get("fieldId")
    return found if isinstance(found, str) and 0 < len(found) <= 64 else None


def _by_field(field: str) -> Estimate:
    if field == original_estimate:
        return Estimate(EstimateKind.ORIGINAL_ESTIMATE)
    return Estimate(EstimateKind.FIELD, field)


def type_of(raw: Raw) -> str:
    """What a field holds, as Jira calls it; "" where it does not say."""
    schema = as_object(raw.get("schema"))
    return str(schema.get("type") or "")[:64]


def _story_points(fields_raw: Iterable[Raw]) -> list[str]:
    fields = list(fields_raw)
    own = [raw["id"] for raw in fields if type_of_field(raw) == _story_points_type]
    numbers = [
        raw["id"]
        for name in _story_points_names
        for raw in fields
        if type_of_field(raw).endswith(_number_type) and name in names_of_field(raw)
    ]
    return list(dict.fromkeys([*own, *numbers]))


def _of_type(fields_raw: Iterable[Raw], ending: str) -> str | None:
    return next(
        (raw["id"] for raw in fields_raw if type_of_field(raw).endswith(f":{ending}")), None
    )


def has_sprint_field(fields_raw: Iterable[Raw]) -> bool:
    """Whether a field of Jira Software's for sprints is among them."""
    return _of_type(fields_raw, "gh-sprint") is not None


def flag_by_name(fields_raw: Iterable[Raw]) -> str | None:
    """The id of the check boxes called Flagged, as every Jira has them at first."""
    boxes = check_boxes(fields_raw)
    return next((raw["id"] for raw in boxes if "flagged" in names_of_field(raw)), None)


def check_boxes(fields_raw: Iterable[Raw]) -> list[Raw]:
    """The fields that may be the flag: no schema tells it."""
    return [raw for raw in fields_raw if type_of_field(raw).endswith(":multicheckboxes")]


def known_fields(answer: Iterable[Any]) -> list[Raw]:
    """The fields of a site's answer: objects with an id; others are left out."""
    return [
        raw
        for raw in map(as_object, answer)
        if isinstance(raw.get("id"), str) and len(raw["id"]) <= 64
    ]
