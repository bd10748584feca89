"""Every address of the API there is, or ever will be: nobody anonymous, and nobody in another division."""

import json
import uuid
from pathlib import Path

import pytest
from django.test import Client

from songhe.accounts.models import Role
from songhe.api.management.commands.write_openapi import described
from songhe.api.urls import api
from songhe.registry.models import FactRecord, Person
from tests.accounts.builders import holder
from tests.intake.builders import number, person

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = api.get_openapi_schema(path_prefix="/api/v1/")
ROUTES = [(path, method) for path, methods in SCHEMA["paths"].items() for method in methods]
# What is sent to a route that asks for a body. A new one gets a line here.
BODIES = {
    "/api/v1/records": {"source": "police", "records": [person(1)]},
    "/api/v1/outbox/take": {"number": 200},
    "/api/v1/outbox/report": {
        "reports": [{"id": str(uuid.uuid4()), "lease": str(uuid.uuid4()), "outcome": "delivered"}]
    },
}


def call(client: Client, path: str, method: str, zeng: Person | None = None):
    address = path.replace("{public_id}", str(zeng.public_id if zeng else uuid.uuid4()))
    assert "{" not in address, "say in this test what stands for the parameter"
    headers = {"Idempotency-Key": uuid.uuid4().hex}
    if method == "get":
        return client.get(address, headers=headers)
    body = json.dumps(BODIES[path])
    return getattr(client, method)(address, body, content_type="application/json", headers=headers)


@pytest.mark.parametrize(("path", "method"), ROUTES)
def test_nobody_anonymous_gets_in(db, path, method):
    assert call(Client(), path, method).status_code == 401


@pytest.mark.parametrize(("path", "method"), ROUTES)
@pytest.mark.parametrize("role", list(Role))
def test_no_role_sees_or_changes_somebody_of_another_division(push, machine, city, path, method, role):
    push([person(1, 联系电话="13800138000")])
    zeng, before = Person.objects.get(), FactRecord.objects.count()
    response = call(machine(holder(role, city.counties[1])), path, method, zeng)
    text = response.content.decode()
    told = [one for one in ("曾1", number(1), "138******00", str(zeng.public_id)) if one in text]
    assert (told, FactRecord.objects.count()) == ([], before)
    assert response.status_code in (200, 403, 404)


def test_the_description_is_for_everybody(db):
    response = Client().get("/api/v1/openapi.json")
    assert response.status_code == 200
    assert set(response.json()["paths"]) == {path for path, _ in ROUTES}


def test_the_description_in_docs_is_current():
    kept = (ROOT / "docs" / "openapi.json").read_text("utf-8")
    assert kept == described(), "run: make openapi"


def test_no_page_of_documentation_loads_from_elsewhere(db):
    assert Client().get("/api/v1/docs").status_code == 404
