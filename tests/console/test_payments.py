"""Money in the console: from an accepted month to the last fen in an account, by several pairs of hands."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from songhe.accounts.models import Entry as AuditLine
from songhe.accounts.models import Role
from songhe.console.payments import deeds, recoveries, ways
from songhe.console.payments.shares import in_percent
from songhe.entitlement.models import Plan
from songhe.payment.models import Batch, Claim, Fund, Funding, Payee, PayingAccount, RecoveryPlan
from songhe.payment.verify import faults
from tests.accounts.builders import holder
from tests.console.conftest import SignIn
from tests.console.money import Money
from tests.payment.conftest import AUGUST, ITEM, Office, build_office

BATCHES = "/console/payments/batches/"
NEW = "/console/payments/new/batch/"


@pytest.fixture
def office(db: None, settings: Any, tmp_path: Any) -> Office:
    settings.UPLOADS = tmp_path / "uploads"
    return build_office()


@pytest.fixture
def people(office: Office) -> list[Any]:
    """Three people who are owed July, and money for them."""
    office.fill(1_000_000)
    some = [office.person() for _ in range(3)]
    for one in some:
        office.owe(one, 10_050)
    return some


@pytest.fixture
def batch(office: Office, people: list[Any]) -> Batch:
    return office.batch().batch


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def plain(answer: Any) -> str:
    """The words of a page, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text_of(answer)))


def page(batch: Batch, step: str = "") -> str:
    return f"{BATCHES}{batch.pk}/{step}{'/' if step else ''}"


def told(client: Client, answer: Any) -> str:
    """The next page after what was done."""
    assert answer.status_code == 302, plain(answer)
    return plain(client.get(answer.url))


def wanted(office: Office, **more: Any) -> dict[str, Any]:
    asked = {"account": office.account.pk, "title": "七月津贴", "funds": [office.fund.pk], "items": [ITEM]}
    return {**asked, "first_month": "2024-07", "last_month": "2024-07", **more}


def bank_answer(batch: Batch, bounced: tuple[int, ...] = (), *more: str) -> SimpleUploadedFile:
    """The bank's table: all paid but the lines at these places, and more rows behind."""
    rows = ["流水号,结果,金额,代码,原因"]
    for place, line in enumerate(batch.lines.order_by("pk")):
        back = place in bounced
        rows.append(
            f"{line.end_to_end},{'退汇' if back else '成功'},{line.fen / 100:.2f},,{'账户已销户' if back else ''}"
        )
    return SimpleUploadedFile("回单.csv", ("\r\n".join([*rows, *more]) + "\r\n").encode("gb18030"))


def take_in(client: Client, batch: Batch, file: SimpleUploadedFile) -> Any:
    """Preview, then take in what the preview showed."""
    path = f"/console/payments/answers/{batch.pk}/"
    seen = client.post(path, {"form": "answer-csv", "file": file})
    assert seen.status_code == 200, plain(seen)
    digest = re.search(r'name="digest" value="([0-9a-f]{64})"', text_of(seen))
    assert digest
    return seen, client.post(path, {"digest": digest[1], "form": "answer-csv"})


