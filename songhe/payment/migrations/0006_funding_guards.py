from django.db import migrations

from songhe.accounts.append_only import append_only
from songhe.payment.funding_guards import fundings_are_whole
from songhe.registry.guards import only_ended


class Migration(migrations.Migration):
    dependencies = [("payment", "0005_funding")]

    operations = [
        fundings_are_whole(),
        append_only("payment_fundingshare"),
        only_ended(
            "payment_funding",
            "id",
            "division_id",
            "item",
            "year",
            "parts",
            "document",
            "stated_by_id",
            "stated_at",
        ),
    ]
