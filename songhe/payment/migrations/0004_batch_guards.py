from django.db import migrations

from songhe.accounts.append_only import append_only
from songhe.payment.batch_guards import batches_go_their_way
from songhe.registry.guards import only_ended, references


class Migration(migrations.Migration):
    dependencies = [("payment", "0003_batches")]

    operations = [
        batches_go_their_way(),
        append_only(
            "payment_approval",
            "payment_paymentline",
            "payment_answer",
            "payment_answerfile",
            "payment_reconciliation",
            "payment_payingaccount",
        ),
        references(
            "payment_paymentline",
            {
                "batch_id": "payment_batch",
                "person_id": "registry_person",
                "payee_id": "payment_payee",
                "replaces_id": "payment_paymentline",
            },
        ),
        references("payment_assignment", {"line_id": "payment_paymentline", "claim_id": "payment_claim"}),
        references("payment_answer", {"line_id": "payment_paymentline", "file_id": "payment_answerfile"}),
        only_ended("payment_assignment", "line_id", "claim_id", "fen", "from_suspense"),
        only_ended("payment_discrepancy", "batch_id", "file_id", "kind", "end_to_end", "ours", "banks"),
        only_ended(
            "payment_batch",
            "id",
            "division_id",
            "paid_from_id",
            "title",
            "lines_number",
            "fen",
            "maker_id",
            "made_at",
        ),
    ]