class TestTheWholeWay:
    def test_from_a_draft_to_the_last_fen(self, sign_in: SignIn, office: Office, people: list[Any]) -> None:
        maker, checker, approver = (sign_in(user) for user in (office.maker, office.checker, office.approver))
        seen = plain(maker.post(NEW, wanted(office)))
        assert "301.50元" in seen
        assert not Batch.objects.exists()
        maker.post(NEW, wanted(office, make="1", lines="3", fen="30150"))
        batch = Batch.objects.get()
        assert (batch.maker, batch.lines_number, batch.fen) == (office.maker, 3, 30_150)

        assert "已复核" in told(checker, checker.post(page(batch, "check"), {"lines": "3", "fen": "301.50"}))
        assert "可以导出" in told(approver, approver.post(page(batch, "approve")))
        file = maker.post(page(batch, "export"), {"form": "pain.001"})
        assert file["Content-Disposition"] == f'attachment; filename="{batch.message_id}.xml"'
        assert file["Cache-Control"] == "no-store"
        assert b"pain.001.001.09" in file.content
        assert "已记为提交银行" in told(maker, maker.post(page(batch, "send")))

        seen_before, taken = take_in(maker, batch, bank_answer(batch, (0, 2)))
        assert "账户已销户" in plain(seen_before)
        assert "成功1笔，退汇2笔" in told(maker, taken)
        totals = {"paid": "100.50", "returned": "201"}
        assert "一分不差" in told(checker, checker.post(page(batch, "reconcile"), totals))

        office.correct(people[0])
        again = told(maker, maker.post(page(batch, "again"), {"title": "七月重发"}))
        assert "1笔" in again and "1人账户未更正" in again
        assert Batch.objects.get(title="七月重发").fen == 10_050
        assert "批次已关闭" in told(checker, checker.post(page(batch, "close")))
        closed = plain(maker.get(page(batch)))
        assert "没有要办的了" in closed and "下一步" not in closed
        assert list(faults()) == []

    def test_every_step_is_told_to_the_trail_with_who_did_it(
        self, sign_in: SignIn, office: Office, batch: Batch
    ) -> None:
        sign_in(office.checker).post(page(batch, "check"), {"lines": "3", "fen": "301.5"})
        sign_in(office.approver).post(page(batch, "approve"))
        sign_in(office.maker).post(page(batch, "export"), {"form": "bank-csv"})
        lines = AuditLine.objects.filter(action__startswith="batch.").order_by("sequence")
        done = [("batch.made", office.maker), ("batch.checked", office.checker)]
        done += [("batch.approved", office.approver), ("batch.exported", office.maker)]
        assert [(line.action, line.user) for line in lines] == done


class TestMaking:
    def test_the_preview_names_who_is_left_out_and_why_and_what_is_set_off(
        self, sign_in: SignIn, office: Office, people: list[Any]
    ) -> None:
        from songhe.payment.domain.recoveries import state_plan

        office.owe(office.person(account=None, name="无账户"), 5_000)
        state_plan(by=office.maker, claim=office.owe(people[0], -4_000), per_month=4_000, reason="已故")
        seen = plain(sign_in(office.maker).post(NEW, wanted(office)))
        assert "无账户 50元 没有登记银行账号或姓名" in seen
        assert "抵扣追回 40元" in seen
        assert "261.50元" in seen
        assert not Batch.objects.exists()

    def test_what_changed_since_the_preview_is_not_made_unseen(
        self, sign_in: SignIn, office: Office, people: list[Any]
    ) -> None:
        office.owe(office.person(), 100)
        answer = sign_in(office.maker).post(NEW, wanted(office, make="1", lines="3", fen="30150"))
        assert answer.status_code == 422
        assert "请重新预览" in plain(answer)
        assert not Batch.objects.exists()

    def test_nothing_stands_for_all(self, sign_in: SignIn, office: Office, people: list[Any]) -> None:
        answer = sign_in(office.maker).post(NEW, wanted(office, funds=[], items=[]))
        assert answer.status_code == 422
        assert plain(answer).count("请填写。") == 2

    @pytest.mark.parametrize(
        ("months", "told"),
        [(("七月", "2024-07"), "月份有误"), (("2024-08", "2024-07"), "早于"), (("2030-01", "2030-01"), "没有待发放")],
    )
    def test_months_are_named(
        self, sign_in: SignIn, office: Office, people: list[Any], months: tuple[str, str], told: str
    ) -> None:
        first, last = months
        answer = sign_in(office.maker).post(NEW, wanted(office, first_month=first, last_month=last))
        assert answer.status_code == 422
        assert told in plain(answer)

    def test_going_back_keeps_what_was_chosen(self, sign_in: SignIn, office: Office, people: list[Any]) -> None:
        shown = text_of(sign_in(office.maker).post(NEW, wanted(office, edit="1", title="另一个名称")))
        assert 'value="另一个名称"' in shown
        assert f'name="funds" value="{office.fund.pk}" checked' in shown

    def test_without_an_account_or_a_due_it_says_what_to_do_first(self, sign_in: SignIn, office: Office) -> None:
        assert "先把采用的月度核定入账" in plain(sign_in(office.maker).get(NEW))
        assert "还没有付款账户" in plain(sign_in(office.stranger).get(NEW))


