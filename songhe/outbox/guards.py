"""What the database itself refuses of messages, on both engines: a violation raises django.db.IntegrityError."""

from __future__ import annotations

from django.db import migrations

from songhe.registry.guards import step

_TABLE = "outbox_message"
_ONWARD = {"waiting": ("taken", "expired"), "taken": ("delivered", "failed", "expired")}


def _written_over(column: str) -> str:
    return f"(NEW.{column} IS NOT NULL AND (OLD.{column} IS NULL OR NEW.{column} <> OLD.{column}))"


def only_onward() -> migrations.RunPython:
    """States go forward and never back; telephone and text are erased and never written over."""
    ways = " OR ".join(
        f"(OLD.state = '{before}' AND NEW.state IN ({', '.join(map(repr, after))}))"
        for before, after in _ONWARD.items()
    )
    wrong = f"(NEW.state <> OLD.state AND NOT ({ways})) OR {_written_over('phone')} OR {_written_over('text')}"
    name = f"{_TABLE}_onward"
    return step(
        postgresql=[
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "RAISE EXCEPTION 'a message only goes onward' USING ERRCODE = 'restrict_violation'; END $$",
            f"CREATE TRIGGER {name} BEFORE UPDATE ON {_TABLE} FOR EACH ROW WHEN ({wrong}) EXECUTE FUNCTION {name}()",
        ],
        sqlite=[
            f"CREATE TRIGGER {name} BEFORE UPDATE ON {_TABLE} WHEN {wrong} "
            "BEGIN SELECT RAISE(ABORT, 'a message only goes onward'); END"
        ],
        undo=[(_TABLE, name)],
    )
