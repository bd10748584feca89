"""What the database itself holds of batches, on both engines; frozen with the migration that runs it."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import migrations

from songhe.payment.guards import step

# From each state, where a batch may go.
WAYS: Mapping[str, tuple[str, ...]] = {
    "draft": ("checked", "cancelled"),
    "checked": ("approved", "cancelled"),
    "approved": ("exported", "cancelled"),
    "exported": ("sent",),
    "sent": ("answered",),
    "answered": ("reconciled",),
    "reconciled": ("closed",),
}
_ALLOWED = " OR ".join(
    f"(OLD.state = '{before}' AND NEW.state IN ({', '.join(f'{after!r}' for after in ways)}))"
    for before, ways in WAYS.items()
)

# Name: table, event, the condition under which it is refused.
_REFUSED: Mapping[str, tuple[str, str, str]] = {
    "batch_begins_as_draft": ("payment_batch", "INSERT", "NEW.state <> 'draft'"),
    "batch_goes_its_way": ("payment_batch", "UPDATE OF state", f"NOT ({_ALLOWED})"),
    "batch_has_its_approvals": (
        "payment_batch",
        "UPDATE OF state",
        "NEW.state = 'approved' AND (SELECT count(*) FROM payment_approval WHERE batch_id = NEW.id) "
        "< NEW.approvals_needed",
    ),
    "checked_once": (
        "payment_batch",
        "UPDATE OF checker_id, approvals_needed, bureau_needed",
        "OLD.checker_id IS NOT NULL",
    ),
    "approved_by_another": (
        "payment_approval",
        "INSERT",
        "EXISTS (SELECT 1 FROM payment_batch WHERE id = NEW.batch_id AND "
        "(maker_id = NEW.user_id OR checker_id = NEW.user_id OR state <> 'checked'))",
    ),
    # What a line pays is let go only when the bank gave it back, or when it never went out.
    "released_when_it_came_back": (
        "payment_assignment",
        "UPDATE OF live",
        "NOT (OLD.live AND NOT NEW.live AND (EXISTS (SELECT 1 FROM payment_answer WHERE line_id = NEW.line_id "
        "AND outcome = 'bounced') OR EXISTS (SELECT 1 FROM payment_paymentline l JOIN payment_batch b "
        "ON b.id = l.batch_id WHERE l.id = NEW.line_id AND b.state = 'cancelled')))",
    ),
}
_ANSWERS_ADDED = """
CREATE FUNCTION payment_answers_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM added a JOIN payment_answer b ON b.line_id = a.line_id AND b.outcome = 'bounced'
        WHERE a.outcome = 'paid' AND b.id < a.id) THEN
        RAISE EXCEPTION 'what came back was not paid' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$
"""


def batches_go_their_way() -> migrations.RunPython:
    """Different people make, check and approve; states have one direction; a claim is let go for cause only."""
    return step(
        {"sqlite": tuple(_sqlite()), "postgresql": tuple(_postgresql())},
        {"sqlite": _undo_sqlite(), "postgresql": _undo_postgresql()},
    )


def _sqlite() -> list[str]:
    made = [
        f"CREATE TRIGGER payment_{name} BEFORE {event} ON {table} WHEN {condition} "
        f"BEGIN SELECT RAISE(ABORT, '{name}'); END"
        for name, (table, event, condition) in _REFUSED.items()
    ]
    return [
        *made,
        "CREATE TRIGGER payment_answers_added BEFORE INSERT ON payment_answer WHEN NEW.outcome = 'paid' AND "
        "EXISTS (SELECT 1 FROM payment_answer WHERE line_id = NEW.line_id AND outcome = 'bounced') "
        "BEGIN SELECT RAISE(ABORT, 'what came back was not paid'); END",
    ]


def _postgresql() -> list[str]:
    made = []
    for name, (table, event, condition) in _REFUSED.items():
        made += [
            f"CREATE FUNCTION payment_{name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {condition} THEN "
            f"RAISE EXCEPTION 'refused: {name}' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
            f"CREATE TRIGGER payment_{name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION payment_{name}()",
        ]
    return [
        *made,
        _ANSWERS_ADDED,
        "CREATE TRIGGER payment_answers_added AFTER INSERT ON payment_answer REFERENCING NEW TABLE AS added "
        "FOR EACH STATEMENT EXECUTE FUNCTION payment_answers_added()",
    ]


def _undo_sqlite() -> tuple[str, ...]:
    names = (*_REFUSED, "answers_added")
    return tuple(f"DROP TRIGGER payment_{name}" for name in names)


def _undo_postgresql() -> tuple[str, ...]:
    tables = {**{name: table for name, (table, _, _) in _REFUSED.items()}, "answers_added": "payment_answer"}
    return (
        *(f"DROP TRIGGER payment_{name} ON {table}" for name, table in tables.items()),
        *(f"DROP FUNCTION payment_{name}" for name in tables),
    )
