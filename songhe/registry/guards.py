"""What the database itself holds in the registry, as steps of migrations, on both engines.

`references` stands for foreign keys: PostgreSQL checks those row by row, which costs a loader of millions four times
the load itself, and this a statement at a time. It is sound because what is referred to is never deleted.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import migrations

_FUNCTIONS = """
CREATE OR REPLACE FUNCTION registry_references() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE lacking bigint;
BEGIN
    FOR i IN 0 .. TG_NARGS / 2 - 1 LOOP
        EXECUTE format(
            'SELECT id FROM (SELECT DISTINCT %1$I AS id FROM added WHERE %1$I IS NOT NULL) a '
            'WHERE NOT EXISTS (SELECT 1 FROM %2$I t WHERE t.id = a.id) LIMIT 1',
            TG_ARGV[2 * i], TG_ARGV[2 * i + 1]
        ) INTO lacking;
        IF lacking IS NOT NULL THEN
            RAISE EXCEPTION '% % of % does not exist', TG_ARGV[2 * i], lacking, TG_TABLE_NAME
                USING ERRCODE = 'foreign_key_violation';
        END IF;
    END LOOP;
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION registry_refused() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
"""


def references(table: str, targets: dict[str, str], *, name: str = "references") -> migrations.RunPython:
    """New rows must name what exists: `targets` is column → table. A violation raises django.db.IntegrityError.

    A table that gets more such columns later takes another `name` for them.
    """
    pairs = ", ".join(f"'{column}', '{target}'" for column, target in targets.items())
    lacking = " OR ".join(
        f"NEW.{column} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM {target} WHERE id = NEW.{column})"
        for column, target in targets.items()
    )
    return step(
        postgresql=[
            _FUNCTIONS,
            f"CREATE TRIGGER {table}_{name} AFTER INSERT ON {table} REFERENCING NEW TABLE AS added "
            f"FOR EACH STATEMENT EXECUTE FUNCTION registry_references({pairs})",
        ],
        sqlite=[
            f"CREATE TRIGGER {table}_{name} BEFORE INSERT ON {table} WHEN {lacking} "
            f"BEGIN SELECT RAISE(ABORT, 'a row of {table} refers to what does not exist'); END"
        ],
        undo=[(table, f"{table}_{name}")],
    )


def only_ended(table: str, *columns: str) -> migrations.RunPython:
    """Rows stay: DELETE is refused, and UPDATE of these columns. A violation raises django.db.IntegrityError."""
    events = {"no_delete": "DELETE", "frozen": f"UPDATE OF {', '.join(columns)}"}
    return step(
        postgresql=[
            _FUNCTIONS,
            *(
                f"CREATE TRIGGER {table}_{name} BEFORE {event} ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION registry_refused()"
                for name, event in events.items()
            ),
        ],
        sqlite=[
            f"CREATE TRIGGER {table}_{name} BEFORE {event} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, 'this change of {table} is refused'); END"
            for name, event in events.items()
        ],
        undo=[(table, f"{table}_{name}") for name in events],
    )


def merges_only_end(table: str) -> migrations.RunPython:
    """Merges: only into somebody who was not merged away, so that none runs in a circle, and undone once for good."""
    merged_away = f"EXISTS (SELECT 1 FROM {table} WHERE person_id = NEW.into_id AND undone_in_id IS NULL)"
    conditions = {"into_standing": ("INSERT", merged_away), "undone_once": ("UPDATE", "OLD.undone_in_id IS NOT NULL")}
    return step(
        postgresql=[
            sql
            for name, (event, condition) in conditions.items()
            for sql in (
                f"CREATE OR REPLACE FUNCTION {table}_{name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                f"IF {condition} THEN RAISE EXCEPTION '% of % is refused', TG_OP, TG_TABLE_NAME "
                "USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
                f"CREATE TRIGGER {table}_{name} BEFORE {event} ON {table} "
                f"FOR EACH ROW EXECUTE FUNCTION {table}_{name}()",
            )
        ],
        sqlite=[
            f"CREATE TRIGGER {table}_{name} BEFORE {event} ON {table} WHEN {condition} "
            f"BEGIN SELECT RAISE(ABORT, 'this change of {table} is refused'); END"
            for name, (event, condition) in conditions.items()
        ],
        undo=[(table, f"{table}_{name}") for name in conditions],
    )


def triggers_aside(*tables: str) -> tuple[migrations.RunPython, migrations.RunPython]:
    """Steps for the beginning and the end of a migration that changes a table which triggers are about.

    SQLite makes such a table anew and loses its triggers, and stumbles over those of other tables that read it; on
    PostgreSQL there is nothing to do.
    """
    aside = f"{tables[0]}_triggers_aside"

    def put(apps: Any, schema_editor: Any) -> None:
        if schema_editor.connection.vendor == "sqlite":
            _put_aside(schema_editor.connection, aside, tables)

    def back(apps: Any, schema_editor: Any) -> None:
        if schema_editor.connection.vendor == "sqlite":
            _put_back(schema_editor.connection, aside)

    return migrations.RunPython(put, back), migrations.RunPython(back, put)


def _put_aside(connection: Any, aside: str, tables: tuple[str, ...]) -> None:
    about = " OR ".join(f"instr(sql, '{table}')" for table in tables)
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TABLE {aside} AS SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND ({about})"
        )
        cursor.execute(f"SELECT name FROM {aside}")
        for (name,) in cursor.fetchall():
            cursor.execute(f'DROP TRIGGER "{name}"')


def _put_back(connection: Any, aside: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT sql FROM {aside}")
        for (statement,) in cursor.fetchall():
            cursor.execute(statement)
        cursor.execute(f"DROP TABLE {aside}")


def step(*, postgresql: list[str], sqlite: list[str], undo: list[tuple[str, str]]) -> migrations.RunPython:
    """Statements for each engine; `undo` names tables and their triggers to drop."""
    creation = {"postgresql": postgresql, "sqlite": sqlite}

    def run(statements: Callable[[str], list[str]]) -> Callable[[Any, Any], None]:
        def execute(apps: Any, schema_editor: Any) -> None:
            connection = schema_editor.connection
            with connection.cursor() as cursor:
                for statement in statements(connection.vendor):
                    cursor.execute(statement)

        return execute

    def removal(vendor: str) -> list[str]:
        return [f"DROP TRIGGER {name}{f' ON {table}' if vendor == 'postgresql' else ''}" for table, name in undo]

    return migrations.RunPython(run(lambda vendor: creation[vendor]), run(removal))
