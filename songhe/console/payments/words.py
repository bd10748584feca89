"""What things of payment are called on a page, in both languages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from songhe.common.text import Text, say
from songhe.divisions.queries import tree_on
from songhe.entitlement.applicable import packages_for
from songhe.entitlement.models import Run
from songhe.organisations.models import Organisation
from songhe.organisations.subsidies import subsidies_at
from songhe.payment.domain.making import LeftOut
from songhe.payment.models import Account, Answer, Batch, Claim, Discrepancy, Entry, Fund, Payee, PaymentLine
from songhe.payment.turns import Step
from songhe.policy.errors import PackageError, UnknownPackage
from songhe.policy.folders import package_ids
from songhe.policy.load import load_package
from songhe.policy.package import Package
from songhe.registry.models import CurrentPerson, Person

_ENGLISH: Mapping[type[Any], Mapping[str, str]] = {
    Batch.State: {
        "draft": "to be checked",
        "checked": "to be approved",
        "approved": "to be exported",
        "exported": "to be sent",
        "sent": "with the bank",
        "answered": "to be reconciled",
        "reconciled": "reconciled",
        "closed": "closed",
        "cancelled": "cancelled",
    },
    Fund.Kind: {"fiscal": "fiscal fund", "welfare_lottery": "welfare lottery fund"},
    Fund.Level: {"central": "central", "province": "provincial", "city": "city", "county": "county", "town": "town"},
    Account.Kind: {
        "fund": "Fund",
        "appropriation": "Appropriation",
        "obligation": "Taken on",
        "payee": "Owed to payees",
        "recovery": "Receivable",
        "suspense": "Suspense",
        "clearing": "On its way",
        "waiver": "Waived",
        "spending": "Direct spending",
    },
    Entry.Kind: {
        "appropriation": "appropriation",
        "due": "dues and recoveries admitted",
        "set_off": "set off",
        "waiver": "waiver",
        "repayment": "repayment",
        "spending": "direct spending",
        "sent": "given to the bank",
        "answered": "the bank's answer",
    },
    Answer.Outcome: {"paid": "paid", "bounced": "came back"},
    Discrepancy.Kind: {
        "unknown": "no line of this batch has the number",
        "amount": "another sum",
        "contradiction": "contradicts an earlier answer",
    },
}
STEPS: Mapping[Step, Text] = {
    Step.CHECK: say("复核", "Check"),
    Step.APPROVE: say("审批", "Approve"),
    Step.EXPORT: say("导出银行文件", "Bank file"),
    Step.SEND: say("已提交银行", "Given to the bank"),
    Step.ANSWER: say("导入回单", "Bank's answer"),
    Step.RECONCILE: say("核对", "Reconcile"),
    Step.CLOSE: say("关闭", "Close"),
    Step.CANCEL: say("作废", "Cancel"),
}
_PURPOSES = {"care": say("养老服务支出", "elderly care"), "other": say("其他社会福利支出", "other welfare")}
PURPOSES = tuple(_PURPOSES.items())


def label(kind: type[Any], value: str) -> Text:
    """A value of one of payment's choices."""
    return say(str(kind(value).label), _ENGLISH.get(kind, {}).get(value, value.replace("_", " ")))


def fund_name(fund: Fund) -> Text:
    level, kind = label(Fund.Level, fund.level), label(Fund.Kind, fund.kind)
    return say(str(fund), f"{fund.year} {level.en} {kind.en}")


def item_name(item: str, package: Package | None = None) -> Text:
    """An item as its package calls it; of direct spending its purpose, else the item's own mark."""
    if item in _PURPOSES:
        return _PURPOSES[item]
    known = None if package is None else _named_in(package, item.partition("#")[0])
    return say(item, item) if known is None else say(f"{known.zh}（{item}）", f"{known.en} ({item})")


def _named_in(package: Package, item: str) -> Text | None:
    """A benefit of people or a subsidy of institutions."""
    found = package.entitlements.get(item) or package.standards.get(item)
    return None if found is None else found.name


