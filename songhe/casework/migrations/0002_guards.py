from django.db import migrations

from songhe.accounts.append_only import append_only
from songhe.casework.guards import cases_stay, two_people


class Migration(migrations.Migration):
    dependencies = [("casework", "0001_initial")]

    operations = [
        append_only("casework_act", "casework_proceduretext"),
        two_people(),
        cases_stay(),
    ]
