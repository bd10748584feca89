import datetime as dt

import pytest

from songhe.policy.package import Package
from songhe.portal.answers import Answers, kept_answers, read_answers

DAY = dt.date(2024, 5, 1)


def read(package: Package, **posted: str) -> Answers:
    return read_answers(posted, package, DAY)


def test_answers_become_facts(suizhou: Package):
    answers = read(suizhou, birth_date="1944年5月1日", hukou="local", dibao="yes", special_family="no", living="alone")
    assert dict(answers.facts) == {
        "alive": True,
        "birth_date": dt.date(1944, 5, 1),
        "hukou": "421300",
        "living": "alone",
        "dibao": True,
        "special_family": False,
    }
    assert answers.problems == {}


def test_no_answer_is_an_unknown_fact(suizhou: Package):
    assert dict(read(suizhou, birth_date="", hukou="", dibao=" ").facts) == {"alive": True}


def test_what_is_not_asked_is_not_read(suizhou: Package):
    assert dict(read(suizhou, alive="no", death_date="2020-01-01", secret="1").facts) == {"alive": True}


def test_a_tampered_choice_is_refused(suizhou: Package):
    answers = read(suizhou, dibao="perhaps", hukou="421300", living="castle")
    assert set(answers.problems) == {"dibao", "hukou", "living"}
    assert answers.problems["dibao"].zh == "请从列出的答案中选一个。"


def test_a_birth_after_the_day_asked_about_is_refused(suizhou: Package):
    answers = read(suizhou, birth_date="2024-05-02", dibao="yes")
    assert "晚于要看的日期2024年5月1日" in answers.problems["birth_date"].zh
    assert answers.birth is None
    assert answers.raw == {"birth_date": "2024-05-02", "dibao": "yes"}


def test_an_age_beyond_all_ages_is_asked_about(suizhou: Package):
    assert "请核对年份" in read(suizhou, birth_date="1880-01-01").problems["birth_date"].zh


def test_days_that_contradict_each_other_are_refused(suizhou: Package):
    answers = read(
        suizhou,
        birth_date="1944-05-01",
        hukou_since="1940-01-01",
        disability_certificate_from="2024-01-01",
        disability_certificate_to="2020-01-01",
    )
    assert set(answers.problems) == {"hukou_since", "disability_certificate_to"}


@pytest.mark.parametrize("number", ["420000194405010000", "42000019440501000x", "420000440501000"])
def test_an_id_number_is_refused_and_never_shown_again(suizhou: Package, number: str):
    answers = read(suizhou, birth_date=number)
    assert "身份证" in answers.problems["birth_date"].zh
    assert "birth_date" not in answers.raw
    assert kept_answers({"birth_date": number}, suizhou) == {}


def test_answers_of_another_citys_questions_are_kept(suizhou: Package):
    assert kept_answers({"dementia": "yes", "dibao": "no", "other": "1"}, suizhou) == {"dementia": "yes", "dibao": "no"}


def test_an_answer_is_cut_to_a_sensible_length(suizhou: Package):
    assert len(read(suizhou, birth_date="9" * 5000).raw["birth_date"]) == 60
