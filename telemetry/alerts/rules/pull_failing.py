"""Pulls of a site, or of one of its teams, that fail one after the other."""

from telemetry.alerts.readings import Answer, Reading, Subject, always
from telemetry.report.alerts.watched import WatchedPulls, WatchedSite
from telemetry.settings.alerting import AlertSettings
from telemetry.words.alerts import pulls as words

IN_A_ROW = 3


def look(site: WatchedSite, _entry: AlertSettings) -> Answer:
    """How many of the last pulls failed: for all of the site's teams, or for one."""
    failing = [team for team in site.teams if team.error is not None]
    count, error = _failed(site)
    is_of_all = len(failing) == len(site.teams) and len({team.error for team in failing}) == 1
    whole = Subject("site", site.name, site.name)
    found = [_reading(whole, count if is_of_all else 0, error or "")]
    for team in site.teams:
        own = 0 if is_of_all and len(site.teams) > 1 else _failed_of(site, team)
        subject = Subject("site", f"{site.name} {team.key}", team.name)
        if len(site.teams) > 1:
            found.append(_reading(subject, own, team.error or ""))
    return tuple(found)


def _reading(subject: Subject, count: int, error: str) -> Reading:
    said = words.pull_failing(count, error)
    return Reading(
        subject=subject,
        value=count,
        threshold=IN_A_ROW,
        is_true=count >= IN_A_ROW,
        say=always(said),
        is_of_now=True,
    )


def _failed(site: WatchedSite) -> tuple[int, str | None]:
    """How many pulls failed since the last good one, and why the newest did."""
    count = 0
    for pull in site.pulls:
        if not pull.is_failed:
            break
        count += 1
    return count, site.pulls[0].error if count else None


def _failed_of(site: WatchedSite, team: WatchedPulls) -> int:
    """How many pulls ended since the team's first failure."""
    if team.failed_at is None or team.error is None:
        return 0
    return sum(pull.ended_at >= team.failed_at for pull in site.pulls)
