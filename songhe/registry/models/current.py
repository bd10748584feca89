"""What follows from the records today, for lists and searches. Never the truth, always rebuildable."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.db import models

from songhe.accounts.scope import scoped, unscoped
from songhe.divisions.models import Division
from songhe.registry.models.records import PLACES, Person
from songhe.registry.vocabulary import personal_facts, rule_facts
from songhe.rules.vocabulary import Fact

_FIELDS: Mapping[str, Callable[[Fact], models.Field[Any, Any]]] = {
    "date": lambda fact: models.DateField(fact.label.zh, null=True),
    "bool": lambda fact: models.BooleanField(fact.label.zh, null=True),
    "int": lambda fact: models.BigIntegerField(fact.label.zh, null=True),
    "money": lambda fact: models.BigIntegerField(f"{fact.label.zh}（分）", null=True),
    "decimal": lambda fact: models.DecimalField(fact.label.zh, max_digits=18, decimal_places=4, null=True),
    "code": lambda fact: models.CharField(fact.label.zh, max_length=40, null=True),
    "division": lambda fact: models.CharField(f"{fact.label.zh}（代码）", max_length=12, null=True),
}


def _fact_columns() -> dict[str, models.Field[Any, Any]]:
    """A column per fact: typed for what rules read, text for a name, bytes for what is sealed."""
    columns = {fact.name: _FIELDS[fact.type](fact) for fact in rule_facts().values()}
    for personal in personal_facts().values():
        zh = personal.label.zh
        columns[personal.name] = (
            models.BinaryField(f"{zh}（密文）", null=True)
            if personal.sealed
            else models.CharField(zh, max_length=60, null=True)
        )
    return columns


class _FactColumns(models.Model):
    """The columns of the facts, from the vocabulary: the only place where they are made."""

    class Meta:
        abstract = True

    for _name, _column in _fact_columns().items():
        locals()[_name] = _column
    del _name, _column


def _place(label: str) -> models.ForeignKey[Any, Any]:
    # The indexes of the register begin with it: one more of its own would only slow writers down.
    return models.ForeignKey(
        Division,
        on_delete=models.PROTECT,
        null=True,
        db_constraint=False,
        db_index=False,
        related_name="+",
        verbose_name=label,
    )


@scoped("residence_division_id", "hukou_division_id")
class CurrentPerson(_FactColumns):
    """A person as known now and valid today (当前视图); a column that is null is unknown."""

    person = models.OneToOneField(
        Person,
        on_delete=models.PROTECT,
        primary_key=True,
        db_constraint=False,
        related_name="current",
        verbose_name="老年人",
    )
    name_pinyin = models.CharField("姓名拼音", max_length=200, default="")
    name_initials = models.CharField("姓名首字母", max_length=60, default="")
    residence_division = _place("常住地")
    hukou_division = _place("户籍所在地")
    conflicts = models.TextField("来源不一致的事实", default="")

    class Meta:
        verbose_name = "老年人当前信息"
        verbose_name_plural = "老年人当前信息"
        indexes = (
            models.Index(fields=["name_pinyin", "person"], name="current_pinyin"),
            # Somebody of a name and a birth date, when there is no number to go by.
            models.Index(fields=["birth_date", "name_pinyin"], name="current_born_named"),
            # The register: a page of a village, by name, is the beginning of a stretch of these; by age, of the last.
            models.Index(fields=["residence_division", "name_pinyin", "person"], name="current_living_named"),
            models.Index(fields=["hukou_division", "name_pinyin", "person"], name="current_hukou_named"),
            models.Index(fields=["birth_date", "person"], name="current_born"),
            models.Index(fields=["person"], name="current_conflicts", condition=~models.Q(conflicts="")),
        )


@scoped(*PLACES)
class PersonKey(models.Model):
    """A keyed hash by which a person is found (检索键), of every resident number, telephone or account ever stated."""

    person = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        db_constraint=False,
        db_index=False,
        related_name="keys",
        verbose_name="老年人",
    )
    kind = models.CharField("类别", max_length=40)
    hash = models.CharField("指纹", max_length=64)

    class Meta:
        verbose_name = "检索键"
        verbose_name_plural = "检索键"
        constraints = (models.UniqueConstraint(name="person_key_once", fields=["kind", "hash", "person"]),)


@unscoped("letters of names, of nobody in particular")
class NameReading(models.Model):
    """How a name is typed in pinyin; kept apart so that lists can be sorted without reading every name again."""

    name = models.CharField("姓名", max_length=60, primary_key=True)
    pinyin = models.CharField("拼音", max_length=200)
    initials = models.CharField("首字母", max_length=60)

    class Meta:
        verbose_name = "姓名读音"
        verbose_name_plural = "姓名读音"
        indexes = (models.Index(fields=["initials"], name="reading_initials"),)


@unscoped("letters of names, of nobody in particular")
class NamePart(models.Model):
    """The end of a name from its second character on, as written and in pinyin: 建国, 国, jianguo, guo of 王建国.

    What begins one of them stands somewhere in the name, and is found without reading every name there is.
    """

    part = models.CharField("片段", max_length=200)
    name = models.CharField("姓名", max_length=60)

    class Meta:
        verbose_name = "姓名片段"
        verbose_name_plural = "姓名片段"
        constraints = (models.UniqueConstraint(name="name_part_once", fields=["part", "name"]),)


@unscoped("one day, and nobody's")
class ProjectionState(models.Model):
    """One row: the day for which every row of the projection was last made right."""

    day = models.DateField("日期")
