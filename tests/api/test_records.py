"""Departments that push."""

import pytest
from django.test import Client

from songhe.accounts.models import Role
from songhe.api.models import StoredAnswer
from songhe.registry.models import CurrentPerson, FactRecord, Person, Transaction
from tests.accounts.builders import holder
from tests.intake.builders import OTHER_COUNTY, number, person


def statuses(response):
    return [one["status"] for one in response.json()["results"]]


class TestOutcomes:
    def test_each_record_has_its_own_in_order(self, push):
        push([person(1)], key="first")
        response = push([person(1, 户口性质="农村"), person(2), person(1), person(3, 性别="?")])
        assert response.status_code == 200
        assert statuses(response) == ["updated", "created", "unchanged", "refused"]
        known = {str(id) for id in Person.objects.values_list("public_id", flat=True)}
        results = response.json()["results"]
        assert {one["person"] for one in results} == {*known, None}
        assert results[3]["errors"] == [
            {
                "column": "性别",
                "zh": "不认识这种填法，请填：男、女",
                "en": "not understood; write one of: M, F",
            }
        ]

    def test_names_of_facts_and_values_of_json_will_do(self, push):
        record = {"resident_id": number(1), "name": "曾", "hukou": "990101001001", "alive": True, "birth_date": None}
        assert statuses(push([record])) == ["created"]
        assert CurrentPerson.objects.get().alive is True

    def test_a_day_for_the_whole_record(self, push):
        push([person(1, 户口性质="农村", valid_from="2024-05-01")])
        assert str(FactRecord.objects.get(fact="hukou_type").valid_from) == "2024-05-01"
        assert FactRecord.objects.get(fact="name").valid_from is None

    def test_two_records_about_one_new_person_are_one_file(self, push):
        response = push([person(1), person(1, 户口性质="农村"), person(1, 户口性质="城镇")])
        assert statuses(response) == ["created", "updated", "refused"]
        assert Person.objects.count() == 1

    def test_columns_that_mean_nothing_are_told(self, push):
        assert push([person(1, 星座="双鱼")]).json()["unknown_columns"] == ["星座"]

    def test_out_of_scope_is_refused_and_tells_nothing(self, push, machine, city):
        other = machine(holder(Role.COUNTY_BUREAU, city.counties[1], "zhao"))
        push([person(1, 户籍地代码=OTHER_COUNTY)], by=other)
        (result,) = push([person(1)]).json()["results"]
        assert (result["status"], result["person"]) == ("refused", None)
        assert result["errors"][0]["zh"] == "不在您的权限范围内"


class TestIdempotency:
    def test_the_same_again_gets_the_same_answer_and_does_nothing(self, push):
        first = push([person(1)])
        before = Transaction.objects.count()
        assert push([person(1)]).json() == first.json()
        assert Transaction.objects.count() == before

    def test_another_body_under_the_same_key_is_refused(self, push):
        push([person(1)])
        response = push([person(2)])
        assert response.status_code == 409
        assert set(response.json()["detail"]) == {"zh", "en"}
        assert Person.objects.count() == 1

    def test_the_keys_of_two_users_do_not_meet(self, push, machine, city):
        push([person(1)])
        other = machine(holder(Role.COUNTY_BUREAU, city.counties[1], "zhao"))
        assert statuses(push([person(2, 户籍地代码=OTHER_COUNTY)], by=other)) == ["created"]

    def test_what_is_kept_holds_no_personal_data(self, push):
        push([person(1), person(2, 联系电话="abc13800138000")])
        kept = str(list(StoredAnswer.objects.values()))
        assert [text for text in (number(1), number(2), "曾1", "13800138000") if text in kept] == []

    def test_a_request_that_failed_leaves_its_key_free(self, push):
        assert push([{"姓名": "曾"}]).status_code == 422
        assert push([person(1)]).status_code == 200


class TestRefused:
    @pytest.mark.parametrize("key", [None, "", "k" * 65])
    def test_without_a_proper_key(self, push, key):
        response = push([person(1)], key=key)
        assert response.status_code == 422
        assert "Idempotency-Key" in str(response.json())

    @pytest.mark.parametrize("records", [[], [{}] * 1001, "x", [1]])
    def test_a_body_that_is_not_as_documented(self, push, records):
        assert push(records).status_code == 422
        assert not StoredAnswer.objects.exists()

    def test_the_values_sent_are_not_in_the_refusal(self, push):
        response = push([number(1)])
        assert response.status_code == 422
        assert number(1) not in response.content.decode()

    def test_an_unknown_source(self, push):
        response = push([person(1)], source="neighbour")
        assert response.status_code == 422
        assert "没有来源 neighbour" in response.json()["detail"]["zh"]

    def test_required_columns_that_are_missing(self, push):
        response = push([{"公民身份号码": number(1)}])
        assert response.status_code == 422
        assert "缺少必需的列“姓名”" in response.json()["detail"]["zh"]

    def test_a_user_who_may_not_import(self, push, machine, city):
        clerk = machine(holder(Role.TOWN_CLERK, city.towns[0], "chen"))
        assert push([person(1)], by=clerk).status_code == 403

    def test_more_than_the_limit(self, push, settings):
        settings.LARGE_BODIES = {"/api/v1/records": 40_000}
        rows = [person(n, 备注="x" * 200) for n in range(1, 100)]
        assert push(rows).status_code == 200
        assert push([person(n, 备注="x" * 300) for n in range(1, 100)], key="other").status_code == 413

    def test_a_session_needs_the_token_against_forged_requests(self, push, city):
        clerk = holder(Role.TOWN_CLERK, city.towns[0], "chen")
        client = Client(enforce_csrf_checks=True)
        client.force_login(clerk, backend="django.contrib.auth.backends.ModelBackend")
        assert push([person(1)], by=client).status_code == 403
        assert client.get("/api/v1/sources").status_code == 200
