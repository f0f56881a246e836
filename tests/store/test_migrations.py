"""The tables that the steps make are the tables the code speaks of."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from engine.store import Store
from engine.store.tables import metadata


def test_the_steps_make_exactly_the_tables_the_code_speaks_of(store: Store) -> None:
    # Given a database made by the steps
    with store._database.engine.connect() as connection:
        # I expect nothing to add or to take away
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, metadata) == []
