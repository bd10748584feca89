"""Cases in the console: the desk, one case, many at once, opening, and what nobody may do twice."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from songhe.accounts.models import Entry, Role
from songhe.casework.domain.acting import APPLICANT
from songhe.casework.domain.notice import object_to, publish
from songhe.casework.domain.offers import offer_many
from songhe.casework.domain.opening import Matter, open_case
from songhe.casework.domain.steps import refuse, return_for_mending
from songhe.casework.models import Case
from songhe.common import clock
from songhe.policy.load import load_package
from songhe.registry.domain.family import add_kin
from songhe.registry.domain.merging import merge
from songhe.registry.domain.writing import Author
from songhe.registry.models import Kinship
from tests.accounts.builders import holder
from tests.casework.conftest import CLAUSE, ITEM, PACKAGE, ROLES, Desk, by, desk, divisions, register, resident_number
from tests.console.conftest import session_of
from tests.console.people import somebody
from tests.divisions.builders import small_city

__all__ = ["by", "desk", "divisions", "register", "resident_number"]

DESK, ALL, MANY = "/console/desk/", "/console/cases/", "/console/desk/many/"


Enter = Callable[[str], Client]


class _Then(Client):
    """A client for whom it is the day of the desk."""

    desk: Desk

    def request(self, **request: Any) -> Any:
        with clock.standing_at(self.desk.now):
            return super().request(**request)


@pytest.fixture
def enter(desk: Desk) -> Enter:
    """`enter("lan")`: somebody of the desk at the console, on the desk's day."""
    with clock.standing_at(desk.now):
        # Roles begin on the day on which they are given.
        for name in ROLES:
            desk.user(name)

    def come_in(name: str) -> Client:
        client = _Then()
        client.desk = desk
        client.cookies = session_of(desk.user(name)).cookies
        return client

    return come_in


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def page_of(case: Case) -> str:
    return f"{ALL}{case.public_id}/"


def act(client: Client, case: Case, name: str, **said: Any) -> Any:
    return client.post(f"{page_of(case)}do/{name}/", {"step": case.step, **said})


def mark_in(answer: Any) -> str:
    found = re.search(r'name="confirmed" value="([0-9a-f]{64})"', text_of(answer))
    assert found is not None, text_of(answer)
    return found[1]


class TestDesk:
    def test_it_shows_what_waits_for_me_and_nothing_else(self, enter: Enter, desk: Desk) -> None:
        desk.open(desk.elder(name="王桂兰"))
        desk.up_to("approve", desk.open(desk.elder(name="李秀英")))
        shown = text_of(enter("lan").get(DESK))
        assert "王桂兰" in shown
        assert "李秀英" not in shown
        assert "李秀英" in text_of(enter("zhou").get(DESK))

    def test_what_is_overdue_is_marked_and_can_be_asked_for(self, enter: Enter, desk: Desk) -> None:
        desk.open(desk.elder(name="王桂兰"))
        desk.wait(30)
        desk.open(desk.elder(name="李秀英"))
        client = enter("lan")
        shown = text_of(client.get(DESK))
        late = text_of(client.get(DESK, {"late": "on"}))
        assert shown.count("text-bg-danger") == 1
        assert shown.index("王桂兰") < shown.index("李秀英")
        assert "王桂兰" in late and "李秀英" not in late

    @pytest.mark.parametrize(
        ("asked", "there"),
        [
            ({"q": "王桂"}, True),
            ({"q": "张"}, False),
            ({"kind": "benefit_application"}, True),
            ({"kind": "appeal"}, False),
            ({"step": "verify"}, False),
            ({"division": "640381001"}, True),
        ],
    )
    def test_it_can_be_narrowed(self, enter: Enter, desk: Desk, asked: dict[str, str], there: bool) -> None:
        desk.open()
        assert ("王桂兰" in text_of(enter("lan").get(DESK, asked))) is there

    def test_whoever_has_no_step_sees_what_waits_for_applicants(self, enter: Enter, desk: Desk) -> None:
        case = desk.open()
        return_for_mending(by=desk.staff("lan"), case=case, step="accept", reason="缺户口簿")
        client = enter("village")
        assert "您的角色没有办理环节" in text_of(client.get(DESK))
        assert "王桂兰" in text_of(client.get(f"{DESK}applicants/"))
        assert 'tile-figure">1<' in text_of(client.get("/console/"))

    def test_an_invitation_that_waits_for_its_yes_stands_at_no_step(self, enter: Enter, desk: Desk) -> None:
        entries = load_package("suizhou-2023").entitlements.values()
        item = next(one.id for one in entries if one.delivery == "invite" and one.subject == "person")
        offer_many(by=desk.system, package="suizhou-2023", item=item, people=[desk.elder().pk])
        answer = enter("village").get(f"{DESK}applicants/")
        assert answer.status_code == 200
        assert "待遇申请 · 等待本人确认" in text_of(answer)

    def test_showing_people_is_told_to_the_trail(self, enter: Enter, desk: Desk) -> None:
        desk.open()
        enter("lan").get(DESK)
        told = Entry.objects.get(action="person.listed")
        assert (told.subject_kind, told.details) == ("cases", {"count": 1})

    @pytest.mark.parametrize("path", [DESK, ALL, "/console/"])
    def test_it_takes_the_same_queries_with_one_row_and_three(
        self, enter: Enter, desk: Desk, queries_of: Callable[[Client, str], int], path: str
    ) -> None:
        client = enter("lan")
        desk.open()
        one = queries_of(client, path)
        desk.open()
        desk.open()
        assert queries_of(client, path) == one <= 34


