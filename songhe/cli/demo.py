"""`songhe demo`: the demo city, its sign-ins, and the codes of its users."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from songhe.cli.console import err, fail, out
from songhe.cli.site import open_database, open_site

if TYPE_CHECKING:
    from songhe.demo.users import SignIn

PUBLISHED = 42_034
_LINES = 10


@click.group(invoke_without_command=True)
@click.option("--people", type=click.IntRange(min=200), default=PUBLISHED, show_default=True, help="Living people.")
@click.option("--reset", is_flag=True, help="Delete the SQLite database in var/ first; asks before it does.")
@click.pass_context
def demo(context: click.Context, people: int, reset: bool) -> None:
    """Load the demo city 演示城市: synthetic people, their history, and a user for every role."""
    if context.invoked_subcommand is None:
        if reset:
            _reset()
        open_database()
        _load(people)


@demo.command()
@click.argument("username")
def code(username: str) -> None:
    """The six digits a demo user is asked for at sign-in 演示用户的验证码."""
    open_database()
    from songhe.demo.errors import DemoError
    from songhe.demo.users import current_code

    try:
        digits, seconds = current_code(username)
    except DemoError as error:
        fail(str(error))
    out.print(digits, markup=False)
    err.print(f"{seconds} 秒内有效 valid for {seconds} s", markup=False)


def _load(people: int) -> None:
    from songhe.demo.errors import DemoError
    from songhe.demo.load import is_empty, load_demo
    from songhe.demo.users import refuse_production, sign_ins_path

    try:
        refuse_production()
        if not is_empty():
            _say_there_is_one(sign_ins_path())
            return
        with progress() as report:
            loaded = load_demo(people=people, report=report)
    except DemoError as error:
        fail(str(error))
    err.print(f"✓ 演示城市已载入 The demo city is loaded: {loaded.files:,} 份档案 files", style="green")
    show_sign_ins(loaded.sign_ins)
    out.print(f"只显示这一次，也写在 Shown only once, and kept in: {sign_ins_path()}", markup=False, soft_wrap=True)
    out.print("验证码 The six digits: songhe demo code demo.city", markup=False)


def _say_there_is_one(sign_ins: Path) -> None:
    out.print("库中已有数据，保持不变 The database holds data already and is left as it is", markup=False)
    if sign_ins.exists():
        out.print(f"演示登录信息 Sign-ins of the demo: {sign_ins}", markup=False, soft_wrap=True)


def show_sign_ins(sign_ins: list[SignIn]) -> None:
    """Who can sign in, with the passwords and the authenticators' addresses."""
    table = Table("角色 role", "用户名 user", "密码 password", "区划 where", "验证码 code")
    for one in sign_ins:
        table.add_row(one.role.label, one.username, one.password, one.place, "需要 yes" if one.otpauth else "")
    out.print(table, markup=False)
    for one in sign_ins:
        if one.otpauth:
            out.print(f"{one.username}: {one.otpauth}", markup=False, soft_wrap=True)


@contextmanager
def progress() -> Iterator[Callable[[str, int, int], None]]:
    """A bar on a terminal; elsewhere ten lines or so."""
    if not err.is_terminal:
        yield _lines()
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err) as bar:
        task = bar.add_task("")
        yield lambda text, done, total: bar.update(task, description=text, completed=done, total=total)
        bar.update(task, description="完成 done", completed=1, total=1)


def _lines() -> Callable[[str, int, int], None]:
    said = -1

    def report(text: str, done: int, total: int) -> None:
        nonlocal said
        if (part := done * _LINES // total) != said:
            said = part
            err.print(f"{100 * done // total:3} % {text}", markup=False)

    return report


def _reset() -> None:
    settings = open_site()
    database: dict[str, Any] = settings.DATABASES["default"]
    path = Path(database["NAME"])
    if settings.PRODUCTION or not database["ENGINE"].endswith("sqlite3") or path.parent.name != "var":
        fail("只能重置 var/ 中的 SQLite 演示库。 Only a SQLite database in var/ can be reset, and none in production.")
    if path.exists():
        question = f"删除 {path} 及其中所有数据？ Delete it with everything in it?"
        if not sys.stdin.isatty() or not click.confirm(question):
            fail("未删除任何内容。 Nothing was deleted; --reset asks on a terminal.")
        for suffix in ("", "-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
