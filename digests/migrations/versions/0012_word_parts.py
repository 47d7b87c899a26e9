"""The stems of the full-text index, found by what stands inside them."""

from alembic import op

from digests.migrations.search import CREATE_PARTS

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for statement in CREATE_PARTS:
            op.execute(statement)
