"""When to look at a case again, which units are silent, which rules promises follow; open cases at hand."""

import sqlalchemy as sa
from alembic import op

from storage.types import Utc

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

OPEN = "status IN ('routed', 'accepted', 'waiting')"
PARTIAL = {
    "ix_cases_open": (["id"], OPEN),
    "ix_cases_open_due": (["due", "id"], OPEN),
    "ix_cases_open_unit_due": (["unit", "due", "id"], OPEN),
    "ix_cases_open_kind": (["kind", "id"], OPEN),
    "ix_cases_routed": (["unit", "received"], "status = 'routed'"),
    "ix_cases_paused": (["paused"], "status = 'waiting'"),
    "ix_cases_answered": (["answered"], "status = 'answered'"),
    "ix_cases_sender_known": (["closed"], "chat != ''"),
}
WHOLE = {
    "ix_cases_unit_status_id": ("cases", ["unit", "status", "id"]),
    "ix_cases_status_id": ("cases", ["status", "id"]),
    "ix_case_events_actor_id": ("case_events", ["actor", "id"]),
}


def upgrade() -> None:
    op.create_table(
        "reminders",
        sa.Column("case_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("step", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("told", sa.Text(), server_default="", nullable=False),
        sa.Column("times", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_reminders_case_id_cases"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_reminders")),
    )
    op.create_index("ix_reminders_at", "reminders", ["at"])
    reminded = sa.text("step > 0")
    op.create_index(
        "ix_reminders_step", "reminders", ["step"], sqlite_where=reminded, postgresql_where=reminded
    )
    op.create_table(
        "silences",
        sa.Column("unit", sa.String(length=20), nullable=False),
        sa.Column("stage", sa.SmallInteger(), nullable=False),
        sa.Column("since", Utc(), nullable=False),
        sa.Column("told_at", Utc(), nullable=False),
        sa.PrimaryKeyConstraint("unit", name=op.f("pk_silences")),
    )
    op.create_table(
        "rules",
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("print", sa.String(length=64), nullable=False),
        sa.Column("applying", sa.String(length=64), server_default="", nullable=False),
        sa.Column("done", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_rules")),
    )
    for name, (columns, where) in PARTIAL.items():
        op.create_index(name, "cases", columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
    for name, (table, columns) in WHOLE.items():
        op.create_index(name, table, columns)
    op.drop_index("ix_cases_unit_status_due", table_name="cases")
    op.execute(f"INSERT INTO reminders (case_id, at) SELECT id, received FROM cases WHERE {OPEN}")  # noqa: S608


def downgrade() -> None:
    op.create_index("ix_cases_unit_status_due", "cases", ["unit", "status", "due"])
    for name, (table, _) in WHOLE.items():
        op.drop_index(name, table_name=table)
    for name in PARTIAL:
        op.drop_index(name, table_name="cases")
    op.drop_table("rules")
    op.drop_table("silences")
    op.drop_index("ix_reminders_step", table_name="reminders")
    op.drop_index("ix_reminders_at", table_name="reminders")
    op.drop_table("reminders")
