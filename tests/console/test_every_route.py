"""Every address of the console, asked by every role about a division it must not see."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import NoReverseMatch, URLPattern, reverse

from songhe.accounts.models import Role
from songhe.casework.domain.acting import APPLICANT
from songhe.casework.domain.opening import Matter, open_case
from songhe.console.urls import app_name, urlpatterns
from songhe.divisions.models import Division
from songhe.entitlement.models import Job, Run
from songhe.facilities.models import MakeUp
from songhe.indicators.models import Definition, Evidence, Figure
from songhe.intake.domain.receiving import receive
from songhe.intake.models import Import
from songhe.linkage.domain import Found, ask
from songhe.linkage.models import Candidate
from songhe.linkage.rules import Rule
from songhe.organisations.domain.contracts import report_delivery
from songhe.plan.models import Evidence as PlanEvidence
from songhe.plan.models import Seat
from songhe.registry.domain.family import add_kin, found_household, record_consent
from songhe.registry.domain.writing import Author
from songhe.registry.models import Consent, Kinship, Person
from songhe.reports.models import Publication, Report
from tests.accounts.builders import holder, user
from tests.accounts.rows import row_at
from tests.console.conftest import session_of
from tests.console.money import Money
from tests.console.people import somebody
from tests.divisions.builders import SmallCity, small_city
from tests.facilities.builders import estate, pool
from tests.organisations.builders import account_for, contract, know, organisation

# A name that nobody else has: wherever it is read, somebody of the other county is shown.
MARKER = "鹤立松"
# At the door and about oneself: nothing of anybody else.
_OPEN = {"sign-in", "sign-out", "password", "second-factor", "language"}


@dataclass(frozen=True)
class Elsewhere:
    """Things of the other county; what an address may ask for, by the name of its argument."""

    person: Person
    arguments: Mapping[str, Any]


pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def city(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[SmallCity]:
    """Made once for all addresses, and taken back after them."""
    uploads = tmp_path_factory.mktemp("uploads")
    with django_db_blocker.unblock(), override_settings(UPLOADS=uploads), transaction.atomic():
        yield small_city()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def here(city: SmallCity) -> Mapping[Role, Client]:
    """Somebody of every role in the first county, signed in."""
    return {role: session_of(holder(role, city.counties[0], f"{role.value}-here")) for role in Role}


@pytest.fixture(scope="module")
def elsewhere(city: SmallCity) -> Elsewhere:
    village = city["990102001001"]
    person = somebody(village.versions.first().code, name=MARKER, phone="13800138000")
    other = user("elsewhere", at=village, display_name=MARKER)
    grant = holder(Role.VILLAGE_WORKER, village, "worker-elsewhere").grants.get()
    family = _family_of(person)
    return Elsewhere(
        person,
        {
            "person": person.public_id,
            "fact": "phone",
            "record": person.records.get(fact="phone").pk,
            "user_id": other.pk,
            "grant_id": grant.pk,
            "division_id": village.pk,
            "kind": "rename",
            "import_id": _import_in(city).public_id,
            "source": "police",
            "extension": "csv",
            "candidate_id": _candidate_of(person).pk,
            "case": open_case(by=APPLICANT, matter=Matter(kind="assessment_request", person=person)).public_id,
            "number": 1,
            "act": "pass",
            "run_id": lambda: row_at(Run, "county_id", city.counties[1]).public_id,
            "job_id": row_at(Job, "county_id", city.counties[1]).public_id,
            "report_id": row_at(Report, "division_id", city.counties[1]).public_id,
            "publication_id": row_at(Publication, "report__division_id", city.counties[1]).public_id,
            "report_format": "docx",
            "item": "QTX-M-2.1f",
            "month": 202606,
            **family,
            **_money_of(city.counties[1], person),
            **_organisation_in(city),
            **_indicators_in(city),
            **_estate_in(city),
            **_plan_of(city.counties[1]),
        },
    )


def _money_of(county: Division, person: Person) -> dict[str, Callable[[], Any]]:
    """Made for the routes that ask for it alone, and gone after each."""

    def money() -> Money:
        return Money(county, person, MARKER)

    return {
        "batch_id": lambda: money().batch.pk,
        "line_id": lambda: money().line.pk,
        "discrepancy_id": lambda: money().discrepancy.pk,
        "admission_id": lambda: money().run.public_id,
        "fund_id": lambda: money().fund.pk,
        "funding_id": lambda: money().funding.pk,
        "entry_id": lambda: money().entry_id,
        "claim_id": lambda: money().recovery.pk,
        "payee_id": lambda: money().payee.pk,
        "step": lambda: "lines",
        "thing": lambda: "batch",
        "deed": lambda: "entries",
        "verdict": lambda: "confirm",
        "settlement": lambda: "repay",
        "change": lambda: "approve",
    }


def _import_in(city: SmallCity) -> Import:
    bureau = holder(Role.COUNTY_BUREAU, city.counties[1], "importer-elsewhere")
    file = io.BytesIO("姓名,公民身份号码,户籍地代码\n".encode())
    return receive(user=bureau, source="police", content=file, file_name=f"{MARKER}.csv")


def _candidate_of(person: Person) -> Candidate:
    ask(pairs=[Found(person.pk, somebody("990102001001", name=MARKER).pk, Rule.NAME_BIRTH_SEX)])
    return Candidate.objects.get()


def _organisation_in(city: SmallCity) -> dict[str, Any]:
    """A home of the other county that is a provider as well, with all that can be of it."""
    county = city.counties[1]
    one, other = (holder(Role.COUNTY_BUREAU, county, f"{name}-elsewhere") for name in ("one", "other"))
    home = organisation(one, county, name=MARKER, is_provider=True)
    know(one, home, approved_beds=50)
    bought = contract(one, other, home)
    month = dt.date(2024, 7, 1)
    return {
        "organisation": home.public_id,
        "institution_fact": "approved_beds",
        "organisation_record": home.records.get().pk,
        "organisation_account": account_for(home, one, other).pk,
        "subsidy": home.public_id,
        "contract": bought.public_id,
        "delivery": report_delivery(by=one, contract=bought, month=month, units=1, people=1, document=MARKER).public_id,
    }


def _indicators_in(city: SmallCity) -> dict[str, Any]:
    """A figure with evidence and a definition of the other county."""
    county = city.counties[1]
    stated = {"indicator": "QTX-I-12", "package": "qingtongxia-2023", "document": MARKER}
    by = holder(Role.COUNTY_BUREAU, county, "figures-elsewhere")
    figure = Figure.objects.create(
        division=county, day=dt.date(2024, 6, 30), numerator="1", note=MARKER, stated_by=by, **stated
    )
    defined = Definition.objects.create(division=county, valid_from=dt.date(2024, 6, 1), stated_by=by, **stated)
    file = Evidence.objects.create(figure=figure, name=MARKER, size=1, sha256="0" * 64, added_by=by)
    return {
        "package": stated["package"],
        "indicator": stated["indicator"],
        "figure": figure.public_id,
        "definition": defined.public_id,
        "evidence": file.public_id,
    }


def _estate_in(city: SmallCity) -> dict[str, Any]:
    """An estate of the other county that shares a facility, with a way to make up what it lacks."""
    one = holder(Role.COUNTY_BUREAU, city.counties[1], "estates-elsewhere")
    home = estate(one, city["990102001001"], MARKER, kind="existing", households=100)
    shared = pool(one, home, name=MARKER, pooling_approved=True)
    return {
        "estate": home.public_id,
        "estate_fact": "households",
        "estate_record": home.records.get(fact="households").pk,
        "policy_id": "xinxiang-2022",
        "standard": "XX-STD-EXISTING-ESTATE",
        "make_up": row_at(MakeUp, "estate__division_id", city["990102001001"]).public_id,
        "pool": shared.public_id,
        "pool_member": shared.members.get().pk,
        "pool_fact": "pooling_approved",
        "pool_record": shared.records.get().pk,
    }


def _plan_of(county: Division) -> dict[str, Any]:
    """A report of the other county on a task, with a file, and a seat there."""
    evidence = row_at(PlanEvidence, "report__division_id", county)
    return {
        "package_id": "suizhou-2023",
        "task_id": "SZ-T23-01",
        "plan_place": county.pk,
        "plan_report": evidence.report.public_id,
        "plan_act": "confirm",
        "plan_evidence": evidence.public_id,
        "plan_seat": row_at(Seat, "division_id", county).pk,
    }


def _family_of(person: Person) -> dict[str, Any]:
    by = Author(user=None, source="community")
    kinship = add_kin(by=by, person=person, kind=Kinship.Kind.CARER, relation=Kinship.Relation.CHILD, name=MARKER)
    household = found_household(by=by, people=[person])
    record_consent(by=by, person=person, matter=Consent.Matter.DEVICE, given=True, on=dt.date(2024, 5, 1))
    return {"kinship": kinship.pk, "membership": household.memberships.get().pk}


def address(pattern: URLPattern, elsewhere: Elsewhere) -> str:
    wanted = pattern.pattern.converters
    lacking = set(wanted) - set(elsewhere.arguments)
    assert not lacking, f"give a sample of {lacking} in the fixture `elsewhere`"
    try:
        return reverse(f"{app_name}:{pattern.name}", kwargs={name: _sample(elsewhere, name) for name in wanted})
    except NoReverseMatch as error:
        raise AssertionError(f"a pattern without a name, or two of one name: {pattern}") from error


def _sample(elsewhere: Elsewhere, name: str) -> Any:
    sample = elsewhere.arguments[name]
    return sample() if callable(sample) else sample


def body_of(answer: HttpResponse) -> str:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return content.decode("utf-8", "replace")


PATTERNS = [pytest.param(pattern, id=str(pattern.name)) for pattern in urlpatterns if pattern.name not in _OPEN]
# What belongs to a person or a user out of reach is not there; about divisions everybody may know.
_PERSONAL = {
    *("person", "user_id", "grant_id", "import_id", "candidate_id", "case", "run_id", "job_id"),
    *("organisation", "contract", "delivery"),
    *("estate", "pool", "make_up"),
    *("plan_place", "plan_report", "plan_evidence"),
}
_MONEY = {
    "batch_id",
    "line_id",
    "discrepancy_id",
    "admission_id",
    "fund_id",
    "funding_id",
    "entry_id",
    "claim_id",
    "payee_id",
}


def _asked(client: Client, path: str) -> Iterator[HttpResponse]:
    yield (answer := client.get(path))
    # What is closed is closed to whoever searches.
    if answer.status_code not in (403, 404, 405):
        yield client.get(path, {"q": MARKER})
    yield client.post(path, {"q": MARKER})


@pytest.mark.parametrize("pattern", PATTERNS)
def test_nobody_reads_or_writes_beyond_their_divisions(
    pattern: URLPattern, here: Mapping[Role, Client], elsewhere: Elsewhere
) -> None:
    path = address(pattern, elsewhere)
    for role, client in here.items():
        for answer in _asked(client, path):
            told = (role, answer.status_code)
            assert answer.status_code < 500, told
            if answer.status_code != 422:
                assert MARKER not in body_of(answer).replace(f'value="{MARKER}"', ""), told
            if (_PERSONAL | _MONEY) & set(pattern.pattern.converters):
                assert answer.status_code in (403, 404, 405), told


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_stranger_is_led_to_the_door_from_everywhere(
    pattern: URLPattern, client: Client, elsewhere: Elsewhere
) -> None:
    path = address(pattern, elsewhere)
    answer = client.get(path)
    assert answer.status_code == 302
    assert answer.url.startswith("/console/sign-in/")
    assert client.post(path).status_code == 403


def test_a_file_out_of_reach_looks_like_none_at_all(city: SmallCity, elsewhere: Elsewhere) -> None:
    client = session_of(holder(Role.TOWN_CLERK, city.towns[0], "clerk-here"))
    there = client.get(f"/console/people/{elsewhere.person.public_id}/")
    nowhere = client.get("/console/people/00000000-0000-4000-8000-000000000000/")
    assert there.status_code == nowhere.status_code == 404
    assert _without_tokens(there) == _without_tokens(nowhere)


def _without_tokens(answer: HttpResponse) -> str:
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|[0-9A-Za-z]{64}", "", answer.content.decode())
