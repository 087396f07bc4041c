"""What several revisions do beside changing tables."""

from alembic import op


def compute_all_anew() -> None:
    """Have the next pull compute every team as a whole, as where new tables of facts are empty."""
    op.execute("DELETE FROM cursors WHERE name LIKE 'recompute:%'")
    op.execute(
        "INSERT INTO cursors (site, name, value) "
        "SELECT site, 'recompute:' || key, 'true' FROM teams"
    )
