from django.db import migrations

from songhe.outbox.guards import only_onward
from songhe.registry.guards import only_ended


class Migration(migrations.Migration):
    dependencies = (("outbox", "0001_initial"),)
    operations = (
        only_ended("outbox_message", "id", "public_id", "kind", "division_id", "created_at", "expires_at"),
        only_onward(),
    )
