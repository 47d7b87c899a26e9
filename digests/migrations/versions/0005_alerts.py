"""Alerts that wait, word of unusually many reports, and whether a chat is told of nothing new."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "held",
        sa.Column("chat_id", sa.Integer(), nullable=False),
        sa.Column("thread", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["chat_id"], ["chat.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("chat_id", "thread", "item_id"),
    )
    op.create_index("ix_held_due_at", "held", ["due_at"])
    op.create_table(
        "spike",
        sa.Column("chat_id", sa.Integer(), nullable=False),
        sa.Column("thread", sa.Integer(), nullable=False),
        sa.Column("actor_id", sa.String(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["chat_id"], ["chat.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("chat_id", "thread", "actor_id"),
    )
    op.create_index("ix_item_news", "item", ["backlog", "ingested_at"])
    op.add_column(
        "chat", sa.Column("silent", sa.Boolean(), nullable=False, server_default=sa.false())
    )