class TestManyAtOnce:
    def test_nothing_is_done_before_it_is_confirmed_with_its_number(self, enter: Enter, desk: Desk) -> None:
        cases = [desk.open() for _ in range(3)]
        client = enter("lan")
        asked = client.post(MANY, {"case": [cases[0].pk, cases[1].pk]})
        assert "一次办理2件" in text_of(asked)
        assert not Case.objects.exclude(step="accept").exists()
        done = client.post(MANY, {"case": [cases[0].pk, cases[1].pk], "confirmed": mark_in(asked)})
        assert "2件全部办理" in text_of(done)
        assert [case.step for case in Case.objects.order_by("pk")] == ["verify", "verify", "accept"]
        assert Entry.objects.filter(action="case.passed").count() == 2

    def test_all_that_match_go_with_one_press(self, enter: Enter, desk: Desk) -> None:
        for name in ("王桂兰", "王秀英", "李淑芳"):
            desk.open(desk.elder(name=name))
        client, asked = enter("lan"), {"every": "1", "query": "q=王"}
        answer = client.post(MANY, asked)
        assert "一次办理2件" in text_of(answer)
        client.post(MANY, {**asked, "confirmed": mark_in(answer)})
        assert Case.objects.filter(step="verify").count() == 2

    def test_what_is_not_understood_chooses_nobody(self, enter: Enter, desk: Desk) -> None:
        desk.open()
        answer = enter("lan").post(MANY, {"every": "1", "query": "division=没有这个地方"})
        assert answer.status_code == 302
        assert Case.objects.get().step == "accept"

    def test_a_choice_that_changed_meanwhile_is_asked_about_again(self, enter: Enter, desk: Desk) -> None:
        desk.open()
        client = enter("lan")
        mark = mark_in(client.post(MANY, {"every": "1"}))
        desk.open()
        again = client.post(MANY, {"every": "1", "confirmed": mark})
        assert "没有办理任何一件" in text_of(again)
        assert not Case.objects.exclude(step="accept").exists()

    def test_what_is_not_done_is_named_with_its_reason_and_keeps_nobody_back(self, enter: Enter, desk: Desk) -> None:
        stuck, free = desk.up_to("notice"), desk.up_to("notice", desk.open(desk.elder(name="李秀英")))
        for case in (stuck, free):
            publish(by=desk.staff("mei"), case=case)
        object_to(by=desk.party("public"), case=stuck, text="她有存款")
        desk.wait(30)
        client, chosen = enter("mei"), {"case": [stuck.pk, free.pk]}
        done = text_of(client.post(MANY, {**chosen, "confirmed": mark_in(client.post(MANY, chosen))}))
        assert "共2件：已办理1件" in done
        assert "还有异议没有答复" in done
        stuck.refresh_from_db(), free.refresh_from_db()
        assert (stuck.step, free.step) == ("notice", "approve")

    def test_those_of_a_notice_are_published(self, enter: Enter, desk: Desk) -> None:
        case = desk.up_to("notice")
        client, chosen = enter("mei"), {"case": [case.pk]}
        asked = client.post(MANY, chosen)
        assert "将开始公示" in text_of(asked)
        client.post(MANY, {**chosen, "confirmed": mark_in(asked)})
        case.refresh_from_db()
        assert case.notice_from == desk.day

    def test_before_many_are_granted_it_says_how_many_are_not_entitled(self, enter: Enter, desk: Desk) -> None:
        old, young = desk.elder(), desk.elder(name="李秀英", birth_date="1965-05-01")
        chosen = {"case": [desk.up_to("approve", desk.open(one)).pk for one in (old, young)]}
        shown = text_of(enter("zhou").post(MANY, chosen))
        assert "将全部同意" in shown
        assert "其中1件，按现有信息不符合" in shown

    def test_before_many_are_verified_it_says_so_too_and_of_what_is_not_certain(self, enter: Enter, desk: Desk) -> None:
        young, unknown = desk.elder(name="李秀英", birth_date="1965-05-01"), desk.elder(name="张桂芳", birth_date=None)
        chosen = {"case": [desk.up_to("verify", desk.open(one)).pk for one in (desk.elder(), young, unknown)]}
        shown = text_of(enter("mei").post(MANY, chosen))
        assert "其中1件，按现有信息不符合" in shown
        assert "其中1件，按现有信息尚不能确定" in shown

    def test_a_case_of_somebody_else_is_never_among_them(self, enter: Enter, desk: Desk) -> None:
        case = desk.up_to("approve")
        assert enter("lan").post(MANY, {"case": [case.pk]}).status_code == 302
        assert enter("far").post(MANY, {"every": "1"}).status_code == 302
        case.refresh_from_db()
        assert case.step == "approve"


