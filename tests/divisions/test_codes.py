import pytest

from songhe.divisions.codes import CITY, COUNTY, PROVINCE, TOWN, VILLAGE, canonical, level_of
from songhe.divisions.errors import DivisionError


@pytest.mark.parametrize(
    ("written", "stored", "level"),
    [
        ("42", "420000", PROVINCE),
        ("4213", "421300", CITY),
        ("421300000000", "421300", CITY),
        ("421303", "421303", COUNTY),
        ("421303000", "421303", COUNTY),
        ("421303001", "421303001", TOWN),
        ("421303001000", "421303001", TOWN),
        ("421303001001", "421303001001", VILLAGE),
    ],
)
def test_a_code_has_one_way_to_be_stored(written: str, stored: str, level: int):
    assert (canonical(written), level_of(written)) == (stored, level)


@pytest.mark.parametrize(
    "code", ["", "4", "42130", "4213030011", "42130A", "４２１３０３", " 421303", "421303001001001"]
)
def test_what_is_no_code_is_refused(code: str):
    with pytest.raises(DivisionError, match="is no division code"):
        canonical(code)