class TestWhoseTurnItIs:
    def test_a_button_that_is_not_mine_says_why(self, sign_in: SignIn, office: Office, batch: Batch) -> None:
        assert "您编制了此批次，须由另一人复核" in plain(sign_in(office.maker).get(page(batch)))
        assert "须由另一人" not in plain(sign_in(office.checker).get(page(batch)))
        sign_in(office.checker).post(page(batch, "check"), {"lines": "3", "fen": "301.5"})
        assert "您编制了此批次，须由另一人审批" in plain(sign_in(office.maker).get(page(batch)))
        assert "您复核了此批次，须由另一人审批" in plain(sign_in(office.checker).get(page(batch)))
        auditor = holder(Role.AUDITOR, office.city.city, "auditor")
        assert "您的角色在此单位没有这项权限" in plain(sign_in(auditor).get(page(batch)))

    def test_what_it_says_is_what_the_domain_does(self, sign_in: SignIn, office: Office, batch: Batch) -> None:
        maker, checker = sign_in(office.maker), sign_in(office.checker)
        assert maker.post(page(batch, "check"), {"lines": "3", "fen": "301.5"}).status_code == 422
        checker.post(page(batch, "check"), {"lines": "3", "fen": "301.5"})
        for client in (maker, checker):
            answer = client.post(page(batch, "approve"))
            assert answer.status_code == 422
            assert "须为不同的人" in plain(answer)

    def test_the_checker_counts_for_themselves(self, sign_in: SignIn, office: Office, batch: Batch) -> None:
        answer = sign_in(office.checker).post(page(batch, "check"), {"lines": "3", "fen": "301.51"})
        assert answer.status_code == 422
        assert "与批次不符" in plain(answer)

    def test_it_says_how_many_approvals_are_lacking_and_by_whom(self, sign_in: SignIn, office: Office) -> None:
        office.fill(10**12)
        office.owe(office.person(), 500_000_100)
        large = office.batch().batch
        sign_in(office.checker).post(page(large, "check"), {"lines": "1", "fen": "5,000,001"})
        approver = sign_in(office.approver)
        assert "还需2人审批，其中须有市级民政局1人" in plain(approver.get(page(large)))
        approver.post(page(large, "approve"))
        shown = plain(approver.get(page(large)))
        assert "还需1人审批，其中须有市级民政局1人" in shown
        assert "您已审批" in shown
        bureau = sign_in(office.bureau)
        assert "可以导出" in told(bureau, bureau.post(page(large, "approve")))

    def test_the_first_page_counts_what_waits_for_me(self, sign_in: SignIn, office: Office, batch: Batch) -> None:
        tile = re.compile(r'发放批次</span><span class="tile-figure">(\d+)<')
        counted = {
            user: tile.search(text_of(sign_in(user).get("/console/"))) for user in (office.maker, office.checker)
        }
        assert [one[1] for one in counted.values() if one] == ["0", "1"]
        assert "七月" not in plain(sign_in(office.maker).get(f"{BATCHES}?state=mine"))
        assert "高龄津贴" in plain(sign_in(office.checker).get(f"{BATCHES}?state=mine"))

    def test_cancelling_asks_for_a_reason_and_frees_what_it_was_to_pay(
        self, sign_in: SignIn, office: Office, batch: Batch
    ) -> None:
        client = sign_in(office.maker)
        assert client.post(page(batch, "cancel"), {"reason": " "}).status_code == 422
        assert "已作废" in told(client, client.post(page(batch, "cancel"), {"reason": "月份选错"}))
        assert office.batch().batch.fen == 30_150


