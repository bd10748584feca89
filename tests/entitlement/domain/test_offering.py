"""People found entitled get a case without a form, or an invitation."""

from pathlib import Path

import pytest

from songhe.casework.models import Case
from songhe.entitlement.domain.offering import offer_found
from songhe.entitlement.errors import RunError
from tests.entitlement.conftest import PACKAGE, VILLAGE


@pytest.fixture
def turned(register, pay, monkeypatch):
    """Li turns eighty in June, and Wang has a certificate from June on; both had a month in May."""
    monkeypatch.setenv("SONGHE_POLICIES", str(Path(PACKAGE).parent))
    li = register(hukou=VILLAGE, residence=VILLAGE, alive=True, birth_date="1946-06-20", living="with_children")
    more = {"disability_grade": "1", "disability_certificate_from": "2026-06-03", "living": "with_children"}
    wang = register(hukou=VILLAGE, residence=VILLAGE, alive=True, birth_date="1950-06-20", **more)
    pay(202605)
    return li, wang, pay(202606)


def cases():
    return list(Case.objects.order_by("person").values_list("person", "item", "how"))


def test_who_was_found_is_offered_or_invited_once(turned, package, clerks):
    li, wang, run = turned
    offered = offer_found(run=run, package=package, by=clerks["ma"])
    assert {item: one.opened for item, one in offered.items()} == {"ALLOWANCE": 1, "DISABILITY": 1}
    assert [(person, item) for person, item, _ in cases()] == [(li.pk, "ALLOWANCE"), (wang.pk, "DISABILITY")]
    offer_found(run=run, package=package, by=clerks["ma"])
    assert len(cases()) == 2


def test_nothing_is_offered_before_the_run_is_accepted(turned, package, register, decide, clerks):
    with pytest.raises(RunError, match="Accept the run first"):
        offer_found(run=decide(202607), package=package, by=clerks["ma"])


def test_who_was_entitled_before_the_first_run_is_invited_too(register, pay, package, clerks, monkeypatch):
    monkeypatch.setenv("SONGHE_POLICIES", str(Path(PACKAGE).parent))
    facts = {"hukou": VILLAGE, "residence": VILLAGE, "alive": True, "birth_date": "1940-06-20"}
    lin = register(**facts, disability_grade="1", disability_certificate_from="2020-01-01")
    register(**facts, disability_grade="none")
    run = pay(202605)
    offer_found(run=run, package=package, by=clerks["ma"])
    # The allowance of both is paid without a case.
    assert cases() == [(lin.pk, "DISABILITY", "system")]
    offer_found(run=pay(202606), package=package, by=clerks["ma"])
    assert len(cases()) == 1
