"""The shape of facts is kept beside them; from here on facts need no revision."""

import json

import sqlalchemy as sa
from alembic import op

from telemetry.store.migrations.anew import compute_all_anew

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

FORMER = (
    "impediments",
    "team_days",
    "sprint_facts",
    "sprint_days",
    "sprint_events",
    "sprint_issues",
    "sprint_time",
    "sprint_forecasts",
    "flow_issues",
    "quality_findings",
    "quality_windows",
    "quality_due",
    "next_issues",
)


def upgrade() -> None:
    op.create_table(
        "facts_shape",
        sa.Column("shape", sa.String(length=32), nullable=False),
        sa.Column("format", sa.Integer(), nullable=False),
        sa.Column("tables", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("shape", name=op.f("pk_facts_shape")),
    )


def downgrade() -> None:
    """Facts as the revision before has them, empty; the next pull computes them."""
    known = op.get_bind().scalars(sa.text("SELECT tables FROM facts_shape")).all()
    for name in sorted(set(FORMER).union(*map(json.loads, known))):
        op.execute(f'DROP TABLE IF EXISTS "{name}"')
    op.drop_table("facts_shape")
    _make_former_facts()
    compute_all_anew()


def _make_former_facts() -> None:
    op.create_table(
        "impediments",
        sa.Column("team_key", sa.String(length=64), nullable=False),
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("issue_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("ordinal", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("is_flag", sa.Boolean(), nullable=False),
        sa.Column("nature", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint(
            "team_key", "site", "issue_id", "ordinal", name=op.f("pk_impediments")
        ),
    )
    op.create_index(
        op.f("ix_impediments_team_key_opened_at"),
        "impediments",
        ["team_key", "opened_at"],
        unique=False,
    )
    op.create_table(
        "team_days",
        sa.Column("team_key", sa.String(length=64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("nature", sa.Text(), nullable=False),
        sa.Column("seconds", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("team_key", "day", "kind", "nature", name=op.f("pk_team_days")),
    )
    op.create_table(
        "sprint_facts",
        sa.Column("team_key", sa.String(length=64), nullable=False),
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("sprint_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("as_of", sa.BigInteger(), nullable=False),
        sa.Column("committed_points", sa.Float(), nullable=False),
        sa.Column("added_points", sa.Float(), nullable=False),
        sa.Column("removed_points", sa.Float(), nullable=False),
        sa.Column("reestimated_points", sa.Float(), nullable=False),
        sa.Column("burned_points", sa.Float(), nullable=False),
        sa.Column("reopened_points", sa.Float(), nullable=False),
        sa.Column("completed_points", sa.Float(), nullable=False),
        sa.Column("remaining_points", sa.Float(), nullable=False),
        sa.Column("in_progress_points", sa.Float(), nullable=False),
        sa.Column("done_points", sa.Float(), nullable=False),
        sa.Column("total_points", sa.Float(), nullable=False),
        sa.Column("carried_over_points", sa.Float(), nullable=False),
        sa.Column("completion_percent", sa.Float(), nullable=True),
        sa.Column("commitment_kept_percent", sa.Float(), nullable=True),
        sa.Column("unestimated_count", sa.Integer(), nullable=False),
        sa.Column("expected_remaining_points", sa.Float(), nullable=True),
        sa.Column("behind_points", sa.Float(), nullable=True),
        sa.Column("projected_50_on", sa.Date(), nullable=True),
        sa.Column("projected_85_on", sa.Date(), nullable=True),
        sa.Column("projected_95_on", sa.Date(), nullable=True),
        sa.Column("working_days", sa.Integer(), nullable=False),
        sa.Column("planned_seconds", sa.BigInteger(), nullable=False),
        sa.Column("impediment_seconds", sa.BigInteger(), nullable=False),
        sa.Column("off_plan_seconds", sa.BigInteger(), nullable=False),
        sa.Column("impediment_count", sa.Integer(), nullable=False),
        sa.Column("impediments_opened_count", sa.Integer(), nullable=False),
        sa.Column("impediments_closed_count", sa.Integer(), nullable=False),
        sa.Column("impediments_open_count", sa.Integer(), nullable=False),
        sa.Column("median_seconds_to_close", sa.Float(), nullable=True),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.Column("natures", sa.Text(), nullable=False),
        sa.Column("gap", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("team_key", "site", "sprint_id", name=op.f("pk_sprint_facts")),
    )
    op.create_table(
        "sprint_days",
        sa.Column("team_key", sa.String(length=64), nullable=False),
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("sprint_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("remaining_points", sa.Float(), nullable=False),
        sa.Column("ideal_points", sa.Float(), nullable=True),
        sa.Column("scope_points", sa.Float(), nullable=False),
        sa.Column("done_points", sa.Float(), nullable=False),
        sa.Column("added_points", sa.Float(), nullable=False),
        sa.Column("removed_points", sa.Float(), nullable=False),
        sa.Column("reestimated_points", sa.Float(), nullable=False),
        sa.Column("burned_points", sa.Float(), nullable=False),
        sa.Column("reopened_points", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint(
            "team_key", "site", "sprint_id", "day", name=op.f("pk_sprint_days")
        ),
    )
    op.create_table(
        "sprint_events",
        sa.Column("team_key", sa.String(length=64), nullable=False),
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("sprint_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("ordinal", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("issue_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("delta_points", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint(
            "team_key", "site", "sprint_id", "ordinal", name=op.f("pk_sprint_events")
        ),
    )
    op.create_table(
        "sprint_issues",
        sa.Column("team_key", sa.String(length=64), nullable=False),
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("sprint_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("issue_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("is_added", sa.Boolean(), nullable=False),
        sa.Column("is_committed", sa.Boolean(), nullable=False),
        sa.Column("is_carried_over", sa.Boolean(), nullable=False),
        sa.Column("is_impediment", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("initial_points", sa.Float(), nullable=True),
        sa.Column("final_points", sa.Float(), nullable=True),
        sa.Column("seconds", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            "team_key", "site", "sprint_id", "issue_id", name=op.f("pk_sprint_issues")
        ),
    )
    op.create_table(
        "sprint_time",
        sa.Column("team_key", sa.String(length=64), nullable=False),
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("sprint_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("nature", sa.Text(), nullable=False),
        sa.Column("seconds", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            "team_key", "site", "sprint_id", "day", "kind", "nature", name=op.f("pk_sprint_time")
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
