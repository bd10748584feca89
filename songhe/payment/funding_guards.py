"""What the database itself holds of who bears what, on both engines; frozen with the migration that runs it."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import migrations

from songhe.registry.guards import step

# Name: table, event, the condition under which it is refused.
_REFUSED: Mapping[str, tuple[str, str, str]] = {
    "funding_comes_to_one": (
        "payment_funding",
        "UPDATE OF confirmed_by_id",
        "NEW.confirmed_by_id IS NOT NULL AND "
        "(SELECT coalesce(sum(number), 0) FROM payment_fundingshare WHERE funding_id = NEW.id) <> NEW.parts",
    ),
    "funding_begins_unconfirmed": ("payment_funding", "INSERT", "NEW.confirmed_by_id IS NOT NULL"),
    "funding_ends_once": (
        "payment_funding",
        "UPDATE OF confirmed_by_id, confirmed_at, withdrawn_by_id",
        "OLD.confirmed_by_id IS NOT NULL OR OLD.withdrawn_by_id IS NOT NULL",
    ),
    "funding_is_whole": (
        "payment_fundingshare",
        "INSERT",
        "EXISTS (SELECT 1 FROM payment_funding WHERE id = NEW.funding_id AND confirmed_by_id IS NOT NULL)",
    ),
}


def fundings_are_whole() -> migrations.RunPython:
    """Shares come to one before they are confirmed, and stay as they are."""
    return step(
        sqlite=[
            f"CREATE TRIGGER payment_{name} BEFORE {event} ON {table} WHEN {condition} "
            f"BEGIN SELECT RAISE(ABORT, '{name}'); END"
            for name, (table, event, condition) in _REFUSED.items()
        ],
        postgresql=[
            sql
            for name, (table, event, condition) in _REFUSED.items()
            for sql in (
                f"CREATE FUNCTION payment_{name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {condition} THEN "
                f"RAISE EXCEPTION 'refused: {name}' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
                f"CREATE TRIGGER payment_{name} BEFORE {event} ON {table} "
                f"FOR EACH ROW EXECUTE FUNCTION payment_{name}()",
            )
        ],
        undo=[(table, f"payment_{name}") for name, (table, _, _) in _REFUSED.items()],
    )
