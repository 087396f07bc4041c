"""What of a team's configuration meets nothing on the tracker."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("teams", sa.Column("misfits", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("teams", "misfits")
