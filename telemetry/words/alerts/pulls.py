"""What the alerts about the bot's own work say."""

from telemetry.words.alerts.said import Said
from telemetry.words.values import counted, figure, hours, sentence


def data_stale(seconds: float, reason: str | None) -> Said:
    """A site of which no complete pull ended for long."""
    why = reason or "No pull has ended since then: is the bot running?"
    return Said(
        sentence("no complete pull for ", figure(hours(seconds)), ". Figures stay as they were."),
        sentence(why),
    )


def pull_failing(count: int, reason: str) -> Said:
    """Pulls that fail one after the other."""
    return Said(sentence(figure(counted(count, "pull")), " failed in a row."), sentence(reason))


def delivery_failing(count: int, reason: str) -> Said:
    """A channel that messages do not reach."""
    many = figure(counted(count, "message"))
    return Said(sentence(many, " did not arrive."), sentence(reason))
