"""What statuses and sprints were called when they changed."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("changes", sa.Column("from_name", sa.Text(), nullable=True))
    op.add_column("changes", sa.Column("to_name", sa.Text(), nullable=True))
    op.create_table(
        "sprint_names",
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("issue_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("sprint_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint(
            "site", "issue_id", "name", "sprint_id", name=op.f("pk_sprint_names")
        ),
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("ix_sprint_names_site_name"), "sprint_names", ["site", "name"], unique=False
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_sprint_names_site_name"), table_name="sprint_names")
    op.drop_table("sprint_names")
    op.drop_column("changes", "to_name")
    op.drop_column("changes", "from_name")
