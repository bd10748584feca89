"""A figure against its target: exact, in three answers, with what is open, unknown, kept, or asked of every place."""

import datetime as dt
from typing import Any

import pytest

from songhe.common.text import say
from songhe.decision.indicator import MET, NOT_MET, UNDETERMINED, Definition, FigureError
from songhe.policy.schema import Period
from tests.decision.indicators import DUE, indicator, judged, part, past, reading, said, words


def test_a_share_is_compared_before_anything_is_rounded() -> None:
    below, at = judged(indicator(), reading(10_999, 20_000)), judged(indicator(), reading(11_000, 20_000))
    assert (below.answer, below.text, str(below.percent)) == (NOT_MET, "10999/20000", "54.995")
    assert (at.answer, str(at.percent)) == (MET, "55")


def test_a_count_of_nobody_knows_how_many_is_not_told_beside_the_least_it_can_be() -> None:
    told = said(judged(indicator(), reading(3_000, 5_000, 4_000, 6_000)))
    assert "3,000/5,000—6,000，至少50%，目标≥55%" in told and "即" not in told
    assert "3,000/5,000，即60%" in said(judged(indicator(), reading(3_000, 5_000, 4_000)))


@pytest.mark.parametrize(
    ("direction", "below", "at", "above"),
    [
        ("at_least", NOT_MET, MET, MET),
        ("more_than", NOT_MET, NOT_MET, MET),
        ("at_most", MET, MET, NOT_MET),
        ("less_than", MET, NOT_MET, NOT_MET),
        ("equal", NOT_MET, MET, UNDETERMINED),
        ("about", UNDETERMINED, MET, UNDETERMINED),
        ("open", UNDETERMINED, UNDETERMINED, UNDETERMINED),
    ],
)
def test_each_direction_on_both_sides_of_its_figure(direction: str, below: str, at: str, above: str) -> None:
    item = indicator(direction, "15", "个", numerator=None, denominator=None)
    assert [judged(item, reading(count)).answer for count in (14, 15, 16)] == [below, at, above]


def test_a_range_holds_both_its_ends() -> None:
    item = indicator("range", "1", "个", upper="2", denominator=None)
    assert [judged(item, reading(n)).answer for n in (0, 1, 2, 3)] == [NOT_MET, MET, MET, NOT_MET]
    assert judged(item, reading(1)).goal.text == "1—2个"


def test_nothing_at_all_is_not_about_fifteen() -> None:
    item = indicator("about", "15", "个", numerator=None, denominator=None)
    assert judged(item, reading(0)).answer == NOT_MET
    assert "没有写界线" in said(judged(item, reading(14)))


def test_what_is_sure_of_an_open_direction_is_said() -> None:
    item = indicator("open", sides={"below": NOT_MET, "at": MET})
    answers = [judged(item, reading(n, 100)).answer for n in (54, 55, 56)]
    assert answers == [NOT_MET, MET, UNDETERMINED]
    assert "高于所写的数，是否符合没有写" in said(judged(item, reading(56, 100)))


@pytest.mark.parametrize(
    ("unit", "count", "of", "answer"),
    [
        ("名/百张床位", 49, 5_000, NOT_MET),
        ("名/百张床位", 50, 5_000, MET),
        ("名/万名老年人", 4, 50_000, NOT_MET),
        ("名/万名老年人", 5, 50_000, MET),
    ],
)
def test_a_figure_per_hundred_or_ten_thousand_counts_one_by_one(unit: str, count: int, of: int, answer: str) -> None:
    judgement = judged(indicator("at_least", "1", unit), reading(count, of))
    assert (judgement.answer, judgement.percent) == (answer, None)


# -- what is open


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({"denominator": None}, "denominator"),
        ({"numerator": None}, "numerator"),
        ({"unit": None}, "unit"),
        ({"left_open": ["period"]}, "period"),
        ({"direction": "open"}, "direction"),
        ({"direction": "open", "value": None}, "value"),
    ],
)
def test_what_the_document_leaves_open_answers_undetermined_and_says_so(changes: dict[str, Any], part: str) -> None:
    judgement = judged(indicator(**changes), reading(99, 100))
    assert judgement.answer == UNDETERMINED
    assert part in judgement.open_parts
    assert "文件没有写明" in said(judgement)


BASE = Definition(dt.date(2024, 7, 1), "民政局口径", denominator=say("城镇社区", "communities"))


