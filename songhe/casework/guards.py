"""What the database itself refuses in cases, on both engines: a violation raises django.db.IntegrityError.

Two people make and check (不相容岗位分离): nobody has two duties in one case, and nobody with a duty in a case handles
the appeal or complaint about it. What was opened stays as it was opened, and what is closed stays closed.
"""

from __future__ import annotations

from django.db import migrations

from songhe.registry.guards import step

_SAME_CASE = "o.case_id = a.case_id AND o.duty <> a.duty"
_EARLIER_CASE = (
    "o.case_id = (SELECT c.about_id FROM casework_case c WHERE c.id = a.case_id AND c.kind IN ('appeal', 'complaint'))"
)
_FROZEN = (
    *("id", "public_id", "kind", "package", "item", "subject_kind", "subject_id", "about_id"),
    *("procedure_id", "how", "agent_id", "opened_by_id", "opened_at", "request_key"),
)


def two_people() -> migrations.RunPython:
    """Acts of one user in one case all have one duty; by statement on PostgreSQL, as acts come by thousands."""
    found = (
        "SELECT 1 FROM {added} a JOIN casework_act o ON o.user_id = a.user_id AND o.duty <> '' "
        "AND {where} WHERE a.duty <> ''"
    )
    on_postgresql = " OR ".join(
        f"EXISTS ({found.format(added='added', where=where)})" for where in (_SAME_CASE, _EARLIER_CASE)
    )
    row = "(SELECT NEW.case_id AS case_id, NEW.user_id AS user_id, NEW.duty AS duty)"
    on_sqlite = " OR ".join(f"EXISTS ({found.format(added=row, where=where)})" for where in (_SAME_CASE, _EARLIER_CASE))
    return step(
        postgresql=[
            "CREATE OR REPLACE FUNCTION casework_two_people() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF {on_postgresql} THEN RAISE EXCEPTION 'two people make and check' "
            "USING ERRCODE = 'restrict_violation'; END IF; RETURN NULL; END $$",
            "CREATE TRIGGER casework_act_two_people AFTER INSERT ON casework_act REFERENCING NEW TABLE AS added "
            "FOR EACH STATEMENT EXECUTE FUNCTION casework_two_people()",
        ],
        sqlite=[
            "CREATE TRIGGER casework_act_two_people BEFORE INSERT ON casework_act "
            f"WHEN NEW.duty <> '' AND ({on_sqlite}) "
            "BEGIN SELECT RAISE(ABORT, 'two people make and check'); END"
        ],
        undo=[("casework_act", "casework_act_two_people")],
    )


def two_people_by_row() -> migrations.RunPython:
    """The same on PostgreSQL by rows: two index look-ups for each, whatever the planner knows of the table's size."""
    mine = "SELECT 1 FROM casework_act o WHERE o.user_id = NEW.user_id AND o.duty <> ''"
    return step(
        postgresql=[
            "CREATE OR REPLACE FUNCTION casework_two_people_row() RETURNS trigger LANGUAGE plpgsql AS $$ "
            "DECLARE earlier bigint; BEGIN "
            "SELECT c.about_id INTO earlier FROM casework_case c "
            "WHERE c.id = NEW.case_id AND c.kind IN ('appeal', 'complaint'); "
            f"IF EXISTS ({mine} AND o.case_id = NEW.case_id AND o.duty <> NEW.duty) "
            f"OR (earlier IS NOT NULL AND EXISTS ({mine} AND o.case_id = earlier)) "
            "THEN RAISE EXCEPTION 'two people make and check' USING ERRCODE = 'restrict_violation'; END IF; "
            "RETURN NEW; END $$",
            "DROP TRIGGER IF EXISTS casework_act_two_people ON casework_act",
            "CREATE TRIGGER casework_act_two_people BEFORE INSERT ON casework_act FOR EACH ROW "
            "WHEN (NEW.duty <> '') EXECUTE FUNCTION casework_two_people_row()",
        ],
        sqlite=[],
        undo=[],
    )


def cases_stay() -> migrations.RunPython:
    """No DELETE of a case, no UPDATE of how it was opened, and none at all once it is closed."""
    refusals = {
        "no_delete": ("DELETE", ""),
        "frozen": (f"UPDATE OF {', '.join(_FROZEN)}", ""),
        "closed": ("UPDATE", "OLD.state = 'closed'"),
    }
    table = "casework_case"
    return step(
        postgresql=[
            "CREATE OR REPLACE FUNCTION casework_refused() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "RAISE EXCEPTION '% of % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$",
            *(
                f"CREATE TRIGGER {table}_{name} BEFORE {event} ON {table} FOR EACH ROW "
                f"{f'WHEN ({condition}) ' if condition else ''}EXECUTE FUNCTION casework_refused()"
                for name, (event, condition) in refusals.items()
            ),
        ],
        sqlite=[
            f"CREATE TRIGGER {table}_{name} BEFORE {event} ON {table} {f'WHEN {condition} ' if condition else ''}"
            f"BEGIN SELECT RAISE(ABORT, 'this change of {table} is refused'); END"
            for name, (event, condition) in refusals.items()
        ],
        undo=[(table, f"{table}_{name}") for name in refusals],
    )
