"""The county of a soak: its places, its older people, those who work there, and the money it pays from."""

from __future__ import annotations

import datetime as dt
import json
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

PACKAGE = str(Path(__file__).resolve().parent.parent / "bench" / "rules12")
CASES, ITEMS = "qingtongxia-2023", ("QTX-M-2.1e", "QTX-M-2.1f")
FIRST, LAST = 202401, 202612
PASSWORD = "pine-crane-1492"
# User name, role, code of the division. Two of everybody, so that two can want the same.
USERS = (
    ("town1", "town_clerk", "640381100"),
    ("town2", "town_clerk", "640381100"),
    ("county1", "county_bureau", "640381"),
    ("county2", "county_bureau", "640381"),
    ("county3", "county_bureau", "640381"),
    ("county4", "county_bureau", "640381"),
    ("city1", "city_bureau", "640300"),
    ("city2", "city_bureau", "640300"),
)
_VERSED = ("city1", "city2")


@dataclass(frozen=True)
class City:
    """What clerks must know, as setting up left it in `city.json`."""

    county: int
    people: list[int]
    public: list[str]
    shares: dict[str, str]
    account: int
    secrets: dict[str, str]
    tokens: dict[str, str]
    village: str

    def funding(self) -> dict[str, dict[int, Fraction]]:
        """Every item, on the funds that bear it."""
        from songhe.policy.load import load_package

        shares = {int(fund): Fraction(share) for fund, share in self.shares.items()}
        return {rule.id: shares for rule in load_package(PACKAGE).rules_for("person")}


def read_city(home: Path) -> City:
    return City(**json.loads((home / "city.json").read_text(encoding="utf-8")))


def open_django(home: Path, url: str) -> None:
    """This process works on the soak's database from now on, as the product's own processes do."""
    os.environ.update(environment(home, url))
    import django

    django.setup()


def environment(home: Path, url: str) -> dict[str, str]:
    return {"DJANGO_SETTINGS_MODULE": "songhe.web.settings", "SONGHE_HOME": str(home), "DATABASE_URL": url}


def build(home: Path, people: int) -> City:
    """Makes the tables and everything in them; the city as it is then."""
    from django.core.management import call_command

    from songhe.divisions.queries import resolve

    call_command("migrate", verbosity=0)
    village = _places()
    users, secrets = _users()
    ids, public = _people(home, people, village)
    funds, account = _money(users)
    city = City(
        county=resolve("640381") or 0,
        people=ids,
        public=public,
        shares=funds,
        account=account,
        secrets=secrets,
        tokens={name: _token(users[name]) for name in _VERSED},
        village=village,
    )
    (home / "city.json").write_text(json.dumps(vars(city)), encoding="utf-8")
    return city


def _places() -> str:
    """The code of a village of the first town."""
    from songhe.demo.places import load_places
    from songhe.divisions.queries import tree_on
    from songhe.synth.city import load_city

    load_places(load_city("qingtongxia"))
    town = tree_on().find("640381100")
    assert town is not None
    return min(node.code for node in tree_on().children(town.id))


def _users() -> tuple[dict[str, Any], dict[str, str]]:
    """The users, and the secrets of those who are asked for a second factor, in hex."""
    from songhe.accounts.domain.grants import grant
    from songhe.accounts.domain.users import create_user
    from songhe.accounts.models import Role
    from songhe.accounts.roles import SECOND_FACTOR
    from songhe.demo.places import division

    users, secrets = {}, {}
    for name, role, code in USERS:
        place = division(code)
        user = create_user(
            username=name, display_name=name, password=PASSWORD, division=place, must_change_password=False
        )
        grant(user=user, role=Role(role), division=place, by=None)
        users[name] = user
        if Role(role) in SECOND_FACTOR:
            secrets[name] = _second_factor(user)
    return users, secrets


def _second_factor(user: Any) -> str:
    """Set up with the digits before the present ones, which are left for signing in."""
    from songhe.accounts.domain import second_factor

    device = second_factor.begin(user=user)
    second_factor.confirm(user=user, digits=digits(device.key, time.time() - device.step))
    return str(device.key)


def digits(secret: str, at: float) -> str:
    """What an authenticator app shows at a time."""
    from django_otp.oath import TOTP

    totp = TOTP(bytes.fromhex(secret))
    totp.time = at
    return f"{totp.token():06d}"


def _people(home: Path, number: int, village: str) -> tuple[list[int], list[str]]:
    import pyarrow.parquet as pq

    from songhe.registry.domain.facts import File, record_many
    from songhe.registry.domain.statements import Statement
    from songhe.registry.domain.writing import Author
    from songhe.registry.models import Person
    from songhe.registry.vocabulary import rule_facts
    from songhe.synth.population import synthesise

    path = home / "people.parquet"
    synthesise(city="qingtongxia", seed=7, people=number, output=path, as_of=dt.date(2024, 1, 1))

    def files() -> Iterator[File]:
        columns = [name for name in pq.read_schema(path).names if name in rule_facts()]
        for place, row in enumerate(pq.read_table(path, columns=columns).to_pylist()):
            # Of one village, so that a clerk of its town reaches everybody.
            said = row | {"residence": village, "hukou": village, "name": f"王{place}"}
            yield File(None, [Statement(fact, value) for fact, value in said.items() if value is not None])

    ids = list(record_many(by=Author(user=None, source="police"), files=files()).people)
    accounts = (File(id, [Statement("bank_account", f"6228{id:012d}")]) for id in ids)
    record_many(by=Author(user=None, source="person"), files=accounts)
    public = dict(Person.objects.filter(pk__in=ids).values_list("pk", "public_id"))
    return ids, [str(public[id]) for id in ids]


def _money(users: dict[str, Any]) -> tuple[dict[str, str], int]:
    """Funds (ids) with the share that each bears, and the account they are paid from."""
    from songhe.demo.places import COUNTY, division
    from songhe.payment.domain.accounts import open_paying_account
    from songhe.payment.domain.funds import appropriate, open_fund
    from songhe.payment.models import Fund

    county, by, shares = division(COUNTY), users["county1"], {}
    for kind, share in ((Fund.Kind.FISCAL, "45/100"), (Fund.Kind.WELFARE_LOTTERY, "55/100")):
        fund = open_fund(by=by, kind=kind, level=Fund.Level.COUNTY, division=county, year=2024)
        appropriate(by=by, fund=fund, fen=10**13, document="财预〔2024〕1号")
        shares[str(fund.pk)] = share
    account = open_paying_account(
        by=users["city1"], division=county, name="民政局", bank="103871234567", account="1800010104000001"
    )
    return shares, account.pk


def _token(user: Any) -> str:
    from songhe.api.domain.tokens import create_token

    return create_token(user=user, days=1, note="soak")
