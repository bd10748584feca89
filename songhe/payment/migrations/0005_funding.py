import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import songhe.common.clock


class Migration(migrations.Migration):
    dependencies = [
        ("divisions", "0002_no_overlap"),
        ("payment", "0004_batch_guards"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Funding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("item", models.CharField(max_length=60, verbose_name="项目")),
                ("year", models.PositiveSmallIntegerField(verbose_name="年度")),
                ("parts", models.PositiveIntegerField(verbose_name="份数")),
                ("document", models.CharField(max_length=200, verbose_name="依据文件")),
                (
                    "stated_at",
                    models.DateTimeField(default=songhe.common.clock.now, editable=False, verbose_name="登记时间"),
                ),
                ("confirmed_at", models.DateTimeField(null=True, verbose_name="复核时间")),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="复核人",
                    ),
                ),
                (
                    "division",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="divisions.division",
                        verbose_name="区划",
                    ),
                ),
                (
                    "stated_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="撤回人",
                    ),
                ),
            ],
            options={
                "verbose_name": "资金来源",
                "verbose_name_plural": "资金来源",
            },
        ),
        migrations.CreateModel(
            name="FundingShare",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(verbose_name="份额")),
                (
                    "fund",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="payment.fund",
                        verbose_name="资金",
                    ),
                ),
                (
                    "funding",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="shares",
                        to="payment.funding",
                        verbose_name="资金来源",
                    ),
                ),
            ],
            options={
                "verbose_name": "分担份额",
                "verbose_name_plural": "分担份额",
            },
        ),
        migrations.AddIndex(
            model_name="funding",
            index=models.Index(fields=["division", "year", "item"], name="funding_place_year_item"),
        ),
        migrations.AddConstraint(
            model_name="funding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("confirmed_by", None),
                    models.Q(("confirmed_by", models.F("stated_by")), _negated=True),
                    _connector="OR",
                ),
                name="funding_confirmed_by_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="funding",
            constraint=models.CheckConstraint(
                condition=models.Q(("confirmed_by", None), ("confirmed_at__isnull", False), _connector="OR"),
                name="funding_confirmed_at",
            ),
        ),
        migrations.AddConstraint(
            model_name="funding",
            constraint=models.CheckConstraint(
                condition=models.Q(("confirmed_by", None), ("withdrawn_by", None), _connector="OR"),
                name="funding_confirmed_or_withdrawn",
            ),
        ),
        migrations.AddConstraint(
            model_name="funding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("document", ""), _negated=True), models.Q(("item", ""), _negated=True), ("parts__gt", 0)
                ),
                name="funding_names_its_ground",
            ),
        ),
        migrations.AddConstraint(
            model_name="fundingshare",
            constraint=models.UniqueConstraint(fields=("funding", "fund"), name="funding_share_once"),
        ),
        migrations.AddConstraint(
            model_name="fundingshare",
            constraint=models.CheckConstraint(condition=models.Q(("number__gt", 0)), name="funding_share_bears"),
        ),
    ]
