"""What was known beside a sprint's figures at its close, and what teams type on their reviews."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reviews",
        sa.Column("team_key", sa.String(length=64), nullable=False),
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("sprint_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("taken_at", sa.BigInteger(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("team_key", "site", "sprint_id", name=op.f("pk_reviews")),
    )
    op.create_table(
        "review_notes",
        sa.Column("team_key", sa.String(length=64), nullable=False),
        sa.Column("review", sa.String(length=24), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("field", sa.String(length=64), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("made_by", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint(
            "team_key", "review", "version", "field", name=op.f("pk_review_notes")
        ),
    )


def downgrade() -> None:
    op.drop_table("review_notes")
    op.drop_table("reviews")
