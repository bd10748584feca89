"""A report never changes; of a publication only who approved or ended it is added, once."""

from django.db import migrations

from songhe.accounts.append_only import append_only
from songhe.organisations.guards import settled_once
from songhe.registry.guards import only_ended
from songhe.reports.guards import ended_once


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_initial"), ("organisations", "0002_guards"), ("registry", "0001_initial")]

    operations = [
        append_only("reports_report"),
        only_ended(
            "reports_publication",
            "public_id",
            "report_id",
            "content",
            "hash",
            "withheld",
            "limits",
            "proposed_by_id",
            "proposed_at",
        ),
        settled_once("reports_publication", "approved_by_id", "approved_at"),
        ended_once(),
    ]