class TestTheBank:
    @pytest.mark.parametrize(("form", "extension"), [("bank-csv", "csv"), ("bank-xlsx", "xlsx"), ("pain.001", "xml")])
    def test_a_file_of_each_kind_comes_down_and_is_kept_nowhere(
        self, sign_in: SignIn, office: Office, batch: Batch, form: str, extension: str
    ) -> None:
        office.approved(batch)
        file = sign_in(office.maker).post(page(batch, "export"), {"form": form})
        assert file["Content-Disposition"].endswith(f'.{extension}"')
        assert len(file.content) > 200

    def test_a_name_that_the_bank_would_cut_is_said_with_its_line(self, sign_in: SignIn, office: Office) -> None:
        office.fill(1_000)
        office.owe(office.person(name="阿" * 31), 100)
        batch = office.approved(office.batch().batch)
        answer = sign_in(office.maker).post(page(batch, "export"), {"form": "bank-csv"})
        assert answer.status_code == 422
        assert "第1笔的收款户名超过60字节" in plain(answer)
        batch.refresh_from_db()
        assert batch.state == "approved"

    def test_what_does_not_fit_is_listed_with_its_row_and_stands_in_the_way_until_explained(
        self, sign_in: SignIn, office: Office, batch: Batch
    ) -> None:
        office.sent(batch)
        maker, checker = sign_in(office.maker), sign_in(office.checker)
        seen, taken = take_in(maker, batch, bank_answer(batch, (), "NOBODY,成功,1.00,,"))
        assert re.search(r"5\s+NOBODY\s+本批次没有此流水号", plain(seen))
        assert "不符1笔" in told(maker, taken)
        figures = {"paid": "301.50", "returned": "0"}
        refused = checker.post(page(batch, "reconcile"), figures)
        assert refused.status_code == 422
        assert "本批次没有此流水号" in plain(refused)
        one = batch.discrepancies.get()
        explained = checker.post(f"/console/payments/discrepancies/{one.pk}/", {"reason": "他单位的一笔"})
        assert "差异已说明" in told(checker, explained)
        assert "一分不差" in told(checker, checker.post(page(batch, "reconcile"), figures))

    def test_every_difference_is_listed_to_the_fen(self, sign_in: SignIn, office: Office, batch: Batch) -> None:
        office.answered(office.sent(batch))
        shown = plain(sign_in(office.checker).post(page(batch, "reconcile"), {"paid": "301.49", "returned": "0"}))
        assert "有2处差异" in shown
        assert "已入账 301.50元 301.49元" in shown

    def test_the_preview_changes_nothing_and_its_file_is_gone_once_taken_in(
        self, sign_in: SignIn, office: Office, batch: Batch, settings: Any
    ) -> None:
        office.sent(batch)
        client, folder = sign_in(office.maker), settings.UPLOADS / "answers"
        client.post(f"/console/payments/answers/{batch.pk}/", {"form": "answer-csv", "file": bank_answer(batch)})
        batch.refresh_from_db()
        assert (batch.state, batch.answer_files.count()) == ("sent", 0)
        (held,) = folder.iterdir()
        assert batch.lines.first().end_to_end.encode() not in held.read_bytes()
        take_in(client, batch, bank_answer(batch))
        assert list(folder.iterdir()) == []

    def test_a_file_that_is_none_is_refused_with_its_row(self, sign_in: SignIn, office: Office, batch: Batch) -> None:
        office.sent(batch)
        file = SimpleUploadedFile("a.csv", "流水号,结果,金额,代码,原因\r\nX,也许,1,,\r\n".encode("gb18030"))
        answer = sign_in(office.maker).post(
            f"/console/payments/answers/{batch.pk}/", {"form": "answer-csv", "file": file}
        )
        assert answer.status_code == 422
        assert "第2行" in plain(answer)


class TestLines:
    def test_accounts_are_masked_and_shown_in_full_only_when_asked_and_recorded(
        self, sign_in: SignIn, office: Office, batch: Batch
    ) -> None:
        client, line = sign_in(office.checker), batch.lines.first()
        shown = text_of(client.get(page(batch, "lines")))
        assert "****0001" in shown and "6228480000000001" not in shown
        revealed = client.post(f"/console/payments/lines/{line.pk}/account/")
        assert "6228480000000001" in text_of(revealed)
        assert revealed["Cache-Control"] == "no-store"
        assert AuditLine.objects.get(action="payment.revealed").subject_id == line.end_to_end

    def test_a_list_of_people_is_told_to_the_trail(self, sign_in: SignIn, office: Office, batch: Batch) -> None:
        sign_in(office.checker).get(page(batch, "lines"))
        assert AuditLine.objects.get(action="payment.listed").details == {"count": 3, "batch": batch.pk}

    def test_what_came_back_is_a_list_with_a_way_to_mend_it(
        self, sign_in: SignIn, office: Office, batch: Batch, people: list[Any]
    ) -> None:
        office.answered(office.sent(batch), bounced=[batch.lines.order_by("pk")[0]])
        client = sign_in(holder(Role.TOWN_CLERK, office.city.towns[0], "town"))
        shown = text_of(client.get("/console/payments/bounced/"))
        assert f"/console/people/{people[0].public_id}/record/bank_account/" in shown
        office.correct(people[0])
        assert "已更正，可重发" in plain(client.get("/console/payments/bounced/"))


