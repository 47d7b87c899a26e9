"""Feeds: how they are asked, entries that wait to be read, and articles that several feeds hold."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Plain ALTER TABLE: rebuilding a table would cascade to everything that refers to it.
    for column in (
        sa.Column("added_by", sa.Integer(), nullable=True),
        sa.Column("body_digest", sa.String(), nullable=True),
        sa.Column("last_asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("interval", sa.Integer(), nullable=True),
        sa.Column("ttl", sa.Integer(), nullable=True),
        sa.Column("changes", sa.Float(), nullable=False, server_default="0"),
        sa.Column("watched", sa.Float(), nullable=False, server_default="0"),
        sa.Column("weekly", sa.Float(), nullable=True),
        sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failing_told", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("notice", sa.String(), nullable=True),
    ):
        op.add_column("source", column)
    op.create_index("ix_source_added_by", "source", ["added_by"])
    op.create_index("ix_source_notice", "source", ["notice"])
    op.add_column("item", sa.Column("canonical", sa.String(), nullable=True))
    op.create_index("ix_item_canonical", "item", ["canonical"])
    op.create_table(
        "item_key",
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("backlog", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("source_id", "key"),
    )
    op.create_index("ix_item_key_item_id", "item_key", ["item_id"])
    op.execute(
        "INSERT INTO item_key (source_id, key, item_id, digest, seq, backlog)"
        " SELECT item.source_id, item.key, item.id, revision.digest, item.seq, item.backlog"
        " FROM item JOIN revision"
        " ON revision.item_id = item.id AND revision.revision = item.revision"
    )
    op.create_table(
        "inbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("canonical", sa.String(), nullable=True),
        sa.Column("first_pass", sa.Boolean(), nullable=False),
        sa.Column("backlog", sa.Boolean(), nullable=False),
        sa.Column("page_wanted", sa.Boolean(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("title_end", sa.Integer(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_precision", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=True),
        sa.Column("url", sa.String(), nullable=True),
        sa.Column("outlet", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("source_id", "key"),
    )
    op.create_index("ix_inbox_order", "inbox", ["backlog", "id"])
    op.create_index("ix_inbox_page_wanted", "inbox", ["page_wanted"])
