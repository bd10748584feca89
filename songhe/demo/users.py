"""One user for every role, two where scope is to be seen, and how to sign in as them. Never in production."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from songhe.accounts.domain import second_factor
from songhe.accounts.domain.grants import grant
from songhe.accounts.domain.passwords import temporary_password
from songhe.accounts.domain.users import create_user
from songhe.accounts.models import Role, User
from songhe.accounts.roles import SECOND_FACTOR
from songhe.demo.errors import DemoError
from songhe.demo.places import CITY, COUNTY, division
from songhe.divisions.queries import tree_on

TOWN, OTHER_TOWN = "640381100", "640381101"
# User name, name, role, code of the division; of the village worker, the first village of the town.
_USERS = (
    ("demo.city", "马建国", Role.CITY_BUREAU, CITY),
    ("demo.county", "王秀兰", Role.COUNTY_BUREAU, COUNTY),
    ("demo.town", "李玉梅", Role.TOWN_CLERK, TOWN),
    ("demo.town2", "张国强", Role.TOWN_CLERK, OTHER_TOWN),
    ("demo.village", "纳文军", Role.VILLAGE_WORKER, ""),
    ("demo.assessor", "陈淑琴", Role.ASSESSOR, COUNTY),
    ("demo.provider", "刘志平", Role.PROVIDER, COUNTY),
    ("demo.institution", "丁海燕", Role.INSTITUTION, COUNTY),
    ("demo.auditor", "周德明", Role.AUDITOR, CITY),
    ("demo.technician", "韩晓东", Role.TECHNICIAN, CITY),
    ("demo.gateway", "短信网关", Role.GATEWAY, CITY),
    ("demo.land", "吴建平", Role.DEPARTMENT, COUNTY),
    ("demo.health", "马慧琴", Role.DEPARTMENT, COUNTY),
)
# Whom a year of payments takes besides: duties that may not meet in one person. All of them of the county.
OFFICE = (
    ("demo.clerk", "赵志远", Role.COUNTY_BUREAU, COUNTY),
    ("demo.checker", "孙丽华", Role.COUNTY_BUREAU, COUNTY),
    ("demo.director", "马学明", Role.COUNTY_BUREAU, COUNTY),
    ("demo.deputy", "杨文娟", Role.COUNTY_BUREAU, COUNTY),
)
RECORDER = "demo.county"
_CLOSE = 2.0


@dataclass(frozen=True)
class SignIn:
    """How to sign in as one user; `otpauth` is the address an authenticator app reads, empty where none is asked."""

    role: Role
    username: str
    name: str
    place: str
    password: str
    otpauth: str


def make_users(more: Sequence[tuple[str, str, Role, str]] = ()) -> list[SignIn]:
    """The users with generated passwords, which stand nowhere but in the answer; `more` such as OFFICE."""
    return [_make(*user) for user in (*_USERS, *more)]


def current_code(username: str) -> tuple[str, int]:
    """The six digits that a demo user is asked for now, and for how many seconds they hold.

    Raises DemoError in production, and for whoever is no demo user or needs none.
    """
    refuse_production()
    if username not in {name for name, *_ in (*_USERS, *OFFICE)}:
        known = ", ".join(name for name, _, role, _ in _USERS if role in SECOND_FACTOR)
        raise DemoError(f"{username} 不是演示用户。", f"{username} is no demo user; those with a code are {known}.")
    device = TOTPDevice.objects.filter(user__username=username, confirmed=True).first()
    if device is None:
        raise DemoError(f"{username} 不需要验证码。", f"{username} needs no code, or no demo is loaded.")
    now = time.time()
    return _digits(device, now), device.step - int(now) % device.step


def refuse_production() -> None:
    if settings.PRODUCTION:
        raise DemoError("生产环境没有演示。", "There is no demo in production (SONGHE_PRODUCTION=1).")


def sign_ins_path() -> Path:
    return Path(os.environ.get("SONGHE_HOME", Path.cwd())) / "var" / "demo-sign-ins.txt"


def write_sign_ins(sign_ins: list[SignIn]) -> Path:
    """For their owner's eyes only; an older file is replaced."""
    path = sign_ins_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    lines = [f"{one.role.label}\t{one.username}\t{one.password}\t{one.place}\t{one.otpauth}\n" for one in sign_ins]
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write("# 仅供演示 for the demo only: 角色 role, 用户名 user, 密码 password, 区划 division, 验证器 TOTP\n")
        file.writelines(lines)
    return path


def _make(username: str, name: str, role: Role, code: str) -> SignIn:
    place, password = division(code or _first_village()), temporary_password()
    user = create_user(
        username=username, display_name=name, password=password, division=place, must_change_password=False
    )
    grant(user=user, role=role, division=place, by=None)
    otpauth = _second_factor(user) if role in SECOND_FACTOR else ""
    return SignIn(role, username, name, tree_on().full_name(place.pk), password, otpauth)


def _second_factor(user: User) -> str:
    device = second_factor.begin(user=user)
    now = time.time()
    if device.step - now % device.step < _CLOSE:
        # The digits must not change between here and the check.
        time.sleep(_CLOSE)
        now += _CLOSE
    # The digits before the present ones are taken too; each is taken once, and the present ones are for signing in.
    second_factor.confirm(user=user, digits=_digits(device, now - device.step))
    return str(device.config_url)


def _digits(device: TOTPDevice, at: float) -> str:
    # Without the drift that the device has learnt: an app knows nothing of it.
    totp = TOTP(device.bin_key, device.step, device.t0, device.digits)
    totp.time = at
    return f"{totp.token():0{device.digits}d}"


def _first_village() -> str:
    town = tree_on().find(TOWN)
    assert town is not None
    return next(node.code for node in tree_on().children(town.id) if node.name.endswith("村"))
