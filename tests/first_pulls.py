"""First pulls that many tests only begin with: made once in a process, and copied for the others.

A first pull costs three times what a later one does. Whoever tests the first pull itself makes one
of their own: here it is the ground on which something else happens. Databases of PostgreSQL are
pulled each.
"""

import pickle
import sqlite3
from contextlib import closing

from sqlalchemy import Engine

from tests.pulled import Pulled

_kept: dict[bytes, sqlite3.Connection] = {}  # by all that it depends on


def begin_pulled(pulled: Pulled) -> None:
    """Let the new, empty store hold what a first good pull leaves; none is made if one was.

    Stories are the same where all in their worlds is; what serves them must be as it is by default.
    Requests are counted only where the pull is made.
    """
    assert getattr(pulled, "damage", None) is None
    if pulled.engine.dialect.name != "sqlite":
        pulled.good_pull()
        return
    key = _all_that_matters(pulled)
    if key in _kept:
        with closing(_file_of(pulled.engine)) as file:
            _kept[key].backup(file)
            file.execute("UPDATE sites SET url = ?", (_site_url(pulled),))
            file.commit()
        return
    pulled.good_pull()
    kept = sqlite3.connect(":memory:", check_same_thread=False)
    with closing(_file_of(pulled.engine)) as file:
        assert file.execute("SELECT DISTINCT url FROM sites").fetchall() == [(_site_url(pulled),)]
        file.backup(kept)
    _kept[key] = kept


def _file_of(engine: Engine) -> sqlite3.Connection:
    return sqlite3.connect(str(engine.url.database))


def _site_url(pulled: Pulled) -> str:
    [site] = pulled.context.settings.jira.values()
    return site.url


def _all_that_matters(pulled: Pulled) -> bytes:
    world = {name: part for name, part in vars(pulled.story.world).items() if name != "lock"}
    written = pulled.context.path.read_text(encoding="utf-8").replace(_site_url(pulled), "")
    return pickle.dumps((type(pulled), written, pulled.story.now, world))
