import datetime as dt

from songhe.policy.package import Package
from songhe.portal.answers import read_answers
from songhe.portal.items import Item
from songhe.portal.result import Result, make_result
from songhe.portal.shelf import open_shelf
from songhe.portal.why import NO, UNKNOWN, YES, Why

DAY = dt.date(2024, 5, 1)


def result(package: Package, day: dt.date = DAY, **answers: str) -> Result:
    return make_result(package, day, read_answers(answers, package, day))


def item(found: Result, id: str) -> Item:
    return next(item for group in found.groups for item in group.items if item.id == id)


def lines(why: Why) -> list[Why]:
    return [why, *(line for part in why.parts for line in lines(part))]


def test_every_item_stands_in_one_of_three_groups(suizhou: Package):
    found = result(suizhou, birth_date="1944-05-01", hukou="local", dibao="no")
    assert [group.id for group in found.groups] == ["owed", "undecided", "not-owed"]
    ids = [item.id for group in found.groups for item in group.items]
    assert sorted(ids) == sorted(rule.id for rule in suizhou.rules_for("person"))


def test_nothing_known_owes_nothing(suizhou: Package):
    assert result(suizhou).owed.items == ()


def test_the_allowance_is_owed_on_the_80th_birthday_and_says_why(suizhou: Package):
    owed = item(result(suizhou, birth_date="1944-05-01", hukou="local"), "SZ-L-03")
    assert owed.answer == "entitled"
    assert [(why.mark, why.text.zh) for why in owed.reasons] == [(YES, "本市户籍"), (YES, "达到高龄津贴起发年龄")]
    assert [convention.id for convention in owed.conventions] == ["age-on-birthday"]
    assert [clause.id for clause in owed.clauses][:2] == ["SZ-L-03", "SZ-L-03a"]


def test_an_assumption_is_told_with_its_reason(suizhou: Package):
    owed = item(result(suizhou, birth_date="1944-05-01", hukou="local"), "SZ-L-03")
    notes = [line.note.zh for line in lines(owed.why) if line.note]
    assert notes == ["没有回答：没有登记迁入日期的，按一直在册"]


def test_what_is_not_owed_says_which_condition_fails_and_when_that_changes(suizhou: Package):
    refused = item(result(suizhou, birth_date="1945-06-01", hukou="local"), "SZ-L-03")
    assert [(why.mark, why.text.zh) for why in refused.reasons] == [(NO, "达到高龄津贴起发年龄")]
    assert refused.reasons[0].answer is not None
    assert refused.reasons[0].answer.zh == "1945年6月1日，78周岁"
    change = refused.change
    assert change is not None
    assert (change.day, change.age, change.answer.zh) == (dt.date(2025, 6, 1), 80, "可以享受")


def test_an_undecided_item_names_questions_papers_and_open_terms(suizhou: Package):
    found = item(result(suizhou, birth_date="1954-05-01", dibao="yes"), "SZ-L-16")
    assert [question.name for question in found.missing] == ["still_in_hardship", "birth_date"][:1]
    assert found.missing[0].fact.settle is not None
    assert any("高龄" in text.zh for text in found.open_terms)
    assert UNKNOWN in {line.mark for line in lines(found.why)}


def test_missing_facts_come_by_how_many_items_wait_for_them(suizhou: Package):
    missing = result(suizhou, birth_date="1944-05-01", hukou="local").missing
    counts = [fact.items for fact in missing]
    assert counts == sorted(counts, reverse=True)
    assert missing[0].question.name == "dibao"


def test_a_variant_is_named(suizhou: Package):
    answers = {"birth_date": "1960-01-01", "identity_document": "yes", "scenic_spot_price": "government_guided"}
    half = item(result(suizhou, **answers), "SZ-L-09")
    assert half.variant is not None
    assert half.variant.zh == "半价"
    assert half.change is not None
    assert half.change.variant is not None
    assert (half.change.day, half.change.variant.zh) == (dt.date(2030, 1, 1), "免票")


def test_the_next_change_is_the_first_of_all(suizhou: Package):
    found = result(suizhou, birth_date="1945-06-01", hukou="local")
    assert found.next is not None
    assert (found.next.day, found.next.age) == (dt.date(2025, 6, 1), 80)
    assert "SZ-L-03" in [item.id for item, _ in found.next.changes]
    assert found.birthday == (dt.date(2024, 6, 1), 79)


def test_being_alive_is_taken_for_granted_and_left_out_of_the_reasons(suizhou: Package):
    texts = [line.text.zh for group in result(suizhou).groups for i in group.items for line in lines(i.why)]
    assert not any("在世" in text or "死亡" in text for text in texts)


def test_a_day_before_the_document_or_after_its_plan_is_pointed_out(suizhou: Package):
    assert "早于文件的签发日期" in result(suizhou, dt.date(2020, 1, 1)).notices[0].zh
    assert "计划期到2025年12月31日" in result(suizhou, dt.date(2026, 1, 1)).notices[0].zh
    assert result(suizhou).notices == ()


def test_every_package_makes_a_result_with_and_without_answers():
    for package in open_shelf().packages:
        for answers in ({}, {"birth_date": "1935-02-28", "hukou": "elsewhere", "dibao": "yes", "tekun": "scattered"}):
            found = result(package, **answers)
            assert sum(len(group.items) for group in found.groups) == len(package.rules_for("person"))
