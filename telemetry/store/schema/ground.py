"""What all tables have in common: where they are kept, and the columns of their keys."""

from typing import Any

from sqlalchemy import BigInteger, Column, Float, MetaData, String

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    }
)


def by_site() -> Column[str]:
    """The site, of the primary key."""
    return Column("site", String(64), primary_key=True)


def by_team() -> Column[str]:
    """The team, of the primary key."""
    return Column("team_key", String(64), primary_key=True)


def by_id(name: str, **kwargs: Any) -> Column[int]:
    """An id of the tracker, of the primary key."""
    return Column(name, BigInteger, primary_key=True, autoincrement=False, **kwargs)


def points(name: str, *, nullable: bool = True) -> Column[float]:
    """Points under this name, of an estimate or a sum of them."""
    return Column(f"{name}_points", Float, nullable=nullable)
