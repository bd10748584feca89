"""What the register's pages are found by: indexes of the projection, and the parts of names."""

from itertools import islice

from django.db import migrations, models

from songhe.registry.pinyin import parts


def fill(apps, schema_editor):
    """Of names recorded before."""
    readings = apps.get_model("registry", "NameReading").objects.values_list("name", flat=True)
    part_model = apps.get_model("registry", "NamePart")
    rows = (part_model(part=part, name=name) for name in readings.iterator(5000) for part in parts(name))
    while batch := list(islice(rows, 5000)):
        part_model.objects.bulk_create(batch)


class Migration(migrations.Migration):
    dependencies = [("registry", "0004_quality")]

    operations = [
        migrations.CreateModel(
            name="NamePart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("part", models.CharField(max_length=200, verbose_name="片段")),
                ("name", models.CharField(max_length=60, verbose_name="姓名")),
            ],
            options={"verbose_name": "姓名片段", "verbose_name_plural": "姓名片段"},
        ),
        migrations.AddConstraint(
            model_name="namepart", constraint=models.UniqueConstraint(fields=("part", "name"), name="name_part_once")
        ),
        migrations.AddIndex(
            model_name="currentperson",
            index=models.Index(fields=["residence_division", "name_pinyin", "person"], name="current_living_named"),
        ),
        migrations.AddIndex(
            model_name="currentperson",
            index=models.Index(fields=["hukou_division", "name_pinyin", "person"], name="current_hukou_named"),
        ),
        migrations.AddIndex(
            model_name="currentperson", index=models.Index(fields=["birth_date", "person"], name="current_born")
        ),
        migrations.AddIndex(model_name="namereading", index=models.Index(fields=["initials"], name="reading_initials")),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
