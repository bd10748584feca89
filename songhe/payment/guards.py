"""What the database itself holds in the ledger, on both engines; frozen with the migration that runs it.

An entry closes postings that are there already: so one look at the entry's postings is enough, at any size and on
either engine, and no constraint needs to be deferred but the foreign key from posting to entry.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import migrations

# Any number will do, as long as nobody else takes the same lock. Frozen: it stands in the database's functions.
LOCK = 7_305_241_996

_ENTRY_BALANCES = """
CREATE FUNCTION payment_entry_balances() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE number bigint; total numeric;
BEGIN
    SELECT count(*), coalesce(sum(fen), 0) INTO number, total FROM payment_posting WHERE entry_id = NEW.id;
    IF number < 2 OR number <> NEW.postings OR total <> 0 THEN
        RAISE EXCEPTION 'entry % does not balance: % postings, sum %', NEW.id, number, total
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$
"""

# The lock makes a second writer of the same entry wait until the first has committed, and then see its entry.
_POSTING_TAKEN = f"""
CREATE FUNCTION payment_posting_taken() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock({LOCK});
    IF EXISTS (SELECT 1 FROM payment_entry e WHERE e.id IN (SELECT DISTINCT entry_id FROM added)) THEN
        RAISE EXCEPTION 'the entry of a posting is closed' USING ERRCODE = 'restrict_violation';
    END IF;
    UPDATE payment_account a SET balance = a.balance + s.fen
        FROM (SELECT account_id, sum(fen) AS fen FROM added GROUP BY account_id) s WHERE a.id = s.account_id;
    RETURN NULL;
END $$
"""

_SQLITE = (
    """
CREATE TRIGGER payment_entry_balances BEFORE INSERT ON payment_entry
WHEN (SELECT count(*) < 2 OR count(*) <> NEW.postings OR sum(fen) <> 0 FROM payment_posting WHERE entry_id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'the entry does not balance'); END
""",
    """
CREATE TRIGGER payment_posting_closed BEFORE INSERT ON payment_posting
WHEN EXISTS (SELECT 1 FROM payment_entry WHERE id = NEW.entry_id)
BEGIN SELECT RAISE(ABORT, 'the entry of a posting is closed'); END
""",
    """
CREATE TRIGGER payment_posting_taken AFTER INSERT ON payment_posting
BEGIN UPDATE payment_account SET balance = balance + NEW.fen WHERE id = NEW.account_id; END
""",
)
_POSTGRESQL = (
    _ENTRY_BALANCES,
    "CREATE TRIGGER payment_entry_balances BEFORE INSERT ON payment_entry "
    "FOR EACH ROW EXECUTE FUNCTION payment_entry_balances()",
    _POSTING_TAKEN,
    "CREATE TRIGGER payment_posting_taken AFTER INSERT ON payment_posting REFERENCING NEW TABLE AS added "
    "FOR EACH STATEMENT EXECUTE FUNCTION payment_posting_taken()",
)
_UNDO = {
    "sqlite": tuple(f"DROP TRIGGER payment_{name}" for name in ("entry_balances", "posting_closed", "posting_taken")),
    "postgresql": (
        "DROP TRIGGER payment_entry_balances ON payment_entry",
        "DROP TRIGGER payment_posting_taken ON payment_posting",
        "DROP FUNCTION payment_entry_balances",
        "DROP FUNCTION payment_posting_taken",
    ),
}


def ledger_balances() -> migrations.RunPython:
    """Entries come to zero and stay so, balances follow. A violation raises django.db.IntegrityError."""
    return step({"sqlite": _SQLITE, "postgresql": _POSTGRESQL}, _UNDO)


def step(creation: dict[str, tuple[str, ...]], removal: dict[str, tuple[str, ...]]) -> migrations.RunPython:
    """A step of a migration that runs an engine's statements one by one."""
    return migrations.RunPython(_runner(creation), _runner(removal))


def _runner(statements: dict[str, tuple[str, ...]]) -> Callable[[Any, Any], None]:
    def execute(apps: Any, schema_editor: Any) -> None:
        with schema_editor.connection.cursor() as cursor:
            for statement in statements[schema_editor.connection.vendor]:
                cursor.execute(statement)

    return execute
