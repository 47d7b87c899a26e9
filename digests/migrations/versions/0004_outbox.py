"""The outbox in full: priorities, ages, patience asked for, and what came too late."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "delivery", sa.Column("priority", sa.Integer(), nullable=False, server_default="0")
    )
    op.add_column(
        "delivery", sa.Column("plain", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column(
        "delivery",
        sa.Column(
            "due_at",
            sa.DateTime(timezone=True),
            nullable=False,
            server_default="1970-01-01 00:00:00.000000",
        ),
    )
    # The first moment a retried one was due is not known: it counts as due since it was made.
    op.execute(
        "UPDATE delivery SET due_at = CASE WHEN attempts = 0 THEN not_before ELSE created_at END"
    )
    op.execute("UPDATE delivery SET priority = 1 WHERE kind = 'digest'")
    op.drop_index("ix_delivery_due", table_name="delivery")
    op.create_index("ix_delivery_queue", "delivery", ["state", "priority", "not_before"])
    op.create_index("ix_delivery_due_at", "delivery", ["state", "due_at"])
    op.create_index("ix_delivery_settled", "delivery", ["settled_at"])
    op.add_column("shown", sa.Column("batch", sa.String(), nullable=True))
    op.create_table(
        "owed",
        sa.Column("chat_id", sa.Integer(), nullable=False),
        sa.Column("thread", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["chat_id"], ["chat.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("chat_id", "thread", "item_id"),
    )
    op.create_table(
        "hold",
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("scope"),
    )
