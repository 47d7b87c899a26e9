"""Whether the text of an item was removed for its age."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "item", sa.Column("text_gone", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.create_index("ix_item_text_gone", "item", ["text_gone", "ingested_at"])
