"""Where a message stands in its chat, in the order in which they were sent."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

WIRE = sa.text("status = 5")


def upgrade() -> None:
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.add_column(sa.Column("position", sa.BigInteger()))
    op.execute("UPDATE outbox SET position = id WHERE status = 2")
    op.create_index("ix_outbox_lane_position", "outbox", ["lane", "position"], unique=True)
    op.create_index("ix_outbox_on_the_wire", "outbox", ["lane"], sqlite_where=WIRE, postgresql_where=WIRE)


def downgrade() -> None:
    op.drop_index("ix_outbox_on_the_wire", "outbox", sqlite_where=WIRE, postgresql_where=WIRE)
    op.drop_index("ix_outbox_lane_position", "outbox")
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_column("position")
