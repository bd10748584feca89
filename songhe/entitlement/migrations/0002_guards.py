from django.db import migrations

from songhe.accounts.append_only import append_only
from songhe.registry.guards import only_ended, references

_ABOUT = {"run_id": "entitlement_run", "person_id": "registry_person"}


class Migration(migrations.Migration):
    dependencies = [("entitlement", "0001_initial"), ("registry", "0004_quality")]

    operations = [
        append_only("entitlement_line", "entitlement_plan", "entitlement_runstep"),
        references(
            "entitlement_line", {**_ABOUT, "county_id": "divisions_division", "division_id": "divisions_division"}
        ),
        references("entitlement_missingfact", _ABOUT),
        references("entitlement_found", _ABOUT),
        only_ended(
            "entitlement_run",
            *("id", "public_id", "county_id", "month", "package", "package_hash", "basis", "known_in_id", "base_id"),
            *("accounts_from", "first", "folder", "files", "people", "again", "items", "due_fen", "arrears_fen"),
            *("recovery_fen", "line_count", "overlap_count", "findings", "made_by_id", "made_at"),
        ),
    ]