def package_of(hash: str) -> Package | None:
    """The package that decided, while it is still there: by its run, or of what no run decides by its own text."""
    id = Run.objects.filter(package_hash=hash).values_list("package", flat=True).first()
    if id is not None:
        return _loaded(id)
    return next((one for id in package_ids() if (one := _loaded(id)) is not None and one.hash == hash), None)


def package_in(division: int) -> Package | None:
    """The package by which a county's last run was decided; before its first run, the one that holds there."""
    id = Run.objects.filter(county=division).order_by("-pk").values_list("package", flat=True).first()
    if id is not None:
        return _loaded(id)
    return next((one for one in packages_for(division) if one.document.status != "example"), None)


def items_in(division: int) -> list[tuple[str, Text]]:
    """What a county may have to bear, by id with its name: benefits of people, then subsidies of institutions."""
    package, node = package_in(division), tree_on().get(division)
    benefits = [] if package is None else [(item, item_name(item, package)) for item in package.entitlements]
    subsidies = [] if node is None else list(subsidies_at(node.code))
    return benefits + [(rule.id, item_name(rule.id, found)) for found, rule in subsidies]


def _loaded(id: str) -> Package | None:
    try:
        return load_package(id)
    except (UnknownPackage, PackageError):
        # A package can be taken away; what it decided stays.
        return None


@dataclass(frozen=True)
class Who:
    """Whose money something is: a person (the public id of the file) or an organisation."""

    name: str
    person: object | None = None
    organisation: object | None = None


NOBODY = Who("—")


@dataclass(frozen=True)
class Receiver:
    """Whom a line pays: the name the bank reads, and whose money it is; `is_other`: somebody receives it for them."""

    name: str
    whose: Who
    is_other: bool


def receivers(lines: Iterable[PaymentLine]) -> dict[int, Receiver]:
    """By line (id), with as many queries for one as for many."""
    shown = list(lines)
    owners = whose(shown)
    return {one.pk: Receiver(one.name, owners[one.pk], one.payee_id is not None) for one in shown}


def whose(rows: Iterable[Claim | PaymentLine | Payee]) -> dict[int, Who]:
    """By the id of a claim, line or payee: whose it is; as many queries for one as for many."""
    shown = list(rows)
    people = _people(one.person_id for one in shown)
    organisations = _organisations(getattr(one, "organisation_id", None) for one in shown)
    return {
        one.pk: people.get(one.person_id) or organisations.get(getattr(one, "organisation_id", None), NOBODY)
        for one in shown
    }


def left_out_of(people: Iterable[LeftOut]) -> list[Who]:
    """Who is left out of a batch, in their order."""
    shown = list(people)
    known, organisations = _people(one.person for one in shown), _organisations(one.organisation for one in shown)
    return [known.get(one.person) or organisations.get(one.organisation, NOBODY) for one in shown]


def _organisations(ids: Iterable[int | None]) -> dict[int | None, Who]:
    wanted = {one for one in ids if one is not None}
    if not wanted:
        return {}
    rows = Organisation.objects.filter(pk__in=wanted).values_list("pk", "name", "public_id")
    return {pk: Who(name, organisation=public_id) for pk, name, public_id in rows}


def _people(ids: Iterable[int | None]) -> dict[int | None, Who]:
    """A merged file has the name of whoever stands for it."""
    wanted = {one for one in ids if one is not None}
    found: dict[int | None, Who] = dict(_current(wanted))
    if gone := wanted - found.keys():
        into = dict(Person.objects.filter(pk__in=gone, merged_into__isnull=False).values_list("pk", "merged_into"))
        stands = dict(_current(into.values()))
        found |= {one: stands[stays] for one, stays in into.items() if stays in stands}
    return found


def _current(people: Iterable[int]) -> Iterator[tuple[int, Who]]:
    rows = CurrentPerson.objects.filter(pk__in=list(people)).values_list("pk", "name", "person__public_id")
    return ((pk, Who(name or "—", person=public_id)) for pk, name, public_id in rows)
