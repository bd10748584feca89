"""Every fen that left, led back to its decision and clause (逐分溯源), and what became of all that was owed, by fund.

Read from lines, assignments, claims and postings; the rules of the ledger itself are `verify`'s.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import QuerySet, Sum

from songhe.entitlement.models import Line, Run, State
from songhe.entitlement.months import shown
from songhe.entitlement.worths import day_of
from songhe.payment.models import Account, Answer, Assignment, Claim, Entry, Fund, Posting
from songhe.payment.proof_organisations import Ground, Grounds
from songhe.payment.storing import rows_of
from songhe.policy.load import load_package
from songhe.registry.groups import all_groups
from songhe.registry.models import CurrentPerson, Person
from songhe.registry.queries import file_as_of

_RUN = "run "
Kind = Account.Kind


@dataclass(frozen=True)
class Balance:
    """A fund in fen: what was owed, and what became of it; what was to be taken back, and what became of that."""

    fund: str
    owed: int
    paid: int
    on_the_way: int
    bounced: int
    set_off: int
    still_owed: int
    to_recover: int
    repaid: int
    waived: int
    receivable: int

    @property
    def agrees(self) -> bool:
        """To the fen, on both sides."""
        out = self.paid + self.on_the_way + self.bounced + self.set_off + self.still_owed
        back = self.set_off + self.repaid + self.waived + self.receivable
        return self.owed == out and self.to_recover == back


@dataclass
class Traced:
    """`paid` fen of `lines` transfers, of which `by_item` (item → fen) went back to a decision and a clause.

    `otherwise` (fen by where the claims come from) comes from nothing that is known here, each with its own clause;
    `unexplained` says of which claim what does not hold. `led` says of each claim of an organisation where it led.
    """

    paid: int = 0
    lines: int = 0
    explained: int = 0
    by_item: Counter[str] = field(default_factory=Counter)
    otherwise: Counter[str] = field(default_factory=Counter)
    unexplained: list[str] = field(default_factory=list)
    led: list[str] = field(default_factory=list)
    after_death: list[str] = field(default_factory=list)
    balances: list[Balance] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        whole = self.paid == self.explained + self.otherwise.total()
        return whole and not (self.unexplained or self.after_death) and all(one.agrees for one in self.balances)


def trace(county: int) -> Traced:
    """All claims on the funds of a county's office (id), paid or not, and every fen the bank said was paid."""
    found = Traced(balances=[_balance(fund) for fund in Fund.objects.filter(division=county).order_by("pk")])
    paid = _paid(county)
    found.paid = sum(paid.values())
    found.lines = _transfers(county)
    grounds = _Grounds(county)
    others = {ground.claim.pk: ground for ground in Grounds(county).all()}
    for claim in Claim.objects.filter(fund__division=county).order_by("pk").iterator():
        fen = paid.get(claim.pk, 0)
        if (ground := others.get(claim.pk)) is not None:
            _led(found, ground, fen)
        elif not claim.reference.startswith(_RUN):
            found.otherwise[claim.reference.partition(" ")[0]] += fen
        elif why := grounds.lack(claim):
            found.unexplained.append(f"应付 claim {claim.pk} {claim.item} {claim.month:%Y-%m}：{why}")
        else:
            found.explained += fen
            found.by_item[claim.item] += fen
    found.unexplained += grounds.left()
    found.after_death = list(_after_death(county))
    return found


def _led(found: Traced, ground: Ground, fen: int) -> None:
    """What an organisation is owed: from a case or a contract."""
    claim = ground.claim
    named = f"应付 claim {claim.pk} {claim.organisation} {claim.item} {claim.month:%Y-%m}"
    if ground.lack:
        found.unexplained.append(f"{named}：{ground.lack}")
        return
    found.explained += fen
    found.by_item[claim.item] += fen
    found.led.append(f"{named}，{claim.fen} fen：{ground.said}")


def _paid(county: int) -> dict[int, int]:
    """Claim → fen that the bank paid and that did not come back."""
    paid = Assignment.objects.filter(claim__fund__division=county, line__answers__outcome=Answer.Outcome.PAID)
    stayed = paid.exclude(line__in=_returned())
    return {claim: int(fen) for claim, fen in stayed.values_list("claim").annotate(Sum("fen")).order_by()}


def _returned() -> QuerySet[Answer]:
    return Answer.objects.filter(outcome=Answer.Outcome.BOUNCED).values("line")


def _transfers(county: int) -> int:
    paid = Answer.objects.filter(outcome=Answer.Outcome.PAID, line__batch__division=county)
    return paid.exclude(line__in=_returned()).count()


