"""What the database itself refuses about organisations, on both engines; frozen with the migration that runs it."""

from __future__ import annotations

from django.db import migrations

from songhe.registry.guards import step


def settled_once(table: str, by: str, *columns: str) -> migrations.RunPython:
    """Once `by` holds somebody, neither it nor these columns change: no second person confirms over the first."""
    events, when = f"UPDATE OF {', '.join((by, *columns))}", f"OLD.{by} IS NOT NULL"
    name = f"{table}_settled_once"
    return step(
        postgresql=[
            f"CREATE TRIGGER {name} BEFORE {events} ON {table} FOR EACH ROW WHEN ({when}) "
            "EXECUTE FUNCTION registry_refused()"
        ],
        sqlite=[
            f"CREATE TRIGGER {name} BEFORE {events} ON {table} WHEN {when} "
            f"BEGIN SELECT RAISE(ABORT, 'this change of {table} is refused'); END"
        ],
        undo=[(table, name)],
    )
