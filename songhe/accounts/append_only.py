"""Tables to which only lines are added: the database itself refuses UPDATE and DELETE, on both engines.

A migration of a table with a foreign key, a constraint or a changed column makes the table anew on SQLite, which drops
its triggers: end such a migration with `append_only(...)` again. The tests of each table would tell.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import migrations

_POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION songhe_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE filled boolean := true;
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I.%I)', TG_TABLE_SCHEMA, TG_TABLE_NAME) INTO filled;
    END IF;
    IF filled THEN
        RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$
"""


def append_only(*tables: str) -> migrations.RunPython:
    """A step of a migration after which UPDATE and DELETE on these tables raise django.db.IntegrityError."""
    return migrations.RunPython(_runner(protect, tables), _runner(release, tables))


def protect(connection: Any, table: str) -> None:
    """Make the triggers of a table, whether or not it has them."""
    release(connection, table)
    with connection.cursor() as cursor:
        for statement in _creation(connection.vendor, table):
            cursor.execute(statement)


def release(connection: Any, table: str) -> None:
    """Drop the triggers of a table."""
    on = f' ON "{table}"' if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        for event in ("update", "delete", "truncate"):
            cursor.execute(f'DROP TRIGGER IF EXISTS "{table}_no_{event}"{on}')


def _creation(vendor: str, table: str) -> list[str]:
    if vendor == "sqlite":
        return [
            f'CREATE TRIGGER "{table}_no_{event}" BEFORE {event.upper()} ON "{table}" '
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            for event in ("update", "delete")
        ]
    if vendor == "postgresql":
        levels = {"update": "ROW", "delete": "ROW", "truncate": "STATEMENT"}
        return [
            _POSTGRESQL_FUNCTION,
            *(
                f'CREATE TRIGGER "{table}_no_{event}" BEFORE {event.upper()} ON "{table}" '
                f"FOR EACH {level} EXECUTE FUNCTION songhe_append_only()"
                for event, level in levels.items()
            ),
        ]
    raise NotImplementedError(f"append-only tables need SQLite or PostgreSQL, not {vendor}")


def _runner(act: Callable[[Any, str], None], tables: tuple[str, ...]) -> Callable[[Any, Any], None]:
    def run(apps: Any, schema_editor: Any) -> None:
        for table in tables:
            act(schema_editor.connection, table)

    return run
