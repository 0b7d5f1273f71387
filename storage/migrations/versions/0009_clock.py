"""What a case needs to know of its clock, its proposals and its way; erasure has a name of its own."""

import sqlalchemy as sa
from alembic import op

from storage.types import Utc

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_events = sa.table("case_events", sa.column("event", sa.String))


def upgrade() -> None:
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.add_column(sa.Column("paused", Utc(), nullable=True))
        batch_op.add_column(sa.Column("proposed_by", sa.String(length=40), server_default="", nullable=False))
        batch_op.add_column(sa.Column("transfers", sa.SmallInteger(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("reopened", sa.SmallInteger(), server_default="0", nullable=False))
    _rename("Withdrawn", "Erased")


def downgrade() -> None:
    _rename("Erased", "Withdrawn")
    with op.batch_alter_table("cases", schema=None) as batch_op:
        for column in ("reopened", "transfers", "proposed_by", "paused"):
            batch_op.drop_column(column)


def _rename(before: str, after: str) -> None:
    op.execute(_events.update().where(_events.c.event == before).values(event=after))
