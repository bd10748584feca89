from django.db import migrations

from songhe.accounts.append_only import append_only
from songhe.organisations.guards import settled_once
from songhe.registry.guards import only_ended


class Migration(migrations.Migration):
    dependencies = [("facilities", "0001_initial")]

    operations = [
        append_only("facilities_factrecord", "facilities_retraction", "facilities_change"),
        only_ended("facilities_estate", "id", "public_id", "division_id", "began_on", "recorded_by_id", "recorded_at"),
        only_ended("facilities_pool", "id", "public_id", "division_id", "recorded_by_id", "recorded_at"),
        only_ended(
            "facilities_member",
            "pool_id",
            "estate_id",
            "valid_from",
            "document",
            "recorded_by_id",
            "recorded_at",
        ),
        only_ended(
            "facilities_makeup",
            "public_id",
            "estate_id",
            "package",
            "standard",
            "way",
            "square_metres",
            "due",
            "document",
            "planned_by_id",
            "planned_at",
        ),
        settled_once("facilities_member", "ended_by_id", "valid_to", "ended_at", "end_document"),
        settled_once(
            "facilities_makeup",
            "confirmed_by_id",
            "confirmed_at",
            "done_on",
            "done_square_metres",
            "done_document",
            "done_by_id",
            "done_at",
            "ended_by_id",
        ),
    ]
