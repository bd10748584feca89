from django.db import migrations

from songhe.accounts.append_only import append_only
from songhe.registry.guards import only_ended, references


class Migration(migrations.Migration):
    dependencies = [("registry", "0001_initial")]

    operations = [
        append_only("registry_transaction", "registry_factrecord", "registry_retraction", "registry_consent"),
        references("registry_person", {"created_in_id": "registry_transaction"}),
        references(
            "registry_factrecord",
            {
                "person_id": "registry_person",
                "transaction_id": "registry_transaction",
                "division_id": "divisions_division",
            },
        ),
        only_ended("registry_person", "id", "public_id", "created_in_id"),
        only_ended("registry_membership", "household_id", "person_id", "valid_from", "recorded_in_id"),
        only_ended(
            "registry_kinship",
            "person_id",
            "kind",
            "relation",
            "relative_id",
            "name",
            "phone",
            "valid_from",
            "recorded_in_id",
        ),
    ]
