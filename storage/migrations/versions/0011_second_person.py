"""Who is to write a declined answer again, what waits for a second person; files that go with an answer."""

import sqlalchemy as sa
from alembic import op

from storage.types import Utc

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

WHERE = {"ix_cases_proposed": sa.text("proposed_by <> ''"), "ix_cases_declined": sa.text("declined_to <> ''")}


def upgrade() -> None:
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.add_column(sa.Column("declined_to", sa.String(length=40), server_default="", nullable=False))
    with op.batch_alter_table("files", schema=None) as batch_op:
        batch_op.add_column(sa.Column("officer", sa.String(length=40), server_default="", nullable=False))
        batch_op.add_column(sa.Column("enclosed_at", Utc(), nullable=True))
    for name, these in WHERE.items():
        op.create_index(name, "cases", ["unit", "due"], sqlite_where=these, postgresql_where=these)


def downgrade() -> None:
    for name in WHERE:
        op.drop_index(name, table_name="cases")
    with op.batch_alter_table("files", schema=None) as batch_op:
        batch_op.drop_column("enclosed_at")
        batch_op.drop_column("officer")
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.drop_column("declined_to")