def test_a_definition_holds_from_its_day_on() -> None:
    item = indicator(denominator=None)
    before = judged(item, reading(60, 100), dt.date(2024, 6, 30), definition=BASE)
    after = judged(item, reading(60, 100), dt.date(2024, 7, 1), definition=BASE)
    assert (before.answer, before.open_parts) == (UNDETERMINED, ("denominator",))
    assert "2024年7月1日起才有界定" in said(before)
    assert (after.answer, after.open_parts, after.definition) == (MET, (), BASE)


def test_a_definition_changes_nothing_that_the_document_says() -> None:
    lower = Definition(dt.date(2024, 1, 1), "口径", value="10", unit="‰", direction="at_most")
    assert judged(indicator(), reading(54, 100), definition=lower).answer == NOT_MET


def test_a_package_may_define_what_another_leaves_open() -> None:
    defines = [{"from": dt.date(2024, 1, 1), "clauses": ["C-1"], "unit": "名/千名老年人", "direction": "at_least"}]
    item = indicator("open", "2", None, defines=defines)
    assert judged(item, reading(2, 1_000), dt.date(2023, 12, 31)).answer == UNDETERMINED
    judgement = judged(item, reading(2, 1_000))
    assert (judgement.answer, judgement.clauses) == (MET, ("S-1", "C-1"))


def test_what_reaches_it_most_narrowly_counted_reaches_it_however_counted() -> None:
    item = indicator("at_least", "20000", "张", left_open=["numerator"], narrow=words("不含家庭养老床位"))
    assert judged(item, reading(20_000)).answer == MET
    assert judged(item, reading(19_999)).answer == UNDETERMINED
    assert judged(item, reading(19_000, possible=19_999)).answer == NOT_MET


def test_only_the_figure_itself_may_be_open() -> None:
    item = indicator("more_than", "100", "万元", left_open=["bound"], denominator=None)
    assert [judged(item, reading(n)).answer for n in (99, 100, 101)] == [NOT_MET, UNDETERMINED, MET]
    included = Definition(dt.date(2024, 1, 1), "口径", bound="included")
    assert judged(item, reading(100), definition=included).answer == MET


# -- what is unknown or missing


def test_a_figure_that_may_be_more_is_written_as_a_least_value() -> None:
    item = indicator()
    assert judged(item, reading(5, 10)).written == "50%"
    assert judged(item, reading(5, 10, possible=8)).written == "≥50%"
    assert judged(item, reading(None, 10)).written == ""


@pytest.mark.parametrize(
    ("figures", "answer"),
    [
        ((54, 100, 56, None), UNDETERMINED),
        ((55, 100, 60, None), MET),
        ((50, 100, 54, None), NOT_MET),
        ((55, 100, None, 101), UNDETERMINED),
        ((60, 0, 60, 100), MET),
        ((0, 0, 0, 0), UNDETERMINED),
        ((None, 100, None, None), UNDETERMINED),
        ((55, None, None, None), UNDETERMINED),
    ],
)
def test_what_is_unknown_decides_only_when_it_makes_a_difference(figures: tuple[int | None, ...], answer: str) -> None:
    assert judged(indicator(), reading(*figures)).answer == answer


def test_how_many_unknown_it_hangs_on_is_said() -> None:
    assert "有2个未知，结论取决于它们：在54%与56%之间" in said(judged(indicator(), reading(54, 100, 56)))


@pytest.mark.parametrize(
    "figures", [(-1, 100), (1, -1), (101, 100), (5, 100, 4), (5, 100, 101), (5, 100, None, 99), (None, 100, 5)]
)
def test_a_figure_that_cannot_be_is_refused(figures: tuple[int, ...]) -> None:
    with pytest.raises(FigureError):
        judged(indicator(), reading(*figures))


def test_falling_is_compared_with_the_year_before() -> None:
    item = indicator("less_than", None, "%", against="year_before")
    assert judged(item, reading(39, 100), year_before=reading(40, 100)).answer == MET
    assert judged(item, reading(40, 100), year_before=reading(40, 100)).answer == NOT_MET
    assert judged(item, reading(1, 100)).answer == UNDETERMINED


# -- kept


PLAN = Period(start=dt.date(2024, 1, 1), end=DUE)


def test_what_fell_below_within_the_plan_was_not_kept_although_the_end_is_fine() -> None:
    history = [past("2023-12-31", 1, 100), past("2024-06-30", 54, 100), past("2024-12-31", 56, 100)]
    judgement = judged(indicator(kept=True), reading(60, 100), history=history, plan=PLAN)
    assert (judgement.answer, judgement.today) == (NOT_MET, MET)
    assert [(dip.on, dip.text) for dip in judgement.dips] == [(dt.date(2024, 6, 30), "54/100")]
    assert "曾低于目标：2024年6月30日" in said(judgement)


