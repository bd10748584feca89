from django.db import migrations

from songhe.accounts.append_only import append_only
from songhe.organisations.guards import settled_once
from songhe.registry.guards import only_ended

_STATED = ("id", "public_id", "package", "indicator", "division_id", "document", "stated_by_id", "stated_at")
_SETTLED = ("settled_at", "outcome", "reason")


class Migration(migrations.Migration):
    dependencies = [("indicators", "0001_initial")]

    operations = [
        append_only("indicators_computation", "indicators_tally", "indicators_evidence"),
        only_ended("indicators_figure", *_STATED, "day", "numerator", "denominator", "note"),
        only_ended("indicators_definition", *_STATED, "parts", "valid_from"),
        settled_once("indicators_figure", "settled_by_id", *_SETTLED),
        settled_once("indicators_definition", "settled_by_id", *_SETTLED),
    ]
