"""Accounts that need a grant, have quotas and raise alarms; who was asked to keep the window open."""

import sqlalchemy as sa
from alembic import op

from storage.types import Utc

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "grants",
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("account", sa.String(length=40), nullable=False),
        sa.Column("access", sa.Text(), nullable=False),
        sa.Column("refresh", sa.Text(), nullable=False),
        sa.Column("renewed_at", Utc(), nullable=False),
        sa.Column("expires_at", Utc(), nullable=False),
        sa.PrimaryKeyConstraint("channel", "account", name=op.f("pk_grants")),
    )
    op.create_table(
        "quotas",
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("account", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("remain", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("until", sa.String(length=20), nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.PrimaryKeyConstraint("channel", "account", "kind", name=op.f("pk_quotas")),
    )
    op.create_table(
        "alarms",
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("account", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("since", Utc(), nullable=False),
        sa.PrimaryKeyConstraint("channel", "account", "name", name=op.f("pk_alarms")),
    )
    with op.batch_alter_table("talks", schema=None) as batch_op:
        batch_op.add_column(sa.Column("noticed_at", Utc(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("talks", schema=None) as batch_op:
        batch_op.drop_column("noticed_at")
    for table in ("alarms", "quotas", "grants"):
        op.drop_table(table)
