"""Hints, snapshots, a pull's progress."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "hints",
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("identifier", sa.String(length=128), nullable=False),
        sa.Column("event", sa.String(length=64), nullable=False),
        sa.Column("project_key", sa.String(length=64), nullable=True),
        sa.Column("issue_id", sa.BigInteger(), nullable=True),
        sa.Column("sprint_id", sa.BigInteger(), nullable=True),
        sa.Column("board_id", sa.BigInteger(), nullable=True),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("taken_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("site", "identifier", name=op.f("pk_hints")),
    )
    op.create_index(op.f("ix_hints_taken_at"), "hints", ["taken_at"], unique=False)
    op.create_table(
        "snapshots",
        sa.Column("team_key", sa.String(length=64), nullable=False),
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("sprint_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("moment", sa.String(length=8), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("taken_at", sa.BigInteger(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint(
            "team_key", "site", "sprint_id", "moment", name=op.f("pk_snapshots")
        ),
    )
    op.add_column("pulls", sa.Column("issues_read", sa.Integer(), nullable=True))
    op.add_column("pulls", sa.Column("issues_total", sa.Integer(), nullable=True))
    op.add_column("pulls", sa.Column("found", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("pulls", "found")
    op.drop_column("pulls", "issues_total")
    op.drop_column("pulls", "issues_read")
    op.drop_table("snapshots")
    op.drop_index(op.f("ix_hints_taken_at"), table_name="hints")
    op.drop_table("hints")
