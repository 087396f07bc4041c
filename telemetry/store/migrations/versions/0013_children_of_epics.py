"""Which issues ever were in an epic."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

NOW = """INSERT INTO epic_members (site, epic_id, issue_id)
SELECT site, epic_id, id FROM issues WHERE epic_id IS NOT NULL"""
THEN = """INSERT INTO epic_members (site, epic_id, issue_id)
SELECT DISTINCT c.site, CAST(c.{column} AS BIGINT), c.issue_id FROM changes c
WHERE c.field = 'epic' AND c.{column} IS NOT NULL AND c.{column} <> '' AND NOT EXISTS (
    SELECT 1 FROM epic_members m
    WHERE m.site = c.site AND m.issue_id = c.issue_id
    AND m.epic_id = CAST(c.{column} AS BIGINT)
)"""


def upgrade() -> None:
    op.create_table(
        "epic_members",
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("epic_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("issue_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("site", "epic_id", "issue_id", name=op.f("pk_epic_members")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("ix_epic_members_site_issue_id"), "epic_members", ["site", "issue_id"], unique=False
    )
    op.execute(NOW)
    for column in ("from_value", "to_value"):
        op.execute(THEN.format(column=column))


def downgrade() -> None:
    op.drop_index(op.f("ix_epic_members_site_issue_id"), table_name="epic_members")
    op.drop_table("epic_members")
