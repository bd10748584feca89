"""A division has one version a day, a code one holder; and a version, once written, can only be closed.

A later migration that makes divisions_version anew on SQLite (a new constraint, a changed column) drops its triggers and
must run these statements again.
"""

from typing import Any

from django.db import migrations

from songhe.divisions import overlap


def forwards(apps: Any, schema_editor: Any) -> None:
    for statement in overlap.CREATE[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def backwards(apps: Any, schema_editor: Any) -> None:
    for statement in overlap.DROP[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("divisions", "0001_initial")]
    operations = [migrations.RunPython(forwards, backwards)]
