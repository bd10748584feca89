"""Tokens of machines."""

import datetime as dt
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from songhe.accounts.domain.users import lock
from songhe.accounts.models import Entry
from songhe.api.domain.tokens import create_token, revoke_token, user_of
from songhe.api.models import ApiToken


def test_it_acts_for_its_user_and_is_nowhere_in_the_database(li):
    token = create_token(user=li, days=1, note="低保系统")
    assert user_of(token) == li
    assert token not in str(list(ApiToken.objects.values()))
    assert token not in str(list(Entry.objects.values()))
    assert Entry.objects.order_by("-sequence")[0].action == "token.created"


def test_its_last_use_is_remembered(li):
    user_of(create_token(user=li, days=1))
    assert timezone.now() - ApiToken.objects.get().last_used_at < dt.timedelta(seconds=10)


@pytest.mark.parametrize("how", ["unknown", "expired", "revoked", "locked"])
def test_one_that_does_not_hold(li, how):
    token = create_token(user=li, days=1)
    if how == "unknown":
        token += "x"
    elif how == "expired":
        ApiToken.objects.update(expires_at=timezone.now())
    elif how == "revoked":
        revoke_token(token=ApiToken.objects.get())
    else:
        lock(user=li, by=None, reason="离职")
    response = Client(headers={"Authorization": f"Bearer {token}"}).get("/api/v1/sources")
    assert response.status_code == 401
    assert set(response.json()["detail"]) == {"zh", "en"}


def test_the_command_shows_it_once(li):
    out = StringIO()
    call_command("create_api_token", user="li", days=30, stdout=out)
    assert user_of(out.getvalue().strip()) == li
    assert ApiToken.objects.get().expires_at - timezone.now() > dt.timedelta(days=29)


def test_the_command_needs_a_user(db):
    with pytest.raises(CommandError, match="no such active user"):
        call_command("create_api_token", user="nobody")
