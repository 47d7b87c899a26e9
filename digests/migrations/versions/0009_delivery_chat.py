"""Deliveries are found by their chat: whether something waits for it, and what goes with it."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_delivery_chat", "delivery", ["chat_id"])
