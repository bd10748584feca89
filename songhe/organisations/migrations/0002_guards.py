from django.db import migrations

from songhe.accounts.append_only import append_only
from songhe.organisations.guards import settled_once
from songhe.registry.guards import only_ended


class Migration(migrations.Migration):
    dependencies = [("organisations", "0001_initial")]

    operations = [
        append_only("organisations_factrecord", "organisations_retraction"),
        only_ended("organisations_organisation", "id", "public_id", "code", "opened_on", "recorded_by_id"),
        only_ended(
            "organisations_bankaccount",
            "organisation_id",
            "name",
            "account",
            "account_hash",
            "document",
            "stated_by_id",
            "stated_at",
        ),
        only_ended(
            "organisations_contract",
            "public_id",
            "organisation_id",
            "division_id",
            "document",
            "package",
            "item",
            "clause",
            "unit",
            "price",
            "ceiling",
            "valid_from",
            "valid_to",
            "stated_by_id",
            "stated_at",
        ),
        only_ended(
            "organisations_delivery",
            "public_id",
            "contract_id",
            "month",
            "units",
            "people",
            "document",
            "reported_by_id",
            "reported_at",
        ),
        settled_once("organisations_bankaccount", "confirmed_by_id", "confirmed_at"),
        settled_once("organisations_contract", "confirmed_by_id", "confirmed_at"),
        settled_once("organisations_delivery", "verified_by_id", "verified_at", "verified_units", "finding"),
    ]
