"""The operator's gateway at the API: by its own token, and by no session."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.test import Client

from songhe.accounts.models import Role
from songhe.outbox.models import Message
from tests.accounts.builders import holder
from tests.console.conftest import session_of
from tests.divisions.builders import SmallCity
from tests.outbox.conftest import PHONE, message  # noqa: F401


def send(client: Client, what: str, **body: Any) -> Any:
    return client.post(f"/api/v1/outbox/{what}", json.dumps(body), content_type="application/json")


def test_a_gateway_takes_and_reports(city: SmallCity, machine: Any, message: Callable[..., Any]) -> None:  # noqa: F811
    made, gateway = message(), machine(holder(Role.GATEWAY, city.city))
    batch = send(gateway, "take", number=10).json()
    assert [(one["id"], one["phone"]) for one in batch["messages"]] == [(str(made.public_id), PHONE)]
    told = {"id": str(made.public_id), "lease": batch["lease"], "outcome": "delivered"}
    assert send(gateway, "report", reports=[told]).json() == {"results": ["recorded"]}
    assert Message.objects.get().state == "delivered"


def test_a_session_does_not_open_it(city: SmallCity, message: Callable[..., Any]) -> None:  # noqa: F811
    message()
    answer = send(session_of(holder(Role.GATEWAY, city.city)), "take")
    assert answer.status_code == 401
    assert PHONE not in answer.content.decode()


def test_an_error_that_could_hold_a_number_of_a_person_is_refused(city: SmallCity, machine: Any) -> None:
    gateway = machine(holder(Role.GATEWAY, city.city))
    answer = send(gateway, "report", reports=[{"id": "x", "lease": "y", "outcome": "failed", "error": "号码 空"}])
    assert answer.status_code == 422
