"""What is rare among many cases is found without reading them all."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

PARTIAL = {
    "ix_cases_unit_answered": ("cases", ["unit", "answered"], "answered IS NOT NULL"),
    "ix_case_events_erased": ("case_events", ["case_id"], "event = 'Erased'"),
    "ix_case_events_moved": ("case_events", ["at"], "event IN ('Transferred', 'Returned')"),
}


def upgrade() -> None:
    for name, (table, columns, where) in PARTIAL.items():
        op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def downgrade() -> None:
    for name, (table, _, _) in PARTIAL.items():
        op.drop_index(name, table_name=table)
