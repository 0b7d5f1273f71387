"""What was done is chained, consents have an end, who asked who somebody is, whom to forget again."""

import sqlalchemy as sa
from alembic import op

from storage.types import Utc

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_cases = sa.table("cases", sa.column("id", sa.BigInteger), sa.column("anonymous", sa.Boolean))
_files = sa.table("files", sa.column("case_id", sa.BigInteger), sa.column("name", sa.Text))


def upgrade() -> None:
    with op.batch_alter_table("consents", schema=None) as batch_op:
        batch_op.add_column(sa.Column("purpose", sa.String(length=40), server_default="", nullable=False))
        batch_op.add_column(sa.Column("days", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("withdrawn_at", Utc(), nullable=True))
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.add_column(sa.Column("forget_at", Utc(), nullable=True))
    once = sa.text("forget_at IS NOT NULL")
    op.create_index("ix_outbox_forget_at", "outbox", ["forget_at"], sqlite_where=once, postgresql_where=once)
    op.create_table(
        "audit",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("actor", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("what", sa.String(length=40), nullable=False),
        sa.Column("event_id", sa.BigInteger(), nullable=True),
        sa.Column("content", sa.JSON(), nullable=True),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit")),
    )
    op.create_index("ix_audit_subject", "audit", ["subject"])
    head = op.create_table(
        "audit_head",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    op.bulk_insert(head, [{"id": 1, "seq": 0, "hash": ""}])
    op.create_table(
        "reveals",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("asked_by", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("approved", sa.Boolean(), nullable=True),
        sa.Column("decided_by", sa.String(length=40), server_default="", nullable=False),
        sa.Column("decided_at", Utc(), nullable=True),
        sa.Column("shown_at", Utc(), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_reveals_case_id_cases"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reveals")),
    )
    op.create_index("ix_reveals_case_id", "reveals", ["case_id"])
    op.create_table(
        "tombstones",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("how", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_tombstones")),
    )
    anonymous = sa.select(_cases.c.id).where(_cases.c.anonymous)
    op.execute(_files.update().where(_files.c.case_id.in_(anonymous)).values(name=""))


def downgrade() -> None:
    for table in ("tombstones", "reveals", "audit_head", "audit"):
        op.drop_table(table)
    op.drop_index("ix_outbox_forget_at", "outbox")
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_column("forget_at")
    with op.batch_alter_table("consents", schema=None) as batch_op:
        batch_op.drop_column("withdrawn_at")
        batch_op.drop_column("days")
        batch_op.drop_column("purpose")
