"""The tables that the steps make are the tables the code speaks of."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from engine.clock import StoppedClock
from engine.store import Person, Store
from engine.store.tables import metadata


def test_the_steps_make_exactly_the_tables_the_code_speaks_of(store: Store) -> None:
    # Given a database made by the steps
    with store._database.engine.connect() as connection:
        # I expect nothing to add or to take away
        opts = {"compare_type": False, "include_name": _is_ours}
        context = MigrationContext.configure(connection, opts=opts)
        assert compare_metadata(context, metadata) == []


def test_roles_held_in_an_older_database_are_on_record_from_its_upgrade_on(store: Store, clock: StoppedClock) -> None:
    # Given a database from before roles had a history
    with store.begin() as tx:
        tx.put_person(Person(name="amy", zh="甲", en="Amy", memberships=frozenset({"gm/sales"})))
        tx.put_person(Person(name="gone", zh="乙", en="Gone", memberships=frozenset({"gm/sales"}), active=False))
        tx._sql.exec_driver_sql("DROP TABLE role_spell")
        tx._sql.exec_driver_sql("UPDATE alembic_version SET version_num = '0011'")
    # When it is brought up a day later
    before = clock.now()
    clock.advance(days=1)
    store.create()
    # I expect nothing to be said of the day before, and the roles to be known from now on
    with store.look() as reading:
        assert reading.roles_known_since() == clock.now()
        assert reading.roles_at(before) == {} and reading.roles_at(clock.now()) == {"amy": {"gm/sales"}}


def _is_ours(name: str | None, kind: str, parents: object) -> bool:
    # The index of words is each database's own.
    return name is None or not name.startswith("passage_words")