class TestFunds:
    def test_each_fund_stands_for_itself_and_shows_its_shortfall(
        self, sign_in: SignIn, office: Office, people: list[Any]
    ) -> None:
        office.owe(people[0], 7_000, fund=office.lottery.pk)
        shown = plain(sign_in(office.maker).get("/console/payments/funds/"))
        assert "“已支出”可能大于“已确认”" in shown
        assert re.search(r"2024年县级福利彩票公益金 0元 0元 70元 0元 0元 0元 70元", shown)
        assert re.search(r"2024年县级财政资金 0元 10,000元 301.50元 0元 0元 10,000元 —", shown)

    def test_money_comes_in_is_planned_and_spent_on_paper(self, sign_in: SignIn, office: Office) -> None:
        client, path = sign_in(office.maker), f"/console/payments/funds/{office.lottery.pk}/"
        paper = {"document": "东财〔2024〕8号"}
        client.post(f"{path}appropriate/", {"fen": "2000", **paper})
        client.post(f"{path}budget/", {"item": ITEM, "fen": "500.5", **paper})
        client.post(f"{path}spend/", {"purpose": "care", "fen": "1,200", **paper})
        shown = plain(client.get(path))
        assert "已拨入 2,000元" in shown and "已支出 1,200元" in shown and "500.50元" in shown
        assert client.post(f"{path}spend/", {"purpose": "other", "fen": "800.01", **paper}).status_code == 422
        assert client.post(f"{path}appropriate/", {"fen": "12.345", **paper}).status_code == 422

    def test_an_item_over_its_budget_is_marked(self, sign_in: SignIn, office: Office, people: list[Any]) -> None:
        client, path = sign_in(office.maker), f"/console/payments/funds/{office.fund.pk}/"
        client.post(f"{path}budget/", {"item": ITEM, "fen": "300", "document": "东财1号"})
        assert "超出1.50元" in plain(client.get(path))

    def test_a_lottery_fund_stands_beside_each_clause_of_the_document_here(
        self, sign_in: SignIn, office: Office, people: list[Any]
    ) -> None:
        money = Money(office.division, people[0], "西县")
        money.package = "xianyang-2019"
        assert money.run.county == office.division
        office.fill(100_000, office.lottery)
        shown = plain(sign_in(office.maker).get(f"/console/payments/funds/{office.lottery.pk}/"))
        assert re.search(r"50% 0元 1,000元 0% 未达到", shown)

    @pytest.mark.parametrize(
        ("share", "shown"),
        [(Fraction(4848, 7025), "69.01%"), (Fraction(549_999, 1_000_000), "54.99%"), (Fraction(11, 20), "55%")],
    )
    def test_a_share_reads_as_percent_and_is_never_rounded_up(self, share: Fraction, shown: str) -> None:
        assert in_percent(share) == shown

    def test_an_entry_shows_accounts_that_come_to_zero_and_whose_money_it_is(
        self, sign_in: SignIn, office: Office, people: list[Any]
    ) -> None:
        entry = Claim.objects.first().entry_id
        client = sign_in(office.maker)
        shown = plain(client.get(f"/console/payments/entries/{entry}/"))
        assert "应付待遇 — 1 -100.50元" in shown and "王1" in shown
        assert f">{entry}</a>" in text_of(client.get(f"/console/payments/funds/{office.fund.pk}/entries/"))

    def test_a_fund_and_an_account_are_opened(self, sign_in: SignIn, office: Office) -> None:
        client = sign_in(office.maker)
        there = {"division": "990101", "kind": "fiscal", "level": "city", "year": "2024"}
        assert "资金已建立" in told(client, client.post("/console/payments/new/fund/", there))
        assert client.post("/console/payments/new/fund/", there).status_code == 422
        account = {"division": "990101", "name": "东县民政局二户", "bank": "1038", "account": "18000101040000023"}
        assert "付款账户已登记" in told(client, client.post("/console/payments/new/account/", account))
        assert PayingAccount.objects.count() == 2


