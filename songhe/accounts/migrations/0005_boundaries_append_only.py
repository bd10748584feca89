from django.db import migrations

from songhe.accounts.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_department_role"), ("divisions", "0003_boundary")]

    operations = [append_only("divisions_boundaryfile", "divisions_boundary")]
