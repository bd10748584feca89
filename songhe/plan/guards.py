"""What the database itself refuses about reports on tasks, on both engines; frozen with the migration that runs it."""

from __future__ import annotations

from django.db import migrations

from songhe.registry.guards import step

_WRONG_REPORTER = (
    "NOT EXISTS (SELECT 1 FROM plan_report r WHERE r.id = NEW.report_id AND r.reported_by_id = NEW.reporter_id)"
)
_SAME_HANDS = (
    "NEW.kind IN ('confirm', 'return') AND EXISTS (SELECT 1 FROM plan_act a "
    "WHERE a.report_id = NEW.report_id AND a.kind = 'hand_up' AND a.user_id = NEW.user_id)"
)
_NOTHING_TO_UNDO = (
    "NEW.kind = 'undo' AND NOT EXISTS (SELECT 1 FROM plan_act a "
    "WHERE a.report_id = NEW.report_id AND a.kind = 'confirm')"
)


def two_people() -> migrations.RunPython:
    """An act names the report's reporter, who handed up does not confirm, and only what was confirmed is undone."""
    refused = " OR ".join(f"({condition})" for condition in (_WRONG_REPORTER, _SAME_HANDS, _NOTHING_TO_UNDO))
    return step(
        postgresql=[
            "CREATE OR REPLACE FUNCTION plan_two_people() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF {refused} THEN RAISE EXCEPTION 'two people report and confirm' "
            "USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER plan_act_two_people BEFORE INSERT ON plan_act FOR EACH ROW "
            "EXECUTE FUNCTION plan_two_people()",
        ],
        sqlite=[
            f"CREATE TRIGGER plan_act_two_people BEFORE INSERT ON plan_act WHEN {refused} "
            "BEGIN SELECT RAISE(ABORT, 'two people report and confirm'); END"
        ],
        undo=[("plan_act", "plan_act_two_people")],
    )
