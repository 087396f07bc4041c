"""What Jira lists of a whole site, and what its refusal costs: nothing that is known already."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Engine

from telemetry.store.engine import reading, writing
from telemetry.store.unread import About, Unread, read_unread, settle_unread

FIELDS, STATUSES = 1, 2  # as the store numbers what could not be read of lists
NAMES = {FIELDS: "Jira's list of fields", STATUSES: "Jira's list of statuses"}


def note_lists(
    engine: Engine, site: str, asked: Collection[int], refused: dict[int, str], at: datetime
) -> None:
    """Note which of the lists that were asked for could not be read, and why."""
    with reading(engine) as connection:
        noted = {
            one.about_id: one.what
            for one in read_unread(connection, site)
            if one.kind is About.LIST and one.about_id in asked
        }
    if noted == refused:
        return
    found = [
        Unread(site, About.LIST, number, NAMES[number], "", why, False, at)
        for number, why in refused.items()
    ]
    with writing(engine) as connection:
        settle_unread(connection, site, About.LIST, asked, found)
