"""Random schedules: pulls, kills, channels that are down, two bots, jumping clocks, new settings.

Nothing sleeps: the clock is set, channels are functions. `python -m tests.alerts SEED` replays one;
what must hold stands in `tests.alerts.holding`.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from threading import get_ident

from bot.alerts.evaluate import evaluate
from bot.alerts.sender import send_due
from bot.channels.payload import Post
from bot.channels.sending import Outcome, Way
from bot.digests.looking import look
from bot.digests.sender import send_digests
from telemetry.words.alerts.message import Message
from tests.alerts.ground import TEAMS, Ground, Killed
from tests.alerts.happening import COMMITTED, Happening
from tests.alerts.holding import Holding
from tests.alerts.holding_digests import HoldingDigests

SEEDS = 1000
STEPS = 25
CALM_DAYS = 6  # over a weekend and a holiday
MOST_MESSAGES = 20
REASONS = {
    "retry": "It answered 500, an error of its own.",
    "failed": "It answered 404: no such channel.",
    "sent": None,
}
SECOND = timedelta(seconds=1)
ACTS = {"pull": 8, "wait": 6, "down": 2, "up": 3, "kill": 3, "configure": 2, "meddle": 2} | (
    dict.fromkeys(("refuse", "mute", "unmute", "route", "back", "jump", "two", "close"), 1)
)


class Schedule(Happening):
    """One random schedule on ground of its own."""

    def __init__(self, seed: int, ground: Ground) -> None:
        super().__init__(seed, ground)
        ground.at_commit = self._committing
        self.holding = Holding(self.engine)
        self.digests = HoldingDigests(self.engine, self.holding.failures)
        self.began_at = self.now
        self.counts: Counter[str] = Counter()
        self.told: list[str] = []
        self.other_is_off = timedelta(seconds=self.chance.randrange(-60, 60))
        self.meddling: list[int] = []  # bots that work while a message is under way
        self.is_looking = False
        self.overlapping: list[int] = []  # bots that look while another does
        self.working: list[int] = []  # the threads in which bots look, one within the other
        self.watched: set[str] | None = set()  # rules that the last look knew; None: who can tell

    @property
    def failures(self) -> list[str]:
        """What did not hold."""
        return self.holding.failures

    def run(self) -> None:
        """All steps, then what must have arrived when all is well again."""
        for _ in range(STEPS):
            [act] = self.chance.choices(list(ACTS), list(ACTS.values()))
            self.counts[act] += 1
            self.told.append(f"{self.now:%d %b %H:%M:%S}  {act}: {getattr(self, f'_{act}')()}")
            self._round(0)
        self._end()
        self.ground.at_commit = None

    def _clock(self, bot: int) -> datetime:
        return self.now + (self.other_is_off if bot else timedelta())

    def _round(self, bot: int) -> None:
        """A bot looks, and sends what is due, until it is killed."""
        context = self.ground.contexts(self.settings)[bot]
        self.working.append(get_ident())
        try:
            watched, self.watched = self.watched, None
            self.is_looking = True
            found = evaluate(context.engine, context.settings, self._clock(bot))
            self.is_looking = False
            self.failures.extend(found.errors)
            self.watched = watched
            if not found.is_busy:
                self._looked()
            for _ in range(MOST_MESSAGES):
                clock, send = partial(self._clock, bot), partial(self._send, bot)
                if not send_due(context, clock, send):
                    break
                self.now += SECOND
            look(context.engine, context.settings, self._clock(bot), self.began_at)
            send_digests(context, clock, partial(self._post, bot), pause=self._pause)
        except Killed:
            self.counts["killed"] += 1
            self.holding.opened(context.settings)
        finally:
            self.is_looking = False
            self.working.pop()

    def _looked(self) -> None:
        settings = self.ground.contexts(self.settings)[0].settings
        rules = {entry.rule for entry in settings.alerts or ()}
        figures = {
            f"team-{number}": (100 * team.grown_points / COMMITTED, team.unestimated_count)
            for number, team in self.teams.items()
        }
        self.holding.looked(settings, figures)
        if self.watched is not None:
            ended = {i for team in self.teams.values() for i in team.closed}
            self.holding.closed(ended, is_told="sprint_closed" in rules & self.watched)
        for team in self.teams.values():
            team.closed.clear()
        self.watched = rules

    def _committing(self) -> None:
        if get_ident() not in self.working[-1:]:
            return
        if self.overlapping and self.is_looking:
            self._overlap(self.overlapping.pop())
        if self.commits_left:
            self.commits_left -= 1
            if not self.commits_left:
                raise Killed

    def _overlap(self, bot: int) -> None:
        context = self.ground.contexts(self.settings)[bot]
        if not evaluate(context.engine, context.settings, self._clock(bot)).is_busy:
            self.failures.append("two bots looked at once")

    def _send(
        self, bot: int, message: Message, addresses: Sequence[str], reached: Sequence[int]
    ) -> Outcome:
        """As `bot.channels.sending.send` does, to services that answer as they do just now."""
        self.holding.begins(message)
        if self.meddling:
            self._round(self.meddling.pop())
        got, ways = set(reached), {"sent"}
        services = [address.removeprefix("json://") for address in addresses]
        for place, service in enumerate(services):
            if place not in got:
                way = self._answer(bot, message, services[0], service)
                ways.add(way)
                got |= {place} if way == "sent" else set()
        way = next(one for one in ("retry", "failed", "sent") if one in ways)
        if way == "retry":
            self.holding.fails(message, self._clock(bot))
        return Outcome(way, tuple(sorted(got)), REASONS[way])

    def _answer(self, bot: int, message: Message, channel: str, service: str) -> Way:
        self._may_be_killed(message, service, "before")
        if service in self.down:
            return "retry"
        if service in self.refusing:
            self.refusing.discard(service)
            self.holding.refuses(message)
            return "failed"
        settings = self.ground.contexts(self.settings)[bot].settings
        self.holding.arrives(channel, service, message, self._clock(bot), settings)
        self._may_be_killed(message, service, "after")
        return "sent"

    def _pause(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def _post(
        self, bot: int, post: Post, addresses: Sequence[str], reached: Sequence[int]
    ) -> Outcome:
        """The same of a digest."""
        got, ways = set(reached), {"sent"}
        for place, service in enumerate(one.removeprefix("json://") for one in addresses):
            if place in got:
                continue
            self._may_be_killed(post, service, "before")
            if service in self.down:
                ways.add("retry")
                continue
            if service in self.refusing:
                self.refusing.discard(service)
                self.digests.refuses(post)
                ways.add("failed")
                continue
            self.counts["digests"] += 1
            self.digests.arrives(post, service, is_again=self.holding.is_again(post.id))
            got.add(place)
            self._may_be_killed(post, service, "after")
        way = next(one for one in ("retry", "failed", "sent") if one in ways)
        if way == "retry":
            self.digests.fails(post, self._clock(bot))
        return Outcome(way, tuple(sorted(got)), REASONS[way])

    def _may_be_killed(self, message: Message | Post, service: str, when: str) -> None:
        if self.killed_in == (service, when):
            self.killed_in = None
            self.holding.may_come_again(message)
            raise Killed

    def _two(self) -> None:
        """Another bot looks at the same moment."""
        self._round(1)

    def _meddle(self) -> None:
        """Another bot works while the first looks, or while its next message is under way."""
        self.chance.choice((self.meddling, self.overlapping, self.meddling))[:] = [1]

    def _end(self) -> None:
        """Clocks are right, channels answer, nobody is killed: within some days all is told."""
        self.now -= self.ahead
        self.ahead = timedelta()
        self.down.clear()
        self.refusing.clear()
        self.commits_left, self.killed_in = 0, None
        self.meddling.clear()
        calm_since = self.now
        for _ in range(CALM_DAYS):
            tomorrow = self.now + timedelta(days=1)
            self.now = tomorrow.replace(hour=15, minute=0, second=0)
            for number in TEAMS:
                self.pulled(number)
            self._round(0)
        self.holding.end()
        self.digests.end(calm_since, self.now, tuple(self.settings["channels"]))