def test_a_dip_says_nothing_of_what_is_only_to_be_reached() -> None:
    judgement = judged(indicator(), reading(60, 100), history=[past("2024-06-30", 1, 100)], plan=PLAN)
    assert (judgement.answer, judgement.dips) == (MET, ())


def test_a_dip_yet_to_come_is_not_counted() -> None:
    later = [past("2025-06-30", 1, 100)]
    day = dt.date(2025, 6, 29)
    assert judged(indicator(kept=True), reading(60, 100), day, history=later, plan=PLAN).answer == MET


# -- places


COUNTIES = [part("421303", 1), part("421321", 0), part("421381", 4)]


def test_what_every_county_must_have_no_total_makes_up() -> None:
    item = indicator("at_least", "1", "个/县", level="county")
    judgement = judged(item, reading(5), parts=COUNTIES)
    assert judgement.answer == NOT_MET
    assert [place.division for place in judgement.failing] == ["421321"]


@pytest.mark.parametrize(
    ("total", "parts", "places", "answer"),
    [
        (reading(2, 3), [], None, NOT_MET),  # two bases cannot be in three counties
        (reading(5, 3), [], None, UNDETERMINED),
        (reading(5), [part("421303", 1), part("421381", 4)], None, UNDETERMINED),
        (reading(5, 3), [part("421303", 1), part("421381", 4)], None, UNDETERMINED),
        (reading(5, 2), [part("421303", 1), part("421381", 4)], None, MET),
        (reading(5), [part("421303", 1), part("421381", 4)], 2, MET),
    ],
)
def test_every_county_is_sure_only_when_all_are_known(total: Any, parts: Any, places: Any, answer: str) -> None:
    item = indicator("at_least", "1", "个/县", level="county")
    assert judged(item, total, parts=parts, places=places).answer == answer


def test_a_share_below_in_the_city_is_below_in_some_county() -> None:
    item = indicator("at_least", "40", level="county")
    assert judged(item, reading(39, 100)).answer == NOT_MET
    assert judged(item, reading(41, 100)).answer == UNDETERMINED
    assert judged(item, reading(41, 100), at="county").answer == MET


def test_all_of_all_is_all_of_every_county() -> None:
    assert judged(indicator("equal", "100", level="county"), reading(7, 7)).answer == MET


def test_a_failing_county_shows_when_the_city_passes() -> None:
    parts = [part("421303", 50, 100), part("421381", 70, 100)]
    judgement = judged(indicator(), reading(120, 200), parts=parts)
    assert (judgement.answer, [place.division for place in judgement.failing]) == (MET, ["421303"])
    assert "未达到的下级（1个）：421303" in said(judgement)


def test_where_the_level_is_open_readings_that_differ_decide_nothing() -> None:
    item = indicator(level="open")
    short = [part("1", 60, 100), part("2", 50, 100)]
    assert judged(item, reading(54, 100)).answer == NOT_MET
    assert judged(item, reading(60, 100)).answer == MET
    assert judged(item, reading(110, 200), parts=short).answer == UNDETERMINED


def test_a_count_of_the_whole_is_no_count_of_each() -> None:
    item = indicator("at_least", "600", "人次/年", level="open", numerator=None, denominator=None)
    fine = [part("1", 600), part("2", 700)]
    assert judged(item, reading(599)).answer == NOT_MET
    assert judged(item, reading(1300)).answer == UNDETERMINED
    assert judged(item, reading(1300), parts=fine, places=2).answer == MET


# -- days and words


def test_the_answer_is_todays_and_the_deadline_is_said_beside_it() -> None:
    before, on = judged(indicator(), reading(60, 100), dt.date(2025, 12, 1)), judged(indicator(), reading(60, 100))
    assert (before.answer, before.is_due, before.days_left) == (MET, False, 30)
    assert "还有30天" in said(before)
    assert (on.is_due, on.days_left) == (True, 0)


def test_a_soft_word_is_kept_and_missing_it_is_told_all_the_same() -> None:
    judgement = judged(indicator(soft="力争"), reading(1, 100))
    assert (judgement.answer, judgement.soft) == (NOT_MET, "力争")
    assert "“力争”" in said(judgement)
