"""Contradictions, and the sprints to come."""

import sqlalchemy as sa
from alembic import op

from telemetry.store.migrations.anew import compute_all_anew

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "next_issues",
        sa.Column("team_key", sa.String(length=64), nullable=False),
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("sprint_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("issue_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("points", sa.Float(), nullable=True),
        sa.Column("is_carried_over", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint(
            "team_key", "site", "sprint_id", "issue_id", name=op.f("pk_next_issues")
        ),
    )
    op.create_table(
        "quality_due",
        sa.Column("team_key", sa.String(length=64), nullable=False),
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("issue_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("team_key", "site", "issue_id", name=op.f("pk_quality_due")),
    )
    op.create_index(
        op.f("ix_quality_due_team_key_due_at"), "quality_due", ["team_key", "due_at"], unique=False
    )
    op.create_table(
        "quality_findings",
        sa.Column("team_key", sa.String(length=64), nullable=False),
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("about_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("status_id", sa.String(length=32), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint(
            "team_key", "site", "kind", "about_id", "status_id", name=op.f("pk_quality_findings")
        ),
    )
    op.create_table(
        "quality_windows",
        sa.Column("team_key", sa.String(length=64), nullable=False),
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("sprints", sa.Text(), nullable=False),
        sa.Column("unlisted", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("team_key", "site", name=op.f("pk_quality_windows")),
    )
    compute_all_anew()


def downgrade() -> None:
    op.drop_table("quality_windows")
    op.drop_table("quality_findings")
    op.drop_index(op.f("ix_quality_due_team_key_due_at"), table_name="quality_due")
    op.drop_table("quality_due")
    op.drop_table("next_issues")
