"""What goes first, and whether a person can be reached."""

import sqlalchemy as sa
from alembic import op

from storage.types import Utc

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

WAITING, UNSENT, HELD = sa.text("status = 0"), sa.text("status IN (0, 5)"), sa.text("status = 6")
UNSENT_BEFORE = sa.text("status IN (0, 1, 5)")


def upgrade() -> None:
    op.execute("UPDATE outbox SET status = 0 WHERE status = 1")  # taken by a sender, not yet on the wire
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.add_column(sa.Column("urgency", sa.SmallInteger(), server_default="0", nullable=False))
        batch_op.drop_index("ix_outbox_unsent", sqlite_where=UNSENT_BEFORE, postgresql_where=UNSENT_BEFORE)
        batch_op.drop_index("ix_outbox_next", sqlite_where=WAITING, postgresql_where=WAITING)
        batch_op.create_index(
            "ix_outbox_unsent",
            ["lane", "urgency", "id"],
            unique=False,
            sqlite_where=UNSENT,
            postgresql_where=UNSENT,
        )
        batch_op.create_index(
            "ix_outbox_next",
            ["urgency", "next_at", "id"],
            unique=False,
            sqlite_where=WAITING,
            postgresql_where=WAITING,
        )
        batch_op.create_index(
            "ix_outbox_held", ["lane"], unique=False, sqlite_where=HELD, postgresql_where=HELD
        )
        batch_op.create_index("ix_outbox_sent_at", ["sent_at"], unique=False)

    with op.batch_alter_table("talks", schema=None) as batch_op:
        batch_op.add_column(sa.Column("acted_at", Utc(), nullable=True))
        batch_op.add_column(sa.Column("human_until", Utc(), nullable=True))
        batch_op.add_column(sa.Column("gone", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("talks", schema=None) as batch_op:
        batch_op.drop_column("gone")
        batch_op.drop_column("human_until")
        batch_op.drop_column("acted_at")

    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index("ix_outbox_sent_at")
        batch_op.drop_index("ix_outbox_held", sqlite_where=HELD, postgresql_where=HELD)
        batch_op.drop_index("ix_outbox_next", sqlite_where=WAITING, postgresql_where=WAITING)
        batch_op.drop_index("ix_outbox_unsent", sqlite_where=UNSENT, postgresql_where=UNSENT)
        batch_op.create_index(
            "ix_outbox_next",
            ["next_at", "id"],
            unique=False,
            sqlite_where=WAITING,
            postgresql_where=WAITING,
        )
        batch_op.create_index(
            "ix_outbox_unsent",
            ["lane", "id"],
            unique=False,
            sqlite_where=UNSENT_BEFORE,
            postgresql_where=UNSENT_BEFORE,
        )
        batch_op.drop_column("urgency")
