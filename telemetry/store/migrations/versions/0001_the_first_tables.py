"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "boards",
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("has_sprints", sa.Boolean(), nullable=False),
        sa.Column("estimate_field_id", sa.String(length=64), nullable=True),
        sa.Column("estimates_by_count", sa.Boolean(), nullable=False),
        sa.Column("columns", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("site", "id", name=op.f("pk_boards")),
    )
    op.create_table(
        "changes",
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("issue_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("history_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("ordinal", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("field", sa.String(length=16), nullable=False),
        sa.Column("field_id", sa.String(length=64), nullable=True),
        sa.Column("from_value", sa.Text(), nullable=True),
        sa.Column("to_value", sa.Text(), nullable=True),
        sa.Column("author", sa.String(length=32), nullable=True),
        sa.PrimaryKeyConstraint(
            "site", "issue_id", "history_id", "ordinal", name=op.f("pk_changes")
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "cursors",
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("site", "name", name=op.f("pk_cursors")),
    )
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
        "issues",
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("project_key", sa.String(length=64), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("type_name", sa.Text(), nullable=False),
        sa.Column("is_subtask", sa.Boolean(), nullable=False),
        sa.Column("is_epic", sa.Boolean(), nullable=False),
        sa.Column("status_id", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column("parent_id", sa.BigInteger(), nullable=True),
        sa.Column("epic_id", sa.BigInteger(), nullable=True),
        sa.Column("labels", sa.Text(), nullable=False),
        sa.Column("components", sa.Text(), nullable=False),
        sa.Column("is_flagged", sa.Boolean(), nullable=False),
        sa.Column("estimates", sa.Text(), nullable=False),
        sa.Column("natures", sa.Text(), nullable=False),
        sa.Column("sprint_ids", sa.Text(), nullable=False),
        sa.Column("gone_at", sa.BigInteger(), nullable=True),
        sa.Column("digest", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("site", "id", name=op.f("pk_issues")),
    )
    op.create_index(op.f("ix_issues_site_epic_id"), "issues", ["site", "epic_id"], unique=False)
    op.create_index(op.f("ix_issues_site_key"), "issues", ["site", "key"], unique=False)
    op.create_index(op.f("ix_issues_site_parent_id"), "issues", ["site", "parent_id"], unique=False)
    op.create_index(
        op.f("ix_issues_site_project_key"), "issues", ["site", "project_key"], unique=False
    )
    op.create_table(
        "pulls",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("issues_changed", sa.Integer(), nullable=False),
        sa.Column("work_logs_changed", sa.Integer(), nullable=False),
        sa.Column("requests", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pulls")),
    )
    op.create_table(
        "sites",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("deployment", sa.String(length=16), nullable=False),
        sa.Column("field_roles", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_sites")),
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
        "sprint_members",
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("sprint_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("issue_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("site", "sprint_id", "issue_id", name=op.f("pk_sprint_members")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("ix_sprint_members_site_issue_id"),
        "sprint_members",
        ["site", "issue_id"],
        unique=False,
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
        "sprints",
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("board_id", sa.BigInteger(), nullable=True),
        sa.Column("goal", sa.Text(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=True),
        sa.Column("planned_end_at", sa.BigInteger(), nullable=True),
        sa.Column("completed_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("site", "id", name=op.f("pk_sprints")),
    )
    op.create_index(op.f("ix_sprints_board_id"), "sprints", ["board_id"], unique=False)
    op.create_table(
        "stale_issues",
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("issue_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("project_keys", sa.Text(), nullable=False),
        sa.Column("sprint_ids", sa.Text(), nullable=False),
        sa.Column("instants", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("site", "issue_id", name=op.f("pk_stale_issues")),
    )
    op.create_table(
        "stale_sprints",
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("sprint_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("site", "sprint_id", name=op.f("pk_stale_sprints")),
    )
    op.create_table(
        "statuses",
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("category", sa.String(length=16), nullable=False),
        sa.Column("is_listed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("site", "id", name=op.f("pk_statuses")),
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
        "team_matches",
        sa.Column("team_key", sa.String(length=64), nullable=False),
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("issue_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("team_key", "site", "issue_id", name=op.f("pk_team_matches")),
    )
    op.create_table(
        "teams",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("rules", sa.Text(), nullable=False),
        sa.Column("is_configured", sa.Boolean(), nullable=False),
        sa.Column("as_of", sa.BigInteger(), nullable=True),
        sa.Column("pulled_at", sa.BigInteger(), nullable=True),
        sa.Column("failed_at", sa.BigInteger(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_teams")),
    )
    op.create_table(
        "work_logs",
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("issue_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("author", sa.String(length=32), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=True),
        sa.Column("updated_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("site", "issue_id", "id", name=op.f("pk_work_logs")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_work_logs_site_id"), "work_logs", ["site", "id"], unique=False)
    op.create_index(
        op.f("ix_work_logs_site_started_at"), "work_logs", ["site", "started_at"], unique=False
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_work_logs_site_started_at"), table_name="work_logs")
    op.drop_index(op.f("ix_work_logs_site_id"), table_name="work_logs")
    op.drop_table("work_logs")
    op.drop_table("teams")
    op.drop_table("team_matches")
    op.drop_table("team_days")
    op.drop_table("statuses")
    op.drop_table("stale_sprints")
    op.drop_table("stale_issues")
    op.drop_index(op.f("ix_sprints_board_id"), table_name="sprints")
    op.drop_table("sprints")
    op.drop_table("sprint_time")
    op.drop_index(op.f("ix_sprint_members_site_issue_id"), table_name="sprint_members")
    op.drop_table("sprint_members")
    op.drop_table("sprint_issues")
    op.drop_table("sprint_facts")
    op.drop_table("sprint_events")
    op.drop_table("sprint_days")
    op.drop_table("sites")
    op.drop_table("pulls")
    op.drop_index(op.f("ix_issues_site_project_key"), table_name="issues")
    op.drop_index(op.f("ix_issues_site_parent_id"), table_name="issues")
    op.drop_index(op.f("ix_issues_site_key"), table_name="issues")
    op.drop_index(op.f("ix_issues_site_epic_id"), table_name="issues")
    op.drop_table("issues")
    op.drop_index(op.f("ix_impediments_team_key_opened_at"), table_name="impediments")
    op.drop_table("impediments")
    op.drop_table("cursors")
    op.drop_table("changes")
    op.drop_table("boards")
