from django.db import migrations

from songhe.citizens.guards import ends_once
from songhe.registry.guards import only_ended

_CODE = ("id", "person_id", "kinship_id", "how", "salt", "hash", "given_by_id", "created_at", "expires_at")


class Migration(migrations.Migration):
    dependencies = (("citizens", "0001_initial"),)
    operations = (
        only_ended("citizens_code", *_CODE),
        ends_once("citizens_code", counts="tries"),
        only_ended("citizens_sitting", "id", "code_id", "hash", "began_at"),
        ends_once("citizens_sitting"),
    )
