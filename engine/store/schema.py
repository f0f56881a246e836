"""The shape of the database, brought up to this version by Alembic; the steps are in `migrations`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from engine.history import micros
from engine.store.database import Database
from engine.store.trouble import SchemaTooNew, SchemaTooOld, StoreNotCreated

#: From this step on, what cases say is searched as it is today; what an earlier one knew is learnt anew.
_SEARCHED = "0014"
_STEPS = Path(__file__).parent / "migrations"


def upgrade(database: Database, learn: Callable[[Connection], None], now: datetime) -> None:
    """Bring the tables up to this version, in one transaction.

    Args:
        learn: fills what older versions did not keep from the histories they kept.
        now: since when what older versions did not keep at all is on record.

    Raises:
        SchemaTooNew: the database is of a later version.
    """
    with database.writing() as connection:
        if not database.sqlite:
            # Of several nodes that start at once, one makes the tables; the others find them made.
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7264538)")
            # A step over a large table may take its time.
            connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
        config = _config(connection)
        config.attributes["now_us"] = micros(now)
        steps = ScriptDirectory.from_config(config)
        found = _found(connection)
        if found is not None and found not in {step.revision for step in steps.walk_revisions()}:
            raise SchemaTooNew(found=found)
        if found != steps.get_current_head():
            command.upgrade(config, "head")
            if found is not None and found < _SEARCHED:
                learn(connection)


def need_current(database: Database) -> None:
    """Raise unless the tables are of this version.

    Raises:
        StoreNotCreated, SchemaTooOld, SchemaTooNew.
    """
    with database.looking() as connection:
        found = _found(connection)
        steps = ScriptDirectory.from_config(_config(connection))
    if found is None:
        raise StoreNotCreated
    if found != steps.get_current_head():
        known = found in {step.revision for step in steps.walk_revisions()}
        raise (SchemaTooOld if known else SchemaTooNew)(found=found)


def _found(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_STEPS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
