import datetime as dt

from django.test import Client

from songhe.portal.compare import compare
from songhe.portal.shelf import open_shelf

DAY = dt.date(2024, 5, 1)
URL = "/compare/?city=suizhou-2023&on=2024-05-01"
ANSWERS = {"birth_date": "1944-05-01", "hukou": "local"}


def test_here_means_each_city_in_its_own_column():
    shelf = open_shelf()
    first, second = shelf.find("suizhou-2023"), shelf.find("suizhou-75-reform-example") or shelf.find("xinxiang-2022")
    assert first is not None
    assert second is not None
    comparison = compare((first, second), DAY, ANSWERS)
    assert [side.package.id for side in comparison.sides] == [first.id, second.id]
    assert "SZ-L-03" in [item.id for item in comparison.sides[0].groups[0].items]
    assert [row.group.id for row in comparison.rows] == ["owed", "undecided", "not-owed"]


def test_the_page_shows_two_columns_with_headers(client: Client):
    response = client.post(URL, {**ANSWERS, "with": "xinxiang-2022"})
    text = response.content.decode()
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"
    assert text.count('scope="col"') == 2
    assert text.count('scope="row"') == 3
    assert "比一比：同一个人在两个城市" in text


def test_an_answer_survives_the_way_there_and_back(client: Client):
    text = client.post(URL, {**ANSWERS, "dementia": "yes", "with": "xinxiang-2022"}).content.decode()
    assert '<input type="hidden" name="dementia" value="yes">' in text
    assert '<input type="hidden" name="birth_date" value="1944-05-01">' in text


def test_the_other_city_must_be_another_one(client: Client):
    for other in ("suizhou-2023", "atlantis-2023", ""):
        response = client.post(URL, {**ANSWERS, "with": other})
        assert response.status_code == 422
        assert "请另选一个城市" in response.content.decode()


def test_a_wrong_answer_goes_back_to_the_questions(client: Client):
    response = client.post(URL, {"birth_date": "2044-01-01", "with": "xinxiang-2022"})
    assert response.status_code == 422
    assert "出生日期" in response.content.decode()


def test_without_answers_there_is_nothing_to_compare(client: Client):
    response = client.get(URL + "&with=xinxiang-2022")
    assert response.status_code == 302
    assert response["Location"] == "/ask/?city=suizhou-2023&on=2024-05-01"
