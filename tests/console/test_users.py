"""Users in the console: who sees whom, what managers do, and passwords that are shown once."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django_otp.plugins.otp_totp.models import TOTPDevice

from songhe.accounts.models import Entry, Grant, Role, User
from tests.accounts.builders import PASSWORD, holder, user
from tests.console.conftest import SignIn
from tests.divisions.builders import SmallCity, small_city

LIST = "/console/users/"
SECRET = re.compile(r"[a-z2-9]{4}(?:-[a-z2-9]{4}){3}")


@pytest.fixture
def east(city: SmallCity) -> User:
    """A manager of the eastern county."""
    return holder(Role.COUNTY_BUREAU, city.counties[0], "east")


@pytest.fixture
def far(city: SmallCity) -> User:
    """A clerk of the western county."""
    return holder(Role.TOWN_CLERK, city.towns[3], "far")


def page_of(one: User) -> str:
    return f"{LIST}{one.pk}/"


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


class TestList:
    def test_it_shows_those_within_reach(self, sign_in: SignIn, east: User, clerk: User, far: User) -> None:
        shown = text_of(sign_in(east).get(LIST))
        assert "clerk" in shown
        assert page_of(far) not in shown

    @pytest.mark.parametrize(
        ("query", "names"),
        [
            ("", ["bureau", "clerk", "far"]),
            ("q=CLE", ["clerk"]),
            ("role=town_clerk", ["clerk", "far"]),
            ("state=locked", ["far"]),
            ("state=active&role=town_clerk", ["clerk"]),
            ("role=nonsense", ["bureau", "clerk", "far"]),
            ("q=nobody", []),
        ],
    )
    def test_it_is_searched(
        self, sign_in: SignIn, bureau: User, clerk: User, far: User, query: str, names: list[str]
    ) -> None:
        User.objects.filter(pk=far.pk).update(is_active=False)
        shown = text_of(sign_in(bureau).get(f"{LIST}?{query}"))
        assert re.findall(r'users/\d+/">(\w+)<', shown) == names
        assert ("请放宽条件" in shown) == (not names)

    def test_it_takes_the_same_queries_with_one_row_and_three(
        self, sign_in: SignIn, city: SmallCity, east: User, queries_of: Callable[[Client, str], int]
    ) -> None:
        client = sign_in(east)
        one = queries_of(client, LIST)
        for number in (1, 2):
            holder(Role.TOWN_CLERK, city.towns[number], f"clerk-{number}")
        assert queries_of(client, LIST) == one <= 16

    @pytest.mark.parametrize("role", [Role.TOWN_CLERK, Role.VILLAGE_WORKER, Role.PROVIDER])
    def test_it_is_not_for_everybody(self, sign_in: SignIn, city: SmallCity, role: Role) -> None:
        assert sign_in(holder(role, city.towns[0], "x")).get(LIST).status_code == 403


class TestOne:
    def test_it_shows_roles_with_their_dates_and_what_happened(
        self, sign_in: SignIn, bureau: User, clerk: User
    ) -> None:
        shown = text_of(sign_in(bureau).get(page_of(clerk)))
        assert "松鹤市东县甲镇" in shown
        assert "授予clerk角色街道（镇）经办人" in shown

    def test_somebody_elsewhere_is_not_there(self, sign_in: SignIn, east: User, far: User) -> None:
        assert sign_in(east).get(page_of(far)).status_code == 404
        assert sign_in(east).post(f"{page_of(far)}lock/", {"reason": "x"}).status_code == 404

    def test_who_may_not_manage_is_told_why(self, sign_in: SignIn, city: SmallCity, east: User) -> None:
        above = user("above", at=city.towns[0])
        Grant.objects.create(user=above, role=Role.AUDITOR, division=city.counties[0], valid_from=city.on)
        shown = text_of(sign_in(east).get(page_of(above)))
        assert "超出您的管理范围" in shown
        assert "重置密码" not in shown
        assert sign_in(east).post(f"{page_of(above)}password/").status_code == 403
        assert "不能管理自己的账号" in text_of(sign_in(east).get(page_of(east)))

    def test_who_only_reads_is_offered_nothing(self, sign_in: SignIn, city: SmallCity, clerk: User) -> None:
        reader = sign_in(holder(Role.TECHNICIAN, city.city, "technician"))
        assert "重置密码" not in text_of(reader.get(page_of(clerk)))
        for path in ("lock/", "unlock/", "password/", "second-factor/", "role/"):
            assert reader.post(page_of(clerk) + path).status_code == 403

    def test_grants_elsewhere_stay_unseen(self, sign_in: SignIn, city: SmallCity, east: User, clerk: User) -> None:
        Grant.objects.create(user=clerk, role=Role.ASSESSOR, division=city.counties[1], valid_from=city.on)
        assert "西县" not in text_of(sign_in(east).get(page_of(clerk)))

    def test_it_takes_the_same_queries_with_one_grant_and_three(
        self, sign_in: SignIn, city: SmallCity, east: User, queries_of: Callable[[Client, str], int]
    ) -> None:
        worker = holder(Role.VILLAGE_WORKER, city.villages[0], "worker")
        client = sign_in(east)
        one = queries_of(client, page_of(worker))
        for village in city.villages[1:3]:
            Grant.objects.create(user=worker, role=Role.VILLAGE_WORKER, division=village, valid_from=city.on)
        assert queries_of(client, page_of(worker)) == one <= 28


class TestNew:
    def make(self, client: Client, **changed: str) -> Any:
        form = {"username": "new.one", "display_name": "新人", "division": "990101001", **changed}
        return client.post(f"{LIST}new/", form)

    def test_the_password_is_shown_once_and_works(self, sign_in: SignIn, east: User) -> None:
        answer = self.make(sign_in(east))
        (password,) = SECRET.findall(text_of(answer))
        assert answer.headers["Cache-Control"] == "no-store"
        made = User.objects.get(username="new.one")
        assert made.check_password(password)
        assert made.must_change_password
        assert SECRET.search(text_of(sign_in(east).get(page_of(made)))) is None
        assert not Entry.objects.filter(details__icontains=password).exists()

    def test_a_wrong_name_is_told_beside_the_form(self, sign_in: SignIn, east: User) -> None:
        answer = self.make(sign_in(east), username="New One")
        assert answer.status_code == 422
        assert "用户名须为2至50个小写字母" in text_of(answer)
        assert not User.objects.filter(username="New One").exists()

    @pytest.mark.parametrize("place", ["甲镇", "东县甲镇", "松鹤市东县甲镇", "990101001 松鹤市东县甲镇"])
    def test_the_workplace_is_named_or_coded(self, sign_in: SignIn, east: User, city: SmallCity, place: str) -> None:
        self.make(sign_in(east), division=place)
        assert User.objects.get(username="new.one").division == city.towns[0]

    @pytest.mark.parametrize(
        ("place", "says"), [("第1村", "不止一个区划"), ("990102001", "没有这个区划"), ("无此镇", "没有这个区划")]
    )
    def test_a_place_that_is_not_one_is_refused(self, sign_in: SignIn, east: User, place: str, says: str) -> None:
        answer = self.make(sign_in(east), division=place)
        assert answer.status_code == 422
        assert says in text_of(answer)


class TestRoles:
    def test_a_role_is_given_and_taken(self, sign_in: SignIn, city: SmallCity, east: User) -> None:
        client, worker = sign_in(east), user("worker", at=city.towns[1])
        form = {"role": "village_worker", "division": "990101002001", "valid_from": "2026-01-01", "valid_to": ""}
        assert client.post(f"{page_of(worker)}role/", form).url == page_of(worker)
        held = Grant.objects.get(user=worker)
        assert (held.role, held.division, held.granted_by) == ("village_worker", city.villages[2], east)
        assert client.get(f"{page_of(worker)}role/{held.pk}/").status_code == 200
        held.refresh_from_db()
        assert held.revoked_at is None
        assert client.post(f"{page_of(worker)}role/{held.pk}/").url == page_of(worker)
        held.refresh_from_db()
        assert held.revoked_by == east
        again = client.post(f"{page_of(worker)}role/{held.pk}/")
        assert again.status_code == 422
        assert "已被撤销" in text_of(again)

    def test_only_roles_one_may_give_are_offered(self, sign_in: SignIn, east: User, clerk: User) -> None:
        shown = text_of(sign_in(east).get(f"{page_of(clerk)}role/"))
        assert 'value="town_clerk"' in shown
        assert 'value="city_bureau"' not in shown
        form = {"role": "city_bureau", "division": "990101", "valid_from": "2026-01-01"}
        assert sign_in(east).post(f"{page_of(clerk)}role/", form).status_code == 422

    def test_what_cannot_be_is_told_beside_the_form(self, sign_in: SignIn, east: User, clerk: User) -> None:
        form = {"role": "assessor", "division": "990101", "valid_from": "2026-02-01", "valid_to": "2026-01-01"}
        answer = sign_in(east).post(f"{page_of(clerk)}role/", form)
        assert answer.status_code == 422
        assert "止日早于起日" in text_of(answer)

    def test_a_grant_of_somebody_else_is_not_reached_through_this_one(
        self, sign_in: SignIn, east: User, clerk: User, far: User
    ) -> None:
        held = Grant.objects.get(user=far)
        assert sign_in(east).post(f"{page_of(clerk)}role/{held.pk}/").status_code == 404


class TestTheDoor:
    def test_locking_needs_a_reason_and_unlocking_none(self, sign_in: SignIn, east: User, clerk: User) -> None:
        client = sign_in(east)
        assert client.post(f"{page_of(clerk)}lock/", {"reason": ""}).status_code == 422
        client.post(f"{page_of(clerk)}lock/", {"reason": "离职"})
        clerk.refresh_from_db()
        assert not clerk.is_active
        assert "离职" in text_of(client.get(page_of(clerk)))
        client.post(f"{page_of(clerk)}unlock/")
        clerk.refresh_from_db()
        assert clerk.is_active

    def test_a_password_is_reset_and_shown_once(self, sign_in: SignIn, east: User, clerk: User) -> None:
        client = sign_in(east)
        assert SECRET.search(text_of(client.get(f"{page_of(clerk)}password/"))) is None
        (password,) = SECRET.findall(text_of(client.post(f"{page_of(clerk)}password/")))
        clerk.refresh_from_db()
        assert clerk.check_password(password)
        assert not clerk.check_password(PASSWORD)

    def test_a_second_factor_is_reset(self, sign_in: SignIn, bureau: User, east: User) -> None:
        TOTPDevice.objects.create(user=east, name="east", confirmed=True)
        assert sign_in(bureau).post(f"{page_of(east)}second-factor/").url == page_of(east)
        assert not TOTPDevice.objects.filter(user=east).exists()
        assert Entry.objects.filter(action="user.second_factor_reset").count() == 1


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_pages_are_open_to_everybody(
    open_console: Callable[..., Any], accessible: Callable[[Any], None], fits: Callable[[Any], None], language: str
) -> None:
    city = small_city()
    bureau, clerk = holder(Role.CITY_BUREAU, city.city, "bureau"), holder(Role.TOWN_CLERK, city.towns[0], "clerk")
    tab = open_console(LIST, bureau)
    if language == "en":
        tab.get_by_role("button", name="English").click()
    for path in (LIST, page_of(clerk), f"{LIST}new/", f"{page_of(clerk)}role/", f"{page_of(clerk)}lock/"):
        tab.goto(path)
        accessible(tab)
        fits(tab)
    tab.goto(f"{LIST}new/")
    tab.locator("#id_division").press_sequentially("甲镇")
    tab.wait_for_selector("#id_division-list option", state="attached")
    assert tab.locator("#id_division-list option").first.get_attribute("value") == "990101001 松鹤市东县甲镇"
    tab.goto(f"{page_of(clerk)}password/")
    tab.locator(".btn-danger").click()
    tab.wait_for_selector(".once")
    accessible(tab)