class TestWhoBearsWhat:
    def test_it_is_stated_by_one_and_confirmed_by_another(self, sign_in: SignIn, office: Office) -> None:
        maker, checker = sign_in(office.maker), sign_in(office.checker)
        asked = {"item": ITEM, "document": "东财3号", f"fund-{office.fund.pk}": "1/3"}
        path = f"/console/payments/new/source/?office={office.division.pk}-2024"
        assert "5/6" in plain(maker.post(path, {**asked, f"fund-{office.lottery.pk}": "50%"}))
        assert "待另一人复核" in told(maker, maker.post(path, {**asked, f"fund-{office.lottery.pk}": "2/3"}))
        one = Funding.objects.get()
        confirm = f"/console/payments/sources/{one.pk}/confirm/"
        assert "您登记的，须由另一人复核" in plain(maker.get("/console/payments/sources/"))
        assert maker.post(confirm).status_code == 422
        assert "已复核" in told(checker, checker.post(confirm))
        shares = {share.fund: share.fraction for share in one.shares.select_related("funding", "fund")}
        assert shares == {office.fund: Fraction(1, 3), office.lottery: Fraction(2, 3)}


class TestRecoveries:
    @pytest.fixture
    def recovery(self, office: Office, people: list[Any]) -> Claim:
        return office.owe(people[0], -6_000)

    def test_one_is_planned_repaid_and_waived(self, sign_in: SignIn, office: Office, recovery: Claim) -> None:
        client, path = sign_in(office.maker), f"/console/payments/recoveries/{recovery.pk}/"
        assert "未定" in plain(client.get("/console/payments/recoveries/"))
        client.post(f"{path}plan/", {"per_month": "10", "reason": "分期"})
        assert "每月10元" in plain(client.get("/console/payments/recoveries/"))
        client.post(f"{path}repay/", {"fen": "20", "document": "收据1"})
        assert client.post(f"{path}waive/", {"fen": "40.01", "document": "批复", "reason": "无遗产"}).status_code == 422
        client.post(f"{path}waive/", {"fen": "40", "document": "批复", "reason": "无遗产"})
        assert "没有未结清" in plain(client.get("/console/payments/recoveries/"))
        assert "已结清" in plain(client.get("/console/payments/recoveries/?which=all"))

    def test_only_those_who_may_see_funds_are_led_to_them(
        self, sign_in: SignIn, office: Office, recovery: Claim
    ) -> None:
        path, fund = f"/console/payments/recoveries/{recovery.pk}/", f"/console/payments/funds/{office.fund.pk}/"
        entry = f"/console/payments/entries/{recovery.entry_id}/"
        town = sign_in(holder(Role.TOWN_CLERK, office.city.towns[0], "town"))
        seen, county = text_of(town.get(path)), text_of(sign_in(office.maker).get(path))
        assert {town.get(fund).status_code, town.get(entry).status_code} == {404}
        assert recovery.reference in seen and fund not in seen and entry not in seen
        assert fund in county and entry in county

    def test_a_limit_for_the_whole_debt_is_said_to_be_one(
        self, sign_in: SignIn, office: Office, people: list[Any], recovery: Claim
    ) -> None:
        other = office.owe(people[0], -3_000, fund=office.lottery.pk)
        run = Money(office.division, people[0], "x").run
        said = {"reason": "分期"}
        plan = Plan.objects.create(
            run=run, person=people[0], mode="instalments", fen=9_000, number=3, by=office.maker, **said
        )
        for one in (recovery, other):
            RecoveryPlan.objects.create(claim=one, settlement=plan, per_month=3_000, stated_by=office.maker, **said)
        client = sign_in(office.maker)
        assert plain(client.get("/console/payments/recoveries/")).count("每月30元 2笔合计") == 2
        shown = plain(client.get(f"/console/payments/recoveries/{other.pk}/"))
        assert "同一方案的2笔追回" in shown and "合计每月不超过30元" in shown

    def test_a_plan_is_ended_after_a_question(self, sign_in: SignIn, office: Office, recovery: Claim) -> None:
        client, path = sign_in(office.maker), f"/console/payments/recoveries/{recovery.pk}/"
        client.post(f"{path}plan/", {"per_month": "10", "reason": "分期"})
        assert "余款仍为应收" in plain(client.get(f"{path}end/"))
        assert "计划已终止" in told(client, client.post(f"{path}end/"))


