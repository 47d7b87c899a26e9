"""The dates that items tell of, with those of their publication."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_OF_EVENTS = """
INSERT OR IGNORE INTO item_date (date, item_id)
SELECT
    printf('%04d', json_extract(event.value, '$.date.year'))
    || coalesce('-' || printf('%02d', nullif(json_extract(event.value, '$.date.month'), 0)), '')
    || coalesce('-' || printf('%02d', nullif(json_extract(event.value, '$.date.day'), 0)), ''),
    item.id
FROM item
JOIN revision ON revision.item_id = item.id AND revision.revision = item.revision,
    json_each(revision.reading, '$.events') AS event
"""
_OF_PUBLICATION = """
INSERT OR IGNORE INTO item_date (date, item_id)
SELECT
    substr(
        revision.published_at, 1, CASE revision.published_precision WHEN 'month' THEN 7 ELSE 10 END
    ),
    item.id
FROM item
JOIN revision ON revision.item_id = item.id AND revision.revision = item.revision
WHERE revision.published_precision IN ('month', 'day', 'minute') AND NOT item.text_gone
"""


def upgrade() -> None:
    op.create_table(
        "item_date",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("date", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("item_id", "date"),
    )
    op.create_index("ix_item_date_date", "item_date", ["date", "item_id"])
    if op.get_bind().dialect.name == "sqlite":
        op.execute(_OF_EVENTS)
        op.execute(_OF_PUBLICATION)
