"""Which stories the operator parted: no later report makes them one."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "story", sa.Column("parted", sa.Boolean(), nullable=False, server_default=sa.false())
    )
