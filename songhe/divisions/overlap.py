"""What the database itself refuses, in the words of each engine; frozen with the migration that runs it.

PostgreSQL has exclusion constraints; int8range makes a number a range, so that no extension is needed. SQLite has one
writer at a time, so a trigger that looks is enough.
"""

from __future__ import annotations

_COLUMNS = ("division_id", "code", "name", "level", "parent_id", "is_committee", "valid_from", "opened_by_id")

_EXCLUDE = """
ALTER TABLE divisions_version ADD CONSTRAINT {name} EXCLUDE USING gist (
    int8range({key}, {key}, '[]') WITH &&, daterange(valid_from, valid_to, '[]') WITH &&
)
"""

_CLOSED_ONLY = """
CREATE FUNCTION divisions_version_closed_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.valid_to IS NOT NULL OR {changed} THEN
        RAISE EXCEPTION 'the past of a division is not edited' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$
"""

_LOOK = """
CREATE TRIGGER divisions_version_{event}_overlap BEFORE {EVENT} ON divisions_version
WHEN EXISTS (
    SELECT 1 FROM divisions_version AS other
    WHERE other.id IS NOT NEW.id AND (other.division_id = NEW.division_id OR other.code = NEW.code)
        AND other.valid_from <= coalesce(NEW.valid_to, '9999-12-31')
        AND coalesce(other.valid_to, '9999-12-31') >= NEW.valid_from
)
BEGIN SELECT RAISE(ABORT, 'two versions of a division or of a code overlap'); END
"""

_KEEP = """
CREATE TRIGGER divisions_version_closed_only BEFORE UPDATE ON divisions_version
WHEN OLD.valid_to IS NOT NULL OR {changed}
BEGIN SELECT RAISE(ABORT, 'the past of a division is not edited'); END
"""

CREATE = {
    "postgresql": (
        _EXCLUDE.format(name="division_no_overlap", key="division_id"),
        _EXCLUDE.format(name="division_code_no_overlap", key="(code::bigint)"),
        _CLOSED_ONLY.format(changed=" OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in _COLUMNS)),
        "CREATE TRIGGER divisions_version_closed_only BEFORE UPDATE ON divisions_version "
        "FOR EACH ROW EXECUTE FUNCTION divisions_version_closed_only()",
    ),
    "sqlite": (
        _LOOK.format(event="insert", EVENT="INSERT"),
        _LOOK.format(event="update", EVENT="UPDATE"),
        _KEEP.format(changed=" OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in _COLUMNS)),
    ),
}
DROP = {
    "postgresql": (
        "DROP TRIGGER divisions_version_closed_only ON divisions_version",
        "DROP FUNCTION divisions_version_closed_only",
        "ALTER TABLE divisions_version DROP CONSTRAINT division_code_no_overlap",
        "ALTER TABLE divisions_version DROP CONSTRAINT division_no_overlap",
    ),
    "sqlite": tuple(
        f"DROP TRIGGER divisions_version_{name}" for name in ("insert_overlap", "update_overlap", "closed_only")
    ),
}
