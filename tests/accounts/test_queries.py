import pytest

from songhe.accounts.domain import audit
from songhe.accounts.domain.grants import grant
from songhe.accounts.domain.users import lock
from songhe.accounts.messages import sentence
from songhe.accounts.models import Role
from songhe.accounts.queries import needs_second_factor, roles_of, told, trail_for, users_for
from tests.accounts.builders import holder, user
from tests.divisions.builders import SmallCity, small_city


def test_users_are_seen_where_they_work_and_where_they_hold_a_role(city: SmallCity) -> None:
    county = holder(Role.COUNTY_BUREAU, city.counties[0], "county")
    user("new", at=city.towns[0])
    visitor = user("visitor", at=city.counties[1])
    grant(user=visitor, role=Role.ASSESSOR, division=city.towns[1], by=None)
    user("stranger", at=city.counties[1])
    user("homeless")
    assert [seen.username for seen in users_for(county)] == ["county", "new", "visitor"]
    assert not users_for(holder(Role.TOWN_CLERK, city.towns[0])).exists()


def test_the_trail_of_a_county_is_seen_by_whoever_audits_it(city: SmallCity) -> None:
    auditors = [holder(Role.AUDITOR, county) for county in city.counties]
    first = audit.append(user=None, action="import.run", division=city.towns[0])
    second = audit.append(user=None, action="import.run", division=city.towns[5])
    audit.append(user=None, action="projection.rebuilt")
    assert [trail_for(auditor).first() for auditor in auditors] == [first, second]
    assert not trail_for(holder(Role.COUNTY_BUREAU, city.counties[0])).exists()


def test_lines_about_no_division_are_seen_by_whoever_audits_all(city: SmallCity) -> None:
    whole = audit.append(user=None, action="projection.rebuilt")
    auditor = holder(Role.AUDITOR, city.city)
    assert whole in trail_for(auditor)
    other = small_city(prefix="9902")
    assert whole not in trail_for(auditor)
    grant(user=auditor, role=Role.AUDITOR, division=other.city, by=None)
    assert whole in trail_for(auditor)


@pytest.mark.django_db
def test_without_divisions_nobody_audits_all() -> None:
    audit.append(user=None, action="projection.rebuilt")
    assert not trail_for(user("early")).exists()


def test_a_line_is_told_in_both_languages(city: SmallCity) -> None:
    fang = user("fang", at=city.towns[0], display_name="王芳")
    lock(user=fang, by=None, reason="离职")
    line = trail_for(holder(Role.AUDITOR, city.city)).get(action="user.locked")
    assert (told(line).zh, told(line).en) == ("系统停用fang：离职", "系统 locked fang: 离职")


def test_a_role_and_a_list_are_told_in_words() -> None:
    given = sentence("user.granted", actor="王芳", subject="li", details={"role": "town_clerk"})
    assert (given.zh, given.en) == ("王芳授予li角色街道（镇）经办人", "王芳 gave li the role town clerk")
    facts = sentence("person.facts_recorded", actor="王芳", subject="42", details={"facts": ["ability", "dibao"]})
    assert facts.zh == "王芳记录42的ability、dibao"


def test_an_action_of_long_ago_stands_for_itself() -> None:
    assert sentence("person.faxed", actor="王芳", subject="42", details={}).zh == "person.faxed"


def test_bureaus_need_a_second_factor_while_they_hold_the_role(city: SmallCity) -> None:
    bureau = holder(Role.COUNTY_BUREAU, city.counties[0])
    clerk = holder(Role.TOWN_CLERK, city.towns[0])
    assert (needs_second_factor(bureau), needs_second_factor(clerk)) == (True, False)
    assert roles_of(bureau) == {Role.COUNTY_BUREAU}
    bureau.grants.update(valid_to=bureau.grants.get().valid_from, valid_from="2020-01-01")
    bureau.grants.update(valid_to="2020-12-31")
    assert not needs_second_factor(bureau)
