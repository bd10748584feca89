from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from songhe.accounts.models import Role, User
from tests.divisions.builders import SmallCity


def test_it_makes_a_user_with_a_role_and_a_password_to_be_changed(city: SmallCity) -> None:
    out = StringIO()
    call_command("create_user", "fang", "王芳", "city_bureau", "9901", stdout=out)
    made = User.objects.get()
    assert made.check_password(out.getvalue().split()[-1])
    assert made.must_change_password
    held = made.grants.get()
    assert (made.division, held.division, held.role) == (city.city, city.city, Role.CITY_BUREAU)


@pytest.mark.parametrize(
    ("username", "code", "complaint"), [("Fang", "9901", "small letters"), ("fang", "4213", "load_divisions")]
)
def test_what_is_wrong_is_said_and_nothing_is_made(city: SmallCity, username: str, code: str, complaint: str) -> None:
    with pytest.raises(CommandError, match=complaint):
        call_command("create_user", username, "王芳", "city_bureau", code)
    assert not User.objects.exists()
