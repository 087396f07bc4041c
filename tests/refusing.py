"""Pulls through a proxy that damages or refuses what Jira answers."""

from contextlib import contextmanager

from bot.jira.client import Auth, connect
from bot.jira.http.retry import Patience
from bot.pull.run import pull_sites
from telemetry.metrics.contradictions import Contradiction
from tests.damaging import damaging
from tests.pulled import TOKEN, Pulled, a_team, configure, serving, url_of

TEAMS = [a_team("k8s", "K8S", board=1), a_team("web", "WEB", board=2)]


class Damaged(Pulled):
    """Pulls through a proxy; `damage` may be set and taken away between them."""

    damage = None

    def pull(self, **options):
        def connecting(name, site, context):
            auth = Auth(site.auth.kind, site.auth.user, TOKEN)
            return connect(
                name,
                site.url,
                site.deployment,
                auth,
                sleep=lambda _: None,
                patience=Patience(tries=2),
            )

        [outcome] = pull_sites(
            self.context, clock=self.story.clock, connecting=connecting, **options
        )
        return outcome

    def unread(self, team="k8s"):
        """What could not be read, as the data-quality page has it: (key, what)."""
        rows = self.reports.quality(team).rows.get(Contradiction.UNREAD, ())
        return [(row.key, row.said) for row in rows]

    def figures(self, team="k8s"):
        return self.reports.sprint(team, "current").figures

    def reason(self, team):
        return self.reports.team(team, self.story.now).freshness.reason


@contextmanager
def damaged(story, store, folder, teams=None, flavour="cloud", **options):
    with serving(story, store, folder / "served", teams or TEAMS, flavour, **options) as served:
        made: list[Damaged] = []

        def damage(path, status, body):
            return made[0].damage(path, status, body) if made and made[0].damage else (status, body)

        with damaging(served.url, damage) as url:
            context = configure(folder / "damaged", url, url_of(store), teams or TEAMS, flavour)
            made.append(Damaged(story, url, context, served.requests))
            yield made[0]
            context.engine.dispose()
