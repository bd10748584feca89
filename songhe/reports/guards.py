"""What the database itself refuses about publications, on both engines; frozen with the migration that runs it."""

from __future__ import annotations

from django.db import migrations

from songhe.registry.guards import step

_TABLE, _NAME = "reports_publication", "reports_publication_ended_once"
_CHANGE = "BEFORE UPDATE OF ended_by_id, ended_at, reason"


def ended_once() -> migrations.RunPython:
    """Once a publication was withdrawn, by whom and why stays as it is."""
    when = "OLD.ended_by_id IS NOT NULL"
    return step(
        postgresql=[
            f"CREATE TRIGGER {_NAME} {_CHANGE} ON {_TABLE} FOR EACH ROW WHEN ({when}) "
            "EXECUTE FUNCTION registry_refused()"
        ],
        sqlite=[
            f"CREATE TRIGGER {_NAME} {_CHANGE} ON {_TABLE} WHEN {when} "
            f"BEGIN SELECT RAISE(ABORT, 'this change of {_TABLE} is refused'); END"
        ],
        undo=[(_TABLE, _NAME)],
    )