class TestPayees:
    def test_one_is_stated_with_a_reason_approved_by_another_and_ended(
        self, sign_in: SignIn, office: Office, people: list[Any]
    ) -> None:
        maker, checker = sign_in(office.maker), sign_in(office.checker)
        path = f"/console/people/{people[0].public_id}/payments/payee/"
        asked = {"name": "王小军", "relation": "儿子", "reason": "卧床", "valid_from": "2024-01-01"}
        assert maker.post(path, {**asked, "account": "x"}).status_code == 422
        assert "待另一人复核" in told(maker, maker.post(path, {**asked, "account": "6228480099990000"}))
        payee = Payee.objects.get()
        approve = f"/console/payments/payees/{payee.pk}/approve/"
        assert maker.post(approve).status_code == 422
        assert "****0000" in plain(checker.get(approve))
        assert "已复核" in told(checker, checker.post(approve))
        line = office.batch().batch.lines.get(person=people[0])
        assert line.name == "王小军"
        assert "代收" in plain(checker.get(page(line.batch, "lines")))
        assert "已终止" in told(maker, maker.post(f"/console/payments/payees/{payee.pk}/end/"))


class TestAPersonsFile:
    def test_each_month_tells_what_became_of_it_with_decision_and_clause(
        self, sign_in: SignIn, office: Office, people: list[Any], batch: Batch
    ) -> None:
        office.answered(office.sent(batch), bounced=[batch.lines.get(person=people[1])])
        office.owe(people[0], 10_050, AUGUST)
        client = sign_in(holder(Role.TOWN_CLERK, office.city.towns[0], "town"))
        first = plain(client.get(f"/console/people/{people[0].public_id}/payments/"))
        assert "SZ-T1-3" in first and "decision-" in first
        assert re.search(r"2024-08 .*待编批次.* 2024-07 .*已入账 100.50元", first)
        second = plain(client.get(f"/console/people/{people[1].public_id}/payments/"))
        assert "退汇待重发 100.50元" in second
        office.correct(people[1])
        sign_in(office.maker).post(page(batch, "again"), {"title": "重发"})
        assert "退汇待重发 100.50元" in plain(client.get(f"/console/people/{people[1].public_id}/payments/"))
        assert AuditLine.objects.filter(action="person.read", details__part="payments").count() == 3

    def test_a_run_is_named_by_its_month_and_led_to_for_those_who_may_read_it(
        self, sign_in: SignIn, office: Office, people: list[Any]
    ) -> None:
        run = Money(office.division, people[0], "x").run
        named = {"reference": f"run {run.public_id}/5987/5", "item": "QTX-M-2.1f", "clause": "QTX-M-2.1f"}
        claim = office.owe(people[0], -50, AUGUST, **named)
        path = f"/console/people/{people[0].public_id}/payments/"
        county, town = sign_in(office.maker), sign_in(holder(Role.TOWN_CLERK, office.city.towns[0], "town"))
        for page in (path, f"/console/payments/recoveries/{claim.pk}/"):
            shown = text_of(county.get(page))
            assert f'<a href="/console/runs/{run.public_id}/">2024年7月核定</a>' in shown
            assert "/5987/5" not in shown
            assert "2024年7月核定" in text_of(town.get(page)) and f"/runs/{run.public_id}" not in text_of(
                town.get(page)
            )
        assert text_of(county.get(path)).count("QTX-M-2.1f") == 1


