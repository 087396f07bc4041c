"""Alembic's way in: runs inside the transaction that `telemetry.store.migrate` opened."""

from typing import Literal

from alembic import context

from telemetry.store.schema import FACTS, metadata
from telemetry.store.values import Instant, Json

_FACTS = {table.name for table in FACTS}


def _stored_type(kind: str, item: object, _autogenerate: object) -> str | Literal[False]:
    """Write down what is stored, so that a revision does not change with our own types."""
    if kind == "type" and isinstance(item, Instant):
        return "sa.BigInteger()"
    if kind == "type" and isinstance(item, Json):
        return "sa.Text()"
    return False


def _is_revised(_item: object, name: str | None, kind: str, *_others: object) -> bool:
    """Facts need no revision: they are made anew where their shape changes."""
    return kind != "table" or name not in _FACTS


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
    render_item=_stored_type,
    include_object=_is_revised,
)
with context.begin_transaction():
    context.run_migrations()
