"""Actors that are one: merges, what is kept apart, and subscriptions as they were before."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "actor_merge",
        sa.Column("absorbed_id", sa.String(), nullable=False),
        sa.Column("into_id", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.Column("merged_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["absorbed_id"], ["actor.id"]),
        sa.ForeignKeyConstraint(["into_id"], ["actor.id"]),
        sa.PrimaryKeyConstraint("absorbed_id"),
    )
    with op.batch_alter_table("actor_merge", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_actor_merge_into_id"), ["into_id"], unique=False)

    op.create_table(
        "actor_apart",
        sa.Column("actor_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["actor.id"]),
        sa.PrimaryKeyConstraint("actor_id"),
    )
    op.create_table(
        "merged_subscription",
        sa.Column("actor_id", sa.String(), nullable=False),
        sa.Column("chat_id", sa.Integer(), nullable=False),
        sa.Column("thread", sa.Integer(), nullable=False),
        sa.Column("delivery", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["actor.id"]),
        sa.ForeignKeyConstraint(["chat_id"], ["chat.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("actor_id", "chat_id", "thread"),
    )
