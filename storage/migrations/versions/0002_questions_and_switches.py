"""What was asked, and which answers are switched off."""

import sqlalchemy as sa
from alembic import op

from storage.types import Utc

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

OPEN_QUESTION = "settled_how = '' AND outcome IN ('choices', 'refused', 'unknown')"


def upgrade() -> None:
    op.create_table(
        "questions",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("entry", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("nearest", sa.Text(), nullable=False),
        sa.Column("settled_how", sa.Text(), server_default="", nullable=False),
        sa.Column("settled_by", sa.String(length=40), server_default="", nullable=False),
        sa.Column("settled_at", Utc(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questions")),
    )
    with op.batch_alter_table("questions", schema=None) as batch_op:
        batch_op.create_index("ix_questions_at", ["at"], unique=False)
        batch_op.create_index(
            "ix_questions_open",
            ["at", "id"],
            unique=False,
            sqlite_where=sa.text(OPEN_QUESTION),
            postgresql_where=sa.text(OPEN_QUESTION),
        )

    op.create_table(
        "switches",
        sa.Column("entry", sa.Text(), nullable=False),
        sa.Column("off", sa.Boolean(), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("entry", name=op.f("pk_switches")),
    )


def downgrade() -> None:
    op.drop_table("switches")
    with op.batch_alter_table("questions", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_questions_open",
            sqlite_where=sa.text(OPEN_QUESTION),
            postgresql_where=sa.text(OPEN_QUESTION),
        )
        batch_op.drop_index("ix_questions_at")

    op.drop_table("questions")
