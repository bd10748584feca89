"""`create_user`: the first users, who then make the others in the console."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from songhe.accounts.domain.grants import grant
from songhe.accounts.domain.passwords import temporary_password
from songhe.accounts.domain.users import create_user
from songhe.accounts.errors import AccountError
from songhe.accounts.models import Role
from songhe.divisions.models import Division
from songhe.divisions.queries import resolve


class Command(BaseCommand):
    help = "新建用户并授予角色，显示一次性密码。 Make a user with a role; prints a password for the first sign-in."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("display_name")
        parser.add_argument("role", choices=Role.values)
        parser.add_argument("division", help="行政区划代码 code of the division, such as 4213")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        division_id = resolve(options["division"])
        if division_id is None:
            raise CommandError(f"没有区划 There is no division {options['division']}; run load_divisions first.")
        division, password = Division.objects.get(pk=division_id), temporary_password()
        try:
            user = create_user(
                username=options["username"],
                display_name=options["display_name"],
                password=password,
                division=division,
            )
            grant(user=user, role=Role(options["role"]), division=division, by=None)
        except AccountError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"用户 user: {user.username}\n初始密码 first password: {password}")