class _Grounds:
    """The lines of accepted runs with their clauses, and what their claims came to so far."""

    def __init__(self, county: int) -> None:
        runs = Run.objects.filter(county=county, state=State.ACCEPTED)
        self._runs = {str(run.public_id): run for run in runs}
        self._lines = {
            pk: (run, person, item, month, fen)
            for pk, run, person, item, month, fen in Line.objects.filter(run__in=runs).values_list(
                "pk", "run_id", "person_id", "item", "month", "fen"
            )
        }
        self._clauses = {run.package: set(load_package(run.package).clauses) for run in runs}
        self._claimed: Counter[int] = Counter()

    def lack(self, claim: Claim) -> str:
        """What does not hold of a claim; empty when it is explained."""
        public, _, rest = claim.reference.removeprefix(_RUN).partition("/")
        run, line = self._runs.get(public), rest.partition("/")[0]
        if run is None or not line.isdigit() or int(line) not in self._lines:
            return "没有这样的决定 there is no such decision"
        self._claimed[int(line)] += claim.fen
        number, *said = self._lines[int(line)]
        month = claim.month.year * 100 + claim.month.month
        if number != run.pk or said[:3] != [claim.person_id, claim.item, month]:
            return "与决定的人、事项或月份不同 it is of another person, item or month than the decision"
        if claim.package != run.package_hash:
            return "政策包不同 another package decided"
        if claim.clause not in self._clauses[run.package]:
            return f"没有条款 there is no clause {claim.clause}"
        return ""

    def left(self) -> Iterator[str]:
        """Lines whose claims do not come to the line: all of those admitted to the ledger."""
        admitted = set(Entry.objects.filter(kind=Entry.Kind.DUE).values_list("reference", flat=True))
        runs = {run.pk for public, run in self._runs.items() if f"{_RUN}{public}" in admitted}
        for pk, (run, person, item, month, fen) in self._lines.items():
            if run in runs and self._claimed[pk] != fen:
                yield (
                    f"账目 line {pk}（档案 person {person}，{item}，{shown(month)}）："
                    f"应为 expected {fen}，入账 claimed {self._claimed[pk]}"
                )


def _after_death(county: int) -> Iterator[str]:
    """Months that still stand for people who were dead on their day, where a run since has known of the death."""
    last = Run.objects.filter(county=county, state=State.ACCEPTED).order_by("-pk").first()
    if last is None:
        return
    package, survivor = load_package(last.package), all_groups(known_at=last.known_in_id).survivor_of
    standing: Counter[tuple[int, int]] = Counter()
    dead = set(CurrentPerson.objects.filter(alive=False, person__merged_into=None).values_list("pk", flat=True))
    lines = Line.objects.filter(county=county, month__gte=last.first)
    for person, month, fen in lines.values_list("person_id", "month", "fen"):
        if survivor.get(person, person) in dead:
            standing[survivor.get(person, person), month] += fen
    died = {person: _died(person, last.known_in_id) for person in {person for person, _ in standing}}
    for (person, month), fen in sorted(standing.items()):
        day = died[person]
        if fen and day is not None and day <= day_of(package, month).isoformat():
            yield f"档案 person {person}，{shown(month)}：身故 died {day}，{fen} fen"


def _died(person: int, known_at: int) -> str | None:
    file = file_as_of(Person.objects.get(pk=person), known_at=known_at)
    return str(file["death_date"].value) if "death_date" in file else None


def _balance(fund: Fund) -> Balance:
    def moved(kind: Kind, *entries: Entry.Kind) -> int:
        on_it = Posting.objects.filter(account__fund=fund, account__kind=kind, entry__kind__in=entries)
        return int(on_it.aggregate(fen=Sum("fen"))["fen"] or 0)

    def standing(kind: Kind) -> int:
        return int(Account.objects.filter(fund=fund, kind=kind).aggregate(fen=Sum("balance"))["fen"] or 0)

    claims: Mapping[bool, int] = _claims(fund)
    return Balance(
        fund=str(fund),
        owed=claims[True],
        paid=-moved(Kind.FUND, Entry.Kind.ANSWERED),
        on_the_way=-standing(Kind.CLEARING),
        bounced=-standing(Kind.SUSPENSE),
        set_off=moved(Kind.PAYEE, Entry.Kind.SET_OFF),
        still_owed=-standing(Kind.PAYEE),
        to_recover=-claims[False],
        repaid=moved(Kind.FUND, Entry.Kind.REPAYMENT),
        waived=moved(Kind.WAIVER, Entry.Kind.WAIVER),
        receivable=standing(Kind.RECOVERY),
    )


def _claims(fund: Fund) -> dict[bool, int]:
    rows: Sequence[tuple[object, ...]] = list(
        rows_of(
            "SELECT coalesce(sum(CASE WHEN fen > 0 THEN fen ELSE 0 END), 0), "
            "coalesce(sum(CASE WHEN fen < 0 THEN fen ELSE 0 END), 0) FROM payment_claim WHERE fund_id = %s",
            [fund.pk],
        )
    )
    ((due, back),) = rows
    return {True: int(str(due)), False: int(str(back))}
