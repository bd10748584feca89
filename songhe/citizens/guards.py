"""What the database itself refuses of codes and what they opened: a violation raises django.db.IntegrityError."""

from __future__ import annotations

from django.db import migrations

from songhe.registry.guards import step


def ends_once(table: str, *, counts: str = "") -> migrations.RunPython:
    """What has ended stays so, and `counts` (a column) never goes down."""
    wrong = "OLD.ended_at IS NOT NULL" + (f" OR NEW.{counts} < OLD.{counts}" if counts else "")
    name = f"{table}_ends_once"
    return step(
        postgresql=[
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "RAISE EXCEPTION 'it has ended, or counts back' USING ERRCODE = 'restrict_violation'; END $$",
            f"CREATE TRIGGER {name} BEFORE UPDATE ON {table} FOR EACH ROW WHEN ({wrong}) EXECUTE FUNCTION {name}()",
        ],
        sqlite=[
            f"CREATE TRIGGER {name} BEFORE UPDATE ON {table} WHEN {wrong} "
            "BEGIN SELECT RAISE(ABORT, 'it has ended, or counts back'); END"
        ],
        undo=[(table, name)],
    )
