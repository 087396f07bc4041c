"""Work logs that Jira shows under a second issue, which do not count there."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

INTO_ONE = """INSERT INTO work_logs
    (site, issue_id, id, started_at, seconds, author, created_at, updated_at)
SELECT site, issue_id, id, started_at, seconds, author, created_at, updated_at
FROM doubled_work_logs"""
APART = """INSERT INTO doubled_work_logs
    (site, issue_id, id, started_at, seconds, author, created_at, updated_at)
SELECT site, issue_id, id, started_at, seconds, author, created_at, updated_at
FROM (
    SELECT *, ROW_NUMBER() OVER (
        PARTITION BY site, id ORDER BY COALESCE(updated_at, created_at, 0) DESC, issue_id DESC
    ) AS place
    FROM work_logs
    WHERE (site, id) IN (SELECT site, id FROM work_logs GROUP BY site, id HAVING COUNT(*) > 1)
) ranked
WHERE place > 1"""  # for each its equals, SQLite would walk all work of the site
ONCE = """DELETE FROM work_logs WHERE EXISTS (
    SELECT 1 FROM doubled_work_logs d
    WHERE d.site = work_logs.site AND d.id = work_logs.id AND d.issue_id = work_logs.issue_id
)"""


def upgrade() -> None:
    op.create_table(
        "doubled_work_logs",
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("issue_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("author", sa.String(length=32), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=True),
        sa.Column("updated_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("site", "issue_id", "id", name=op.f("pk_doubled_work_logs")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("ix_doubled_work_logs_site_id"), "doubled_work_logs", ["site", "id"], unique=False
    )
    op.execute(APART)
    op.execute(ONCE)


def downgrade() -> None:
    op.execute(INTO_ONE)
    op.drop_index(op.f("ix_doubled_work_logs_site_id"), table_name="doubled_work_logs")
    op.drop_table("doubled_work_logs")
