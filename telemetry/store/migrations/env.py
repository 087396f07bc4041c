"""Alembic's way in: runs inside the transaction that `telemetry.store.migrate` opened."""

from typing import Literal

from alembic import context

from telemetry.store.schema import Instant, Json, metadata


def _stored_type(kind: str, item: object, _autogenerate: object) -> str | Literal[False]:
    """Write down what is stored, so that a revision does not change with our own types."""
    if kind == "type" and isinstance(item, Instant):
        return "sa.BigInteger()"
    if kind == "type" and isinstance(item, Json):
        return "sa.Text()"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
    render_item=_stored_type,
)
with context.begin_transaction():
    context.run_migrations()
