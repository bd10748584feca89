from django.db import migrations

from songhe.casework.guards import two_people_by_row


class Migration(migrations.Migration):
    dependencies = [("casework", "0003_case_user")]

    operations = [two_people_by_row()]
