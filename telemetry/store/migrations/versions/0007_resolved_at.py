"""When an issue was resolved."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("issues", sa.Column("resolved_at", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    op.drop_column("issues", "resolved_at")
