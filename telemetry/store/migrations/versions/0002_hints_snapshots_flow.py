"""Hints, snapshots, flow, forecasts, a pull's progress."""

import sqlalchemy as sa
from alembic import op

from telemetry.store.migrations.anew import compute_all_anew

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "flow_issues",
        sa.Column("team_key", sa.String(length=64), nullable=False),
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("issue_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("type_name", sa.Text(), nullable=False),
        sa.Column("final_points", sa.Float(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=True),
        sa.Column("done_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("team_key", "site", "issue_id", name=op.f("pk_flow_issues")),
    )
    op.create_index(
        op.f("ix_flow_issues_team_key_created_at"),
        "flow_issues",
        ["team_key", "created_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_flow_issues_team_key_done_at"),
        "flow_issues",
        ["team_key", "done_at"],
        unique=False,
    )
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
        "natures",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_natures")),
    )
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
    op.create_table(
        "sprint_forecasts",
        sa.Column("team_key", sa.String(length=64), nullable=False),
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("sprint_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("remaining_points", sa.Float(), nullable=False),
        sa.Column("on_50", sa.Date(), nullable=True),
        sa.Column("on_85", sa.Date(), nullable=True),
        sa.Column("on_95", sa.Date(), nullable=True),
        sa.Column("finished_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint(
            "team_key", "site", "sprint_id", "day", name=op.f("pk_sprint_forecasts")
        ),
    )
    op.add_column("pulls", sa.Column("issues_read", sa.Integer(), nullable=True))
    op.add_column("pulls", sa.Column("issues_total", sa.Integer(), nullable=True))
    op.add_column("pulls", sa.Column("found", sa.Text(), nullable=True))
    op.add_column("sprints", sa.Column("planned_start_at", sa.BigInteger(), nullable=True))
    compute_all_anew()


def downgrade() -> None:
    op.drop_column("sprints", "planned_start_at")
    op.drop_column("pulls", "found")
    op.drop_column("pulls", "issues_total")
    op.drop_column("pulls", "issues_read")
    op.drop_table("sprint_forecasts")
    op.drop_table("snapshots")
    op.drop_table("natures")
    op.drop_index(op.f("ix_hints_taken_at"), table_name="hints")
    op.drop_table("hints")
    op.drop_index(op.f("ix_flow_issues_team_key_done_at"), table_name="flow_issues")
    op.drop_index(op.f("ix_flow_issues_team_key_created_at"), table_name="flow_issues")
    op.drop_table("flow_issues")
