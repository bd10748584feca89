"""What the departments and the villages record in the year, each on its day (登记)."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from songhe.common import clock
from songhe.demo.departments import DEPARTMENTS, said_of
from songhe.demo.places import division
from songhe.demo.year.script import Script, Told, police_facts
from songhe.demo.year.stage import Stage
from songhe.divisions.queries import tree_on
from songhe.entitlement.work import missing_facts
from songhe.linkage.domain import decide, found, refresh_queue
from songhe.linkage.models import Candidate
from songhe.linkage.search import search
from songhe.registry.domain.division_orders import Merge
from songhe.registry.domain.divisions import change_divisions
from songhe.registry.domain.facts import File, record_death, record_many, register_person
from songhe.registry.domain.merging import merge
from songhe.registry.domain.retraction import retract
from songhe.registry.domain.statements import Statement
from songhe.registry.models import FactRecord, Person
from songhe.registry.resolve import ALIVE, DEATH_DATE
from songhe.registry.sources import precedence
from songhe.registry.vocabulary import rule_facts

# At the published size: facts that village workers settle in a month.
SETTLED = 1_500


def give_accounts(stage: Stage) -> None:
    """Accounts of no bank; three in a hundred have stated none."""
    accounts = [f"99990000{one:011d}" if stage.rng.randrange(100) >= 3 else None for one in range(len(stage.cast))]
    stage.cast.columns["bank_account"] = accounts
    stage.cast.columns["phone"] = [f"1000{one:07d}" for one in range(len(stage.cast))]


def open_files(stage: Stage, script: Script, people: list[int]) -> None:
    """Files of these, and what every department knows of them by now."""
    if not people:
        return
    author = stage.author("police", "户籍人口")
    files = [
        File(None, [*(Statement(*pair) for pair in police_facts(stage, script, one).items()), Statement("alive", True)])
        for one in people
    ]
    recorded = record_many(by=author, files=files)
    for one, person in zip(people, recorded.people, strict=True):
        stage.cast.ids[one] = person
    for department in DEPARTMENTS:
        known = [one for one in people if (one, department.source) not in script.held_back]
        files = [File(stage.cast.ids[one], _said(stage, script, one, department.facts)) for one in known]
        record_many(by=stage.author(department.source, department.reason), files=[one for one in files if one[1]])
    stage.happened["files opened"] += len(people)


def _said(stage: Stage, script: Script, one: int, facts: tuple[str, ...]) -> list[Statement]:
    said = said_of(stage.cast, one, facts, {})
    return [two for two in said if not (one in script.moving_in and two.fact == "residence")]


def assess(stage: Stage, people: Iterable[int]) -> None:
    """Who lost abilities is assessed."""
    files = []
    for one in people:
        ability, care = stage.cast.columns["ability"][one], stage.cast.columns["needs_long_term_care"][one]
        if ability not in (None, "intact"):
            said = [Statement("ability", ability, clock.today())]
            said += [] if care is None else [Statement("needs_long_term_care", care, clock.today())]
            files.append(File(stage.cast.ids[one], said))
    if files:
        record_many(by=stage.author("assessment", "能力评估"), files=files)
        stage.happened["assessed"] += len(files)


def report_deaths(stage: Stage, people: list[int]) -> None:
    files = []
    for one in people:
        died = stage.cast.columns["death_date"][one]
        files.append(File(stage.cast.ids[one], [Statement(DEATH_DATE, died), Statement(ALIVE, False, died)]))
        stage.happened["late deaths" if (clock.today() - died).days > 31 else "deaths"] += 1
    if files:
        record_many(by=stage.author("police", "死亡登记"), files=files)


def tell(stage: Stage, news: list[Told]) -> None:
    """A transaction for each source and reason, in the order of the script."""
    chapters: dict[tuple[str, str], list[File]] = defaultdict(list)
    for one in news:
        if one.said:
            chapters[one.source, one.reason].append(File(stage.cast.ids[one.one], _as_of_today(one.said)))
    for (source, reason), files in chapters.items():
        record_many(by=stage.author(source, reason), files=files)


def _as_of_today(said: Iterable[Statement]) -> list[Statement]:
    """In the divisions of today: a village may have gone on as another since the script was written."""
    return [one._replace(value=_standing(str(one.value))) if one.fact in _PLACES else one for one in said]


_PLACES = ("hukou", "residence")


def _standing(code: str) -> str:
    if tree_on().find(code) is not None:
        return code
    return next(node.code for node in tree_on() if node.code.startswith(code[:9]) and len(node.code) == 12)


def report_wrongly_dead(stage: Stage, script: Script) -> None:
    """Somebody is taken for dead who is not."""
    for one in script.wrongly_dead:
        day = clock.today() - dt.timedelta(20)
        record_death(by=stage.author("civil_affairs", "殡葬名册"), person=stage.person(one), on=day)
        stage.happened["wrong deaths"] += 1


def take_back_deaths(stage: Stage, script: Script) -> None:
    for one in script.wrongly_dead:
        person = stage.person(one)
        wrong = FactRecord.objects.filter(
            person=person, fact__in=(DEATH_DATE, ALIVE), source="civil_affairs", retraction=None
        )
        retract(
            by=stage.author("civil_affairs", "同名误报，本人健在"),
            person=person,
            records=wrong.values_list("pk", flat=True),
        )


def record_twice(stage: Stage, script: Script) -> None:
    """Civil affairs opens files of its own for people who have one."""
    for one in script.copied:
        said = [Statement(fact, stage.cast.columns[fact][one]) for fact in ("name", "sex", "birth_date", "hukou")]
        said += [Statement("bank_account", stage.cast.columns["bank_account"][one])]
        copy = register_person(
            by=stage.author("civil_affairs", "救助申请人（另建档）"),
            statements=[two for two in [*said, Statement("alive", True)] if two.value is not None],
        )
        script.copies[one] = copy.pk


def merge_files(stage: Stage, script: Script) -> None:
    """The likely duplicates are searched for, and those of whom the bureau is certain become one."""
    refresh_queue(pairs=found(search()))
    for one, number in script.copies.items():
        kept, copy = stage.person(one), Person.objects.get(pk=number)
        first, second = sorted((kept.pk, copy.pk))
        asked = Candidate.objects.filter(one=first, other=second, state=Candidate.State.OPEN).first()
        if asked is not None:
            reason = "姓名、出生日期、户籍一致，已核对证件"
            decide(by=stage.user("checker"), candidate=asked, verdict="same", reason=reason, keep=kept)
        else:
            merge(by=stage.author("civil_affairs", "核对证件，同一人"), person=copy, into=kept)
        stage.happened["files merged"] += 1


def merge_villages(stage: Stage) -> None:
    """A village goes on as the next one of its town."""
    town = next(node for node in tree_on() if node.code == "640381102")
    villages = [node for node in tree_on().children(town.id) if node.name.endswith("村")]
    kept, gone = (division(node.code) for node in villages[:2])
    order = Merge(divisions=[gone], into=kept, on=clock.today(), document="青政发〔演示〕7号")
    change_divisions(by=stage.user("city"), order=order)
    stage.happened["villages merged"] += 1


def settle_missing(stage: Stage) -> None:
    """Village workers look after the facts that are worth most, and write down what they find."""
    user = stage.user("county")
    place_of = {person: one for one, person in enumerate(stage.cast.ids) if person}
    wanted = list(missing_facts(user)[: stage.cast.share(SETTLED)].values_list("person_id", "fact"))
    found_out: dict[str, list[File]] = defaultdict(list)
    for person, fact in wanted:
        one = place_of.get(person)
        value = stage.cast.columns[fact][one] if one is not None and fact in stage.cast.columns else None
        if value is None and rule_facts()[fact].type == "bool":
            value = False
        if value is not None:
            found_out[precedence().first(fact)].append(File(person, [Statement(fact, value)]))
    for source, files in found_out.items():
        record_many(by=stage.author(source, "待补事实核实"), files=files)
        stage.happened["missing facts settled"] += len(files)
