"""Departments that push daily: the same rules as for their files."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Header, Router

from songhe.accounts.models import User
from songhe.api.domain.answers import answer_once
from songhe.api.schemas import Problem, RecordsIn, RecordsOut, SourceOut
from songhe.intake.domain.pushing import push
from songhe.intake.queries import guides

router = Router(tags=["records 数据报送"])
Key = Annotated[str, Header(alias="Idempotency-Key", min_length=1, max_length=64)]
_REFUSALS = {400: Problem, 401: Problem, 403: Problem, 409: Problem, 422: Problem}


@router.post("/records", response={200: RecordsOut, **_REFUSALS}, summary="报送记录 Send up to 1,000 records")
def send_records(request: HttpRequest, body: RecordsIn, key: Key) -> Any:
    """Each record is taken or refused by itself. The same key with the same body gets the same answer again."""
    user: User = request.auth  # type: ignore[attr-defined]

    def work() -> dict[str, Any]:
        results, unknown = push(user=user, source=body.source, records=body.records)
        return {
            "results": [
                {
                    "status": one.status,
                    "person": one.person,
                    "errors": [problem._asdict() for problem in one.problems],
                }
                for one in results
            ],
            "unknown_columns": list(unknown),
        }

    return answer_once(user=user, key=key, body=request.body, work=work)


@router.get("/sources", response={200: list[SourceOut], 401: Problem}, summary="各部门的列 Columns of each department")
def list_sources(request: HttpRequest) -> Any:
    """What each department's records may hold."""
    return guides()