class TestOneCase:
    def test_it_shows_person_item_steps_clock_and_answer(self, enter: Enter, desk: Desk) -> None:
        case = desk.up_to("verify")
        shown = text_of(enter("mei").get(page_of(case)))
        for text in ("王桂兰", "完成“审核”", "还有7个工作日", CLAUSE, "现在的结论", "Lan完成“受理”"):
            assert text in shown, text

    def test_reading_it_is_told_to_the_trail(self, enter: Enter, desk: Desk) -> None:
        case = desk.open()
        answer = enter("lan").get(page_of(case))
        assert answer.headers["Cache-Control"] == "no-store"
        assert Entry.objects.get(action="case.read").subject_id == str(case.public_id)

    def test_a_case_of_another_county_is_not_there(self, enter: Enter, desk: Desk) -> None:
        case = desk.open()
        client = enter("far")
        assert client.get(page_of(case)).status_code == act(client, case, "pass").status_code == 404

    def test_whoever_had_another_duty_is_told_so_instead_of_a_button(self, enter: Enter, desk: Desk) -> None:
        case = desk.up_to("verify")
        client = enter("lan")
        shown = text_of(client.get(page_of(case)))
        assert "须由另一人办理" in shown
        assert "/do/pass/" not in shown
        assert act(client, case, "pass").status_code == 422

    def test_it_goes_from_hand_to_hand_to_the_end(self, enter: Enter, desk: Desk) -> None:
        case = desk.open()
        for who, name in (("lan", "pass"), ("mei", "pass"), ("mei", "publish")):
            assert act(enter(who), case, name).url == page_of(case)
            case.refresh_from_db()
        desk.wait(14)
        for who in ("mei", "zhou", "lan"):
            assert act(enter(who), case, "pass").url == page_of(case)
            case.refresh_from_db()
        assert (case.state, case.outcome) == ("closed", "granted")

    def test_one_that_moved_meanwhile_says_so_and_nothing_is_done(self, enter: Enter, desk: Desk) -> None:
        case = desk.open()
        client = enter("lan")
        desk.passes("lan", case, "accept")
        answer = client.post(f"{page_of(case)}do/return/", {"step": "accept", "reason": "缺户口簿"}, follow=True)
        assert "您的操作没有执行" in text_of(answer)
        case.refresh_from_db()
        assert (case.state, case.step) == ("running", "verify")

    def test_returned_and_mended(self, enter: Enter, desk: Desk) -> None:
        case = desk.open()
        client = enter("lan")
        assert act(client, case, "return", reason="").status_code == 422
        act(client, case, "return", reason="缺户口簿")
        case.refresh_from_db()
        assert case.state == "returned"
        worker = enter("village")
        assert "登记已补正" in text_of(worker.get(page_of(case)))
        act(worker, case, "resubmit", reason="已补户口簿")
        case.refresh_from_db()
        assert case.state == "running"

    def test_a_refusal_names_its_clause_and_the_way_to_appeal(self, enter: Enter, desk: Desk) -> None:
        case = desk.up_to("approve")
        client = enter("zhou")
        form = text_of(client.get(f"{page_of(case)}do/refuse/"))
        assert f'<option value="{CLAUSE}"' in form
        assert "行政复议" in form
        said = {"reason": "未满八十周岁", "clause": CLAUSE, "way_to_appeal": "可以申诉"}
        assert act(client, case, "refuse", **{**said, "clause": "QTX-X"}).status_code == 422
        assert "现在的结论" in form
        act(client, case, "refuse", **said)
        case.refresh_from_db()
        assert case.outcome == "refused"

    def test_an_objection_is_answered_and_its_contact_shown_once(self, enter: Enter, desk: Desk) -> None:
        case = desk.up_to("notice")
        publish(by=desk.staff("mei"), case=case)
        object_to(by=desk.party("public"), case=case, text="她有存款", contact="13900139000")
        client = enter("mei")
        shown = text_of(client.get(page_of(case)))
        assert "她有存款" in shown
        assert "13900139000" not in shown
        assert "13900139000" in text_of(client.post(f"{page_of(case)}contact/{case.acts}/"))
        assert Entry.objects.filter(action="case.contact_revealed").count() == 1
        answer = client.post(
            f"{page_of(case)}answer/{case.acts}/", {"step": "notice", "upheld": "yes", "reason": "属实"}
        )
        assert answer.url == page_of(case)
        case.refresh_from_db()
        assert case.step == "verify"

    def test_it_is_handed_over_and_withdrawn(self, enter: Enter, desk: Desk) -> None:
        case = desk.open()
        client = enter("lan")
        act(client, case, "hand-over", to="640381002", reason="已迁居")
        case.refresh_from_db()
        assert case.division == desk.division("640381002")
        other = desk.open(desk.elder(name="李秀英"))
        act(enter("village"), other, "withdraw", reason="本人不要了")
        other.refresh_from_db()
        assert other.outcome == "withdrawn"

    def test_an_act_that_there_is_not_is_not_found(self, enter: Enter, desk: Desk) -> None:
        case = desk.open()
        assert act(enter("lan"), case, "delete").status_code == 404


