import pytest
from tests.citizens.conftest import house
from tests.portal.my_pages import reader


def test_smoke(house):
    c = reader(house)
    for p in ("/my/", "/my/items/", "/my/payments/", "/my/cases/", "/my/missing/", "/my/family/", "/my/complain/"):
        for q in ("", "?lang=en"):
            r = c.get(p + q)
            print(p, r.status_code, len(r.content))
            assert r.status_code == 200, r.content.decode()[:2000]
