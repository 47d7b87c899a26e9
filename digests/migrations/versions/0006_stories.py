"""Stories that became part of another: their numbers lead to it."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # No foreign key: SQLite adds none to a table that is there.
    op.add_column("story", sa.Column("into_id", sa.Integer(), nullable=True))
