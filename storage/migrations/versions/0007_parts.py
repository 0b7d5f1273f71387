"""Which messages became part of a case, and which were questions: both may be changed afterwards."""

import sqlalchemy as sa
from alembic import op

from storage.types import Utc

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "parts",
        sa.Column("lane", sa.String(length=160), nullable=False),
        sa.Column("message", sa.String(length=80), nullable=False),
        sa.Column("album", sa.String(length=80), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_parts_case_id_cases"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("lane", "message", name=op.f("pk_parts")),
    )
    op.create_index("ix_parts_case_id", "parts", ["case_id"], unique=False)
    op.create_index("ix_parts_at", "parts", ["at"], unique=False)
    with op.batch_alter_table("talks", schema=None) as batch_op:
        batch_op.add_column(sa.Column("asked", sa.JSON(), server_default="[]", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("talks", schema=None) as batch_op:
        batch_op.drop_column("asked")
    op.drop_index("ix_parts_at", table_name="parts")
    op.drop_index("ix_parts_case_id", table_name="parts")
    op.drop_table("parts")
