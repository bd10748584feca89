from django.db import migrations

from songhe.accounts.append_only import append_only
from songhe.payment.guards import ledger_balances
from songhe.registry.guards import only_ended, references


class Migration(migrations.Migration):
    dependencies = [("payment", "0001_initial")]

    operations = [
        ledger_balances(),
        append_only("payment_entry", "payment_posting", "payment_budget", "payment_claim", "payment_setoff"),
        references("payment_claim", {"person_id": "registry_person", "fund_id": "payment_fund"}),
        references("payment_posting", {"account_id": "payment_account", "claim_id": "payment_claim"}),
        only_ended("payment_fund", "id", "kind", "level", "division_id", "year"),
        only_ended("payment_account", "id", "fund_id", "kind", "item"),
        only_ended("payment_recoveryplan", "claim_id", "per_month", "reason", "stated_by_id", "stated_at"),
        only_ended(
            "payment_payee",
            "person_id",
            "name",
            "relation",
            "reason",
            "account",
            "account_hash",
            "valid_from",
            "valid_to",
            "stated_by_id",
        ),
    ]
