"""What the alerts of single issues say."""

from telemetry.report.alerts.watched import WatchedIssue
from telemetry.words.alerts.said import Said
from telemetry.words.values import NOTHING, Number, counted, figure, hours, sentence


def impediment_open(one: WatchedIssue, usual_days: float) -> Said:
    """An impediment that is open for longer than nearly all were."""
    age = figure(counted(int(one.age_days), "working day"))
    spent = (
        sentence(" It took ", hours(one.seconds), " in this sprint.") if one.seconds else NOTHING
    )
    usual = sentence("Of the past year’s, 85 of 100 were closed within ", Number(usual_days), ".")
    return Said(sentence("open for ", age, "."), sentence(usual, spent))


def work_ageing(one: WatchedIssue, usual_days: float) -> Said:
    """An issue that is in progress for longer than nearly all took."""
    age = figure(counted(round(one.age_days), "day"))
    usual = sentence("Of those done in the last half year, 95 of 100 took at most ")
    return Said(
        sentence("in progress for ", age, "."), sentence(usual, counted(usual_days, "day"), ".")
    )
