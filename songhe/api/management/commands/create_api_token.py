"""`create_api_token`: for a machine that pushes records."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from songhe.accounts.models import User
from songhe.api.domain.tokens import create_token


class Command(BaseCommand):
    help = "新建接口令牌，只显示一次。 Make a token for the API; it is shown once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--user", required=True, help="为谁 the user it acts for")
        parser.add_argument("--days", type=int, default=365, help="有效天数 days until it ends")
        parser.add_argument("--note", default="", help="用途 what it is for")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["user"], is_active=True).first()
        if user is None:
            raise CommandError(f"没有启用的用户 There is no such active user: {options['user']}")
        if not 1 <= options["days"] <= 3660:
            raise CommandError("--days 须为 1 至 3660： --days must be from 1 to 3660")
        self.stdout.write(create_token(user=user, days=options["days"], note=options["note"]))
