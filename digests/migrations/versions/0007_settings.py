"""How a chat wants its messages, what it was asked, and alerts by the hour."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("muted", "previews", "dark"):
        op.add_column("chat", _flag(name))
    op.add_column("chat", sa.Column("asked", sa.String(), nullable=True))
    op.add_column("subscription", _flag("hourly"))


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false())
