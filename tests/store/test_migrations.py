"""The tables that the steps make are the tables the code speaks of."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from engine.store import Store
from engine.store.tables import metadata


def test_the_steps_make_exactly_the_tables_the_code_speaks_of(store: Store) -> None:
    # Given a database made by the steps
    with store._database.engine.connect() as connection:
        # I expect nothing to add or to take away
        opts = {"compare_type": False, "include_name": _is_ours}
        context = MigrationContext.configure(connection, opts=opts)
        assert compare_metadata(context, metadata) == []


def _is_ours(name: str | None, kind: str, parents: object) -> bool:
    # The index of words is each database's own.
    return name is None or not name.startswith("passage_words")
