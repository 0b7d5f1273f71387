"""The list of badly rated answers costs the same in each year."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_low = sa.text("stars <= 2")


def upgrade() -> None:
    op.create_index("ix_cases_rated_low", "cases", ["unit", "id"], sqlite_where=_low, postgresql_where=_low)


def downgrade() -> None:
    op.drop_index("ix_cases_rated_low", table_name="cases")
