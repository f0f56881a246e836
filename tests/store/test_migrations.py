"""The tables that the steps make are the tables the code speaks of."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from engine.clock import StoppedClock
from engine.store import CaseQuery, Person, Store
from engine.store.migrations.versions.v0013_first_characters import MADE
from engine.store.tables import metadata
from tests.store.told import a_case

#: What databases before 0015 did not have.
NO_PRESENCE = "DROP TABLE presence"


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
        for step in ("DROP TABLE role_spell", NO_PRESENCE, "UPDATE alembic_version SET version_num = '0011'"):
            tx._sql.exec_driver_sql(step)
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


def test_an_index_that_is_made_anew_knows_the_words_of_older_cases(store: Store, clock: StoppedClock) -> None:
    # Given a database in which cases said something before the index knew first characters
    if not store.sqlite:
        pytest.skip("PostgreSQL keeps its own")
    case = a_case(store, at=clock.now(), title="外箱破损")
    old = MADE.replace("prefix='1', ", "")
    assert old != MADE
    with store.begin() as tx:
        for step in ("DROP TABLE passage_words", old, "INSERT INTO passage_words (passage_words) VALUES ('rebuild')"):
            tx._sql.exec_driver_sql(step)
        tx._sql.exec_driver_sql(NO_PRESENCE)
        tx._sql.exec_driver_sql("UPDATE alembic_version SET version_num = '0012'")
    # When the steps that lack are done
    store.create()
    # I expect the old words to be found, and those that come
    other = a_case(store, at=clock.now(), title="外箱迟延")
    with store.look() as reading:
        assert {row.case for row in reading.cases(CaseQuery(words="箱", unsealed=True)).rows} == {case.case, other.case}
        sql = reading._sql.exec_driver_sql("SELECT sql FROM sqlite_master WHERE name = 'passage_words'").scalar()
        assert "prefix='1'" in str(sql)


def test_an_older_database_is_searched_in_both_scripts(store: Store, clock: StoppedClock) -> None:
    # Given a title in traditional characters, learnt when scripts were told apart
    case = a_case(store, at=clock.now(), title="產品受潮")
    with store.begin() as tx:
        for step in (
            "UPDATE case_head SET title_folded = '產品受潮'",
            "DELETE FROM gram",
            f"INSERT INTO gram (gram, case_id) VALUES ('產品', '{case.case}'), ('品受', '{case.case}'), ('受潮', '{case.case}')",
            NO_PRESENCE, "UPDATE alembic_version SET version_num = '0013'",
        ):
            tx._sql.exec_driver_sql(step)
    # When it is brought up
    store.create()
    # I expect it to be found in either script, by its title and by its words, once each
    with store.look() as reading:
        for asked in ("产品", "產品"):
            for query in (CaseQuery(q=asked, unsealed=True), CaseQuery(words=asked, unsealed=True)):
                assert [row.case for row in reading.cases(query).rows] == [case.case]