def new_page(person: Any) -> str:
    return f"/console/people/{person.public_id}/cases/new/"


class TestOpening:
    def test_items_stand_with_todays_answer_and_one_is_handed_in(self, enter: Enter, desk: Desk) -> None:
        elder = desk.elder()
        client = enter("village")
        shown = text_of(client.get(new_page(elder)))
        assert f'value="item:{PACKAGE}:{ITEM}"' in shown
        assert "现在符合" in shown or "尚不能确定" in shown
        said = {"matter": f"item:{PACKAGE}:{ITEM}", "how": "village", "text": "腿脚不便", "key": "k1"}
        answer = client.post(new_page(elder), said)
        case = Case.objects.get()
        assert answer.url == page_of(case)
        assert (case.person, case.item, case.how, case.step) == (elder, ITEM, "village", "accept")
        assert client.post(new_page(elder), said).url == page_of(case)
        assert Case.objects.count() == 1

    def test_one_that_is_open_already_leads_to_itself(self, enter: Enter, desk: Desk) -> None:
        case = desk.open()
        client = enter("village")
        assert "已有未办结的件" in text_of(client.get(new_page(case.person)))
        said = {"matter": f"item:{PACKAGE}:{ITEM}", "how": "self", "key": "k2"}
        assert client.post(new_page(case.person), said).url == page_of(case)
        assert client.post(new_page(case.person), {**said, "matter": "item:x:y"}).status_code == 422
        assert Case.objects.count() == 1

    def test_what_she_has_already_is_not_applied_for_again(self, enter: Enter, desk: Desk) -> None:
        elder = desk.elder()
        granted = desk.up_to("end", desk.open(elder))
        client = enter("lan")
        shown = text_of(client.get(new_page(elder)))
        assert "已享受，不用再申请" in shown
        assert page_of(granted) in shown
        assert f'value="item:{PACKAGE}:{ITEM}"' not in shown
        asked = {"matter": f"item:{PACKAGE}:{ITEM}", "how": "self", "text": "", "key": "k"}
        assert client.post(new_page(elder), asked).url == page_of(granted)
        assert Case.objects.count() == 1

    def test_refusing_what_she_has_already_warns_that_money_stops(self, enter: Enter, desk: Desk) -> None:
        elder, other = desk.elder(), desk.elder()
        granted = desk.up_to("end", desk.open(elder))
        second = desk.open(other)
        assert "停发" not in text_of(enter("lan").get(f"{page_of(second)}do/refuse/"))
        merge(by=Author(user=None, source="police", reason="同一人"), person=other, into=elder)
        warned = text_of(enter("lan").get(f"{page_of(second)}do/refuse/"))
        assert f"已由办件 {granted.public_id} 批准" in warned
        assert "从下月起停发" in warned

    def test_family_is_somebody_recorded_as_one_who_may_act(self, enter: Enter, desk: Desk) -> None:
        elder = desk.elder()
        kin = add_kin(
            by=Author(user=None, source="community"),
            person=elder,
            kind=Kinship.Kind.MAY_ACT,
            relation=Kinship.Relation.CHILD,
            name="王小军",
        )
        client = enter("village")
        assert "王小军" in text_of(client.get(new_page(elder)))
        said = {"matter": "kind:assessment_request", "how": "family", "key": "k3"}
        assert client.post(new_page(elder), {**said, "agent": ""}).status_code == 422
        client.post(new_page(elder), {**said, "agent": str(kin.pk)})
        assert (Case.objects.get().agent, Case.objects.get().kind) == (kin, "assessment_request")

    def test_nobody_opens_a_case_out_of_reach(self, enter: Enter, desk: Desk) -> None:
        elder = desk.elder()
        assert enter("far").get(new_page(elder)).status_code == 404
        search = {"q": "wangguilan"}
        assert "王桂兰" not in text_of(enter("far").get("/console/cases/new/", search))
        assert "王桂兰" in text_of(enter("village").get("/console/cases/new/", search))

    def test_a_persons_file_has_their_cases(self, enter: Enter, desk: Desk) -> None:
        case = desk.open()
        client = enter("village")
        file = f"/console/people/{case.person.public_id}/"
        assert f"{file}cases/" in text_of(client.get(file))
        assert page_of(case) in text_of(client.get(f"{file}cases/"))

    def test_a_decided_case_is_appealed_and_complained_of(self, enter: Enter, desk: Desk) -> None:
        case = desk.up_to("approve")
        refuse(by=desk.staff("zhou"), case=case, step="approve", reason="不足八十", clause=CLAUSE)
        desk.passes("lan", case, "inform")
        client = enter("village")
        assert "提出申诉" in text_of(client.get(page_of(case)))
        assert client.post(f"{page_of(case)}appeal/", {"how": "self", "text": "", "key": "a"}).status_code == 422
        client.post(f"{page_of(case)}appeal/", {"how": "self", "text": "年龄算错了", "key": "a"})
        client.post(f"{page_of(case)}complain/", {"how": "self", "text": "态度不好", "key": "b"})
        later = Case.objects.filter(about=case).order_by("pk")
        assert [one.kind for one in later] == ["appeal", "complaint"]
        appeal = later[0]
        assert "您已在该件（或原件）的其他岗位经办过" in text_of(enter("zhou").get(page_of(appeal)))
        assert "/do/pass/" in text_of(enter("qian").get(page_of(appeal)))


