"""Opening the database's side of Songhe from the terminal: Django with its settings, and who acts."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Any

from songhe.cli.console import fail
from songhe.common.keyring import KeyringError

if TYPE_CHECKING:
    from songhe.accounts.models import User

# For a database that is not ready yet.
SECONDS_BETWEEN_LOOKS = 10.0


def open_site() -> Any:
    """Django's settings, ready to use; keys that may not be used end the program with what to do."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "songhe.web.settings")
    import django
    from django.conf import settings

    try:
        django.setup()
    except KeyringError as error:
        fail(str(error))
    return settings


def open_database() -> Any:
    """As `open_site`; a database that lacks tables ends the program with what to do."""
    settings = open_site()
    if reason := why_not_ready():
        fail(reason)
    return settings


def wait_until_ready() -> None:
    """After a look that said no: comes back once the database can be used. For what is to run for ever."""
    from django.db import connection

    while True:
        connection.close()
        time.sleep(SECONDS_BETWEEN_LOOKS)
        if not why_not_ready():
            return


def why_not_ready() -> str:
    """What keeps the database from being used, and what to do; empty when nothing does."""
    from django.db import OperationalError, connection
    from django.db.migrations.executor import MigrationExecutor

    try:
        executor = MigrationExecutor(connection)
        behind = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except OperationalError as error:
        return f"数据库打不开 The database cannot be opened: {error}"
    if not behind:
        return ""
    return "数据库尚未建好或不是最新，请运行： The database is not ready; run:\n    songhe manage migrate"


def acting(username: str | None) -> User | None:
    """The user in whose name and scope a command runs; None: whoever may sign in on the server."""
    from songhe.accounts.models import User

    if username is None:
        return None
    user = User.objects.filter(username=username, is_active=True).first()
    if user is None:
        fail(f"没有启用的用户 {username}： There is no such active user.")
    return user
