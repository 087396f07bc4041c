"""What a point is for a team, in a word."""

from telemetry.domain.team import EstimateKind, TeamRules

_UNITS = {
    EstimateKind.FIELD: "point",
    EstimateKind.ISSUE_COUNT: "issue",
    EstimateKind.ORIGINAL_ESTIMATE: "hour",
}


def unit_of(rules: TeamRules) -> str:
    """`point`, or `issue` or `hour` for a team that estimates by these."""
    return _UNITS[rules.estimate.kind]
