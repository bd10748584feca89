from songhe.policy.package import Package
from songhe.portal.questions import NOT_ASKED, SECTIONS, division_code, questions_for, sections_for
from songhe.portal.shelf import open_shelf


def test_the_questions_are_the_facts_the_rules_read(suizhou: Package):
    read = {fact for rule in suizhou.rules_for("person") for fact in rule.facts}
    assert {question.name for question in questions_for(suizhou)} == read - {"alive", "death_date"}


def test_they_stand_in_the_vocabularys_order(suizhou: Package):
    order = [fact.name for fact in suizhou.subjects["person"].facts]
    names = [question.name for question in questions_for(suizhou)]
    assert names == sorted(names, key=order.index)


def test_every_city_asks_for_the_birth_date_first():
    for package in open_shelf().packages:
        assert sections_for(package)[0].questions[0].name == "birth_date"


def test_every_question_stands_in_exactly_one_section():
    for package in open_shelf().packages:
        placed = [question.name for section in sections_for(package) for question in section.questions]
        assert sorted(placed) == sorted(question.name for question in questions_for(package))


def test_sections_name_only_facts_that_exist(suizhou: Package):
    known = {fact.name for fact in suizhou.subjects["person"].facts}
    assert {name for _, _, names in SECTIONS for name in names.split()} - known == set()
    assert known >= NOT_ASKED


def test_a_place_is_asked_as_here_or_elsewhere(suizhou: Package):
    hukou = next(question for question in questions_for(suizhou) if question.name == "hukou")
    assert [choice.label.zh for choice in hukou.choices] == ["本市（随州市）", "外地"]


def test_here_is_the_city_and_elsewhere_a_place_outside(suizhou: Package):
    assert division_code("local", "hukou", suizhou) == "421300"
    assert division_code("elsewhere", "hukou", suizhou) == "110000"
