"""What was paid and taken back of each item, from the accounts of accepted runs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from django.db import connection
from django.db.models import Max, QuerySet, Sum

from songhe.common.text import Text, say
from songhe.divisions.models import Level
from songhe.entitlement.models import Line, Run, RunStep, State
from songhe.policy.errors import PackageError, UnknownPackage
from songhe.policy.load import load_package
from songhe.reports.asking import Asked
from songhe.reports.content import Column, Section, Table
from songhe.reports.places import Count

_BASIS = say(
    "已采用的月度核定的账目：人数为本期净额大于零的人，金额含补发、扣除追回；每人计在最近一笔账目时档案所在区划。",
    "Accounts of accepted monthly runs: people whose sum for the period is above zero, money with arrears and less "
    "what is taken back; everybody counts where the file lay at the latest line.",
)
_EMPTY = say("本期没有已采用的月度核定。", "No accepted monthly run is about this period.")
_PEOPLE, _YUAN = say("人", "people"), say("元", "yuan")


def gather(asked: Asked, title: Text) -> Section:
    people: dict[str, list[Count]] = defaultdict(list)
    money: dict[str, list[Count]] = defaultdict(list)
    for item, division, number, fen in _lines(asked):
        place = asked.division if division is None else division
        people[item].append((place, asked.as_of, number))
        money[item].append((place, asked.as_of, fen))
    return Section(id="benefits", title=title, tables=(_table(asked, people, money),))


def _table(asked: Asked, people: Mapping[str, list[Count]], money: Mapping[str, list[Count]]) -> Table:
    names = _names(asked)
    columns = {}
    for item in sorted(people):
        columns[f"{item}-people"] = asked.grid.count(people[item])
        columns[f"{item}-fen"] = asked.grid.count(money[item])
    rows, sums = asked.grid.rows(columns) if columns else ((), ())
    return Table(
        id="benefits",
        title=say("各项待遇的人数和金额", "People and money by item"),
        basis=_BASIS,
        columns=(
            Column(id="code", name=say("区划代码", "Division code")),
            Column(id="place", name=say("区划", "Division")),
            *(column for item in sorted(people) for column in _columns(item, names.get(item, say(item, item)))),
        ),
        rows=rows,
        sums=sums,
        publish=asked.publish.get("benefits", "no"),
        scope="lines",
        empty=_EMPTY,
    )


def _columns(item: str, name: Text) -> Iterator[Column]:
    about = say(f"{name.zh}（{item}）", f"{name.en} ({item})")
    people = say(f"{about.zh}人数", f"{about.en}: people")
    yield Column(id=f"{item}-people", name=people, kind="count", unit=_PEOPLE, people=True, hides_zero=True)
    fen = say(f"{about.zh}金额", f"{about.en}: money")
    yield Column(id=f"{item}-fen", name=fen, kind="fen", unit=_YUAN, follows=(f"{item}-people",))


def _names(asked: Asked) -> dict[str, Text]:
    """Items by the packages of the runs, the latest name first."""
    found: dict[str, Text] = {}
    for package in _runs(asked).order_by("-pk").values_list("package", flat=True).distinct():
        try:
            rules = load_package(package).rules_for("person")
        except (PackageError, UnknownPackage):
            continue
        for rule in rules:
            found.setdefault(rule.id, rule.entitlement.name)
    return found


def _runs(asked: Asked) -> QuerySet[Run]:
    """Runs of the counties concerned that were accepted up to the moment of the report."""
    tree = asked.grid.tree
    county = tree.at_level(asked.division, Level.COUNTY)
    counties = {county.id} if county is not None and county.level == Level.COUNTY else set()
    counties |= {one for one in tree.subtree([asked.division]) if tree.node(one).level == Level.COUNTY}
    accepted = RunStep.objects.filter(state=State.ACCEPTED, at__lte=asked.known_at).values("run")
    return Run.objects.filter(pk__in=accepted, county__in=counties)


def _lines(asked: Asked) -> Iterator[tuple[str, int | None, int, int]]:
    """(item, division, people with something, fen) of the period."""
    first, last = asked.period.months
    lines = Line.objects.filter(run__in=_runs(asked).values("pk"), month__gte=first, month__lte=last)
    each = lines.order_by().values("item", "person").annotate(place=Max("division"), fen=Sum("fen"))
    statement, parameters = each.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT item, place, SUM(CASE WHEN fen > 0 THEN 1 ELSE 0 END), SUM(fen) "
            f"FROM ({statement}) AS one_person GROUP BY item, place ORDER BY item, place",
            parameters,
        )
        for item, place, number, fen in cursor.fetchall():
            yield item, place, int(number), int(fen)
