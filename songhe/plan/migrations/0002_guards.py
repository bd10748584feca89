from django.db import migrations

from songhe.accounts.append_only import append_only
from songhe.plan.guards import two_people


class Migration(migrations.Migration):
    dependencies = [("plan", "0001_initial")]

    operations = [
        append_only("plan_seat", "plan_seatend", "plan_report", "plan_evidence", "plan_act", "plan_reminder"),
        two_people(),
    ]