class TestFigures:
    def test_steps_that_ended_in_time_and_late_are_counted(self, enter: Enter, desk: Desk) -> None:
        desk.passes("lan", desk.open(), "accept")
        slow = desk.open()
        desk.wait(20)
        desk.passes("lan", slow, "accept")
        shown = text_of(enter("zhou").get("/console/case-figures/", {"days": "90"}))
        figures = re.findall(r'class="number(?: low)?">(\d+)<', shown)
        assert figures == ["2", "1", "1", "2"]

    def test_no_figures_yet(self, enter: Enter, desk: Desk) -> None:
        assert "没有办结的环节" in text_of(enter("zhou").get("/console/case-figures/"))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_pages_are_open_to_everybody(
    open_console: Callable[..., Any], accessible: Callable[[Any], None], fits: Callable[[Any], None], language: str
) -> None:
    city = small_city()
    clerk = holder(Role.COUNTY_BUREAU, city.counties[0], "clerk")
    person = somebody()
    case = open_case(by=APPLICANT, matter=Matter(kind="assessment_request", person=person))
    tab = open_console(DESK, clerk)
    if language == "en":
        tab.get_by_role("button", name="English").click()
    file = f"/console/people/{person.public_id}/cases/"
    act = f"{page_of(case)}do/return/"
    search = "/console/cases/new/?q=wang"
    for path in (page_of(case), act, ALL, "/console/case-figures/", file, f"{file}new/", search, DESK):
        tab.goto(path)
        accessible(tab)
        fits(tab)
    tab.locator("button[name=every]").click()
    for button in ("main form .btn-primary", "main > .btn-primary"):
        tab.wait_for_selector(button)
        for width in (1366, 390):
            tab.set_viewport_size({"width": width, "height": 768})
            accessible(tab)
            fits(tab)
        tab.locator(button).click()
    assert Case.objects.get().step == "assess"
