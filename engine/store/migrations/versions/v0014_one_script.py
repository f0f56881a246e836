"""Both scripts of Chinese are searched as one: what was learnt of cases and titles in one of them is learnt anew."""

from alembic import op
from sqlalchemy import text

from engine.store.projection import folded, grams

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    sql = op.get_bind()
    # The histories tell them; the store learns them once all steps are done.
    sql.execute(text("DELETE FROM passage"))
    titled = sql.execute(text("SELECT case_id, title, title_folded FROM case_head WHERE title IS NOT NULL")).all()
    for case, title, before in titled:
        if (now := folded(title)) == before:
            continue
        sql.execute(text("UPDATE case_head SET title_folded = :now WHERE case_id = :case"), {"now": now, "case": case})
        sql.execute(text("DELETE FROM gram WHERE case_id = :case"), {"case": case})
        sql.execute(text("INSERT INTO gram (gram, case_id) VALUES (:gram, :case)"), [{"gram": g, "case": case} for g in grams(title)])