class TestProof:
    def test_it_proves_the_ledger_and_shows_each_lottery_share(
        self, sign_in: SignIn, office: Office, people: list[Any]
    ) -> None:
        office.fill(100_000, office.lottery)
        client, path = sign_in(office.maker), "/console/payments/proof/"
        assert "核验全部通过，一分不差" in plain(client.post(path))
        assert AuditLine.objects.get(action="ledger.verified").details["faults"] == 0
        shown = plain(client.get(f"{path}?package=xianyang-2019"))
        assert re.search(r"50% 0元 1,000元 0% 未达到", shown)

    def test_a_large_ledger_is_proved_by_night(
        self, sign_in: SignIn, office: Office, people: list[Any], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("songhe.console.payments.proof.AT_ONCE", 1)
        shown = plain(sign_in(office.maker).post("/console/payments/proof/"))
        assert "songhe payment verify" in shown
        assert not AuditLine.objects.filter(action="ledger.verified").exists()


def test_nobody_of_another_office_takes_any_step(
    sign_in: SignIn, office: Office, people: list[Any], batch: Batch
) -> None:
    recovery, money = office.owe(people[0], -50), "/console/payments"
    paths = [page(batch, step) for step in ways._STEPS]
    paths += [f"{money}/funds/{office.fund.pk}/{deed}/" for deed in deeds._DEEDS]
    paths += [f"{money}/recoveries/{recovery.pk}/{step}/" for step in recoveries._STEPS]
    paths += [f"{money}/answers/{batch.pk}/"]
    client = sign_in(office.stranger)
    for path in paths:
        assert {client.get(path).status_code, client.post(path).status_code} == {404}, path


@pytest.mark.parametrize(
    "path",
    [
        BATCHES,
        "/console/payments/bounced/",
        "/console/payments/recoveries/",
        "/console/payments/payees/",
        "/console/payments/funds/",
        "/console/payments/sources/",
    ],
)
def test_a_list_takes_as_many_queries_with_three_rows_as_with_one(
    sign_in: SignIn, office: Office, queries_of: Callable[[Client, str], int], path: str
) -> None:
    client = sign_in(office.maker)
    grow(office, 2023)
    one = queries_of(client, path)
    grow(office, 2024)
    grow(office, 2025)
    assert queries_of(client, path) == one


def grow(office: Office, year: int) -> None:
    """One more of everything that is listed."""
    from songhe.payment.domain.funding import state_funding
    from songhe.payment.domain.funds import open_fund
    from songhe.payment.domain.payees import state_payee

    person = office.person()
    office.fill(1_000)
    office.owe(person, 100)
    batch = office.sent(office.batch().batch)
    office.answered(batch, bounced=batch.lines.all(), name="1")
    office.owe(person, -50)
    day = dt.date(2024, 1, 1)
    words = {"name": "王小军", "relation": "儿子", "reason": "卧床"}
    state_payee(by=office.maker, person=person, account="6228480099990000", valid_from=day, **words)
    own = {"division": office.division, "year": 2024}
    level = {2023: Fund.Level.CITY, 2024: Fund.Level.PROVINCE, 2025: Fund.Level.CENTRAL}[year]
    fund = open_fund(by=office.maker, kind=Fund.Kind.FISCAL, level=level, **own)
    state_funding(by=office.maker, item=ITEM, shares={fund.pk: Fraction(1)}, document="东财1号", **own)


@pytest.mark.usefixtures("committing")
def test_the_pages_are_open_to_everybody_and_fit_a_telephone(
    open_console: Callable[..., Any],
    accessible: Callable[[Any], None],
    fits: Callable[[Any], None],
    settings: Any,
    tmp_path: Any,
) -> None:
    settings.UPLOADS = tmp_path / "uploads"
    office = build_office()
    grow(office, 2023)
    person, money = Claim.objects.first().person.public_id, "/console/payments"
    batch, recovery = Batch.objects.get(), Claim.objects.get(fen__lt=0)
    office.owe(office.person(), 100)
    tab = open_console(BATCHES, office.maker)
    paths = [NEW, page(batch), page(batch, "lines"), page(batch, "again"), f"{money}/funds/"]
    paths += [f"{money}/funds/{office.fund.pk}/", f"{money}/sources/", f"{money}/recoveries/{recovery.pk}/"]
    paths += [f"{money}/entries/1/", f"{money}/proof/", f"/console/people/{person}/payments/"]
    for path in paths:
        tab.set_viewport_size({"width": 1366, "height": 768})
        tab.goto(path)
        accessible(tab)
        fits(tab)
        tab.set_viewport_size({"width": 390, "height": 844})
        fits(tab)
