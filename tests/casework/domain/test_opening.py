"""Who may bring in what, and that the same thing is brought in once."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from songhe.accounts.scope import OutOfScope
from songhe.casework.domain.appeals import appeal
from songhe.casework.domain.opening import Matter, open_case
from songhe.casework.domain.steps import refuse
from songhe.casework.errors import CaseError, GrantedAlready, Incomplete, KeyReused, NotAllowed, OpenAlready
from songhe.casework.models import Case
from songhe.casework.queries.granted import granted_cases, refusing_ends
from songhe.casework.stored import procedure_of
from songhe.registry.domain.facts import record_death
from songhe.registry.domain.family import add_kin, end_kin
from songhe.registry.domain.merging import merge
from songhe.registry.vocabulary import StatementError
from tests.casework.conftest import CLAUSE, ITEM, PACKAGE, VILLAGE, Desk

ELSEWHERE = "640302001201"


def test_she_applies_where_she_is_registered(desk: Desk) -> None:
    case = desk.open(desk.elder(hukou=VILLAGE, residence=ELSEWHERE))
    assert case.division_id == desk.divisions[VILLAGE]
    assert (case.state, case.step, case.how, case.opened_by) == ("running", "accept", "self", None)


def test_where_she_is_registered_nowhere_known_it_is_where_she_lives(desk: Desk) -> None:
    assert desk.open(desk.elder(hukou=None, residence=VILLAGE)).division_id == desk.divisions[VILLAGE]
    with pytest.raises(Incomplete, match="常住地"):
        desk.open(desk.elder(hukou=None, residence=None))


def test_the_village_worker_hands_it_in_for_her_and_not_for_others(desk: Desk) -> None:
    case = desk.open(who=desk.staff("village"), how="village", text="行动不便")
    act = case.history.get()
    assert (act.user.username, act.duty, act.reason, case.opened_by.username) == (
        "village",
        "maker",
        "行动不便",
        "village",
    )
    with pytest.raises(OutOfScope):
        desk.open(desk.elder(hukou=ELSEWHERE, residence=ELSEWHERE), who=desk.staff("village"), how="village")


def test_the_family_needs_to_be_recorded_as_one_who_may_act(desk: Desk, by) -> None:
    elder, other = desk.elder(), desk.elder()
    son = add_kin(by=by("community"), person=elder, kind="may_act", relation="child", name="王大明")
    carer = add_kin(by=by("community"), person=elder, kind="carer", relation="child", name="王大明")
    with pytest.raises(Incomplete):
        desk.open(elder, how="family")
    for person, agent in ((elder, carer), (other, son)):
        with pytest.raises(NotAllowed, match="可代办人"):
            desk.open(person, how="family", agent=agent)
    case = desk.open(elder, how="family", agent=son)
    assert case.agent == son
    end_kin(by=by("community"), kinship=son, last_day=desk.day - dt.timedelta(days=1))
    son.refresh_from_db()
    with pytest.raises(NotAllowed, match="可代办人"):
        desk.open(elder, item="QTX-M-1.1c", how="family", agent=son)


class TestOnce:
    def test_one_open_case_of_a_person_and_an_item(self, desk: Desk) -> None:
        elder = desk.elder()
        case = desk.open(elder)
        with pytest.raises(OpenAlready) as caught:
            desk.open(elder)
        assert caught.value.public_id == str(case.public_id)
        desk.passes("lan", case, "accept")
        refuse(by=desk.staff("mei"), case=case, step="verify", reason="不足八十", clause=CLAUSE)
        desk.passes("lan", case, "inform")
        assert desk.open(elder).pk != case.pk

    def test_also_when_two_files_turned_out_to_be_hers(self, desk: Desk, by) -> None:
        one, two = desk.elder(), desk.elder()
        desk.open(one)
        merge(by=by("civil_affairs", reason="同一人"), person=one, into=two)
        with pytest.raises(OpenAlready):
            desk.open(two)
        with pytest.raises(StatementError):
            desk.open(one, item="QTX-M-1.1c")

    def test_the_database_says_so_too(self, desk: Desk) -> None:
        case = desk.open()
        with pytest.raises(IntegrityError), transaction.atomic():
            Case.objects.create(
                kind=case.kind,
                item=case.item,
                person=case.person,
                division=case.division,
                procedure=case.procedure,
                how="self",
                opened_at=desk.now,
            )

    def test_the_same_request_gives_the_same_case(self, desk: Desk) -> None:
        elder = desk.elder()
        case = desk.open(elder, request_key="k-1")
        assert desk.open(elder, request_key="k-1") == case
        assert Case.objects.count() == 1
        with pytest.raises(KeyReused):
            desk.open(elder, item="QTX-M-1.1c", request_key="k-1")

    def test_keys_of_different_clients_are_different_keys(self, desk: Desk) -> None:
        elder = desk.elder()
        desk.open(elder, request_key="k-1")
        other = desk.open(elder, item="QTX-M-1.1c", who=desk.staff("lan"), how="village", request_key="k-1")
        assert Case.objects.count() == 2
        assert other.request_key != "k-1"


class TestSense:
    @pytest.mark.parametrize(
        ("more", "error"),
        [
            ({"item": ""}, Incomplete),
            ({"item": "QTX-L-99"}, Incomplete),
            ({"how": "system"}, NotAllowed),
            ({"kind": "appeal"}, Incomplete),
            ({"kind": "dance"}, CaseError),
            ({"request_key": "k" * 65}, CaseError),
        ],
    )
    def test_what_makes_no_sense_is_refused_and_leaves_nothing(self, desk: Desk, more: dict, error: type) -> None:
        with pytest.raises(error):
            desk.open(**more)
        assert not Case.objects.exists()

    def test_a_case_is_about_somebody(self, desk: Desk) -> None:
        division = desk.division(VILLAGE)
        matter = Matter(kind="institution_subsidy", division=division)
        with pytest.raises(Incomplete):
            open_case(by=desk.staff("lan"), matter=matter)
        home = Matter(kind="institution_subsidy", subject=("institution", "42"), division=division)
        assert open_case(by=desk.staff("lan"), matter=home).subject_id == "42"

    def test_for_the_dead_only_what_was_owed_to_them_is_claimed(self, desk: Desk, by) -> None:
        elder = desk.elder()
        record_death(by=by("police"), person=elder, on=dt.date(2026, 1, 5))
        with pytest.raises(NotAllowed, match="身后待遇"):
            desk.open(elder)
        assert desk.open(elder, kind="heirs_claim").step == "accept"


def test_a_case_keeps_the_procedure_it_began_under(desk: Desk, tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = desk.open()
    (tmp_path / "county.yaml").write_text(
        "procedures: [{id: ours, like: benefit_application, kind: benefit_application, "
        'for: {county: "640381"}, change: {verify: {workdays: 20}}}]',
        encoding="utf-8",
    )
    monkeypatch.setenv("SONGHE_PROCEDURES", str(tmp_path))
    after = desk.open()
    days = {case: procedure_of(case).step("verify").workdays for case in (before, after)}
    assert days == {before: 7, after: 20}
    for case in (before, after):
        desk.passes("lan", case, "accept")
    assert (after.due_on - before.due_on).days > 10


def test_the_package_and_item_are_kept(desk: Desk) -> None:
    case = desk.open()
    assert (case.package, case.item) == (PACKAGE, ITEM)


class TestGrantedAlready:
    """What somebody has is not applied for again: a refusal of the second application would end it."""

    @pytest.fixture
    def elder(self, desk: Desk):
        return desk.elder()

    @pytest.fixture
    def granted(self, desk: Desk, elder) -> Case:
        return desk.up_to("end", desk.open(elder))

    def test_the_message_names_the_case_that_granted_it(self, desk: Desk, elder, granted) -> None:
        with pytest.raises(GrantedAlready, match="不用再申请") as caught:
            desk.open(elder)
        assert caught.value.public_id == str(granted.public_id)
        assert desk.open(elder, item="QTX-M-2.1f").pk

    def test_also_when_it_was_granted_to_another_file_of_hers(self, desk: Desk, by, elder, granted) -> None:
        other = desk.elder()
        merge(by=by("civil_affairs", reason="同一人"), person=elder, into=other)
        with pytest.raises(GrantedAlready):
            desk.open(other)
        assert granted_cases([other.pk], PACKAGE) == {(other.pk, ITEM): granted}

    def test_what_was_ended_by_a_refusal_may_be_asked_for_again(self, desk: Desk, by, elder, granted) -> None:
        again = desk.open(desk.elder())
        merge(by=by("civil_affairs", reason="同一人"), person=again.person, into=elder)
        again = Case.objects.get(pk=again.pk)
        assert refusing_ends(again) == granted
        desk.wait()
        refuse(by=desk.staff("lan"), case=again, step="accept", reason="条件已变", clause=CLAUSE)
        desk.passes("lan", again, "inform")
        assert granted_cases([elder.pk], PACKAGE) == {}
        assert desk.open(elder).pk not in (granted.pk, again.pk)

    def test_after_an_appeal_the_new_decision_stands_in_the_place_of_the_first(self, desk: Desk, elder) -> None:
        first = desk.open(elder)
        refuse(by=desk.staff("lan"), case=first, step="accept", reason="不足八十", clause=CLAUSE)
        desk.passes("lan", first, "inform")
        lodged = appeal(by=desk.applicant, case=first, reason="已满八十")
        desk.passes("qian", lodged, "accept")
        desk.passes("sun", lodged, "review")
        desk.passes("qian", lodged, "inform")
        anew = desk.up_to("end", Case.objects.get(about=lodged))
        with pytest.raises(GrantedAlready) as caught:
            desk.open(elder)
        assert caught.value.public_id == str(anew.public_id)
