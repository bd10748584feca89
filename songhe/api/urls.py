"""Every address of the API. Whoever gives no valid token and is not signed in is refused, wherever."""

from __future__ import annotations

from ninja import NinjaAPI

from songhe.api.auth import AUTHENTICATION
from songhe.api.errors import answer_errors
from songhe.api.outbox import router as outbox
from songhe.api.people import router as people
from songhe.api.records import router as records

api = NinjaAPI(
    title="松鹤 Songhe",
    version="1",
    description=(
        "与部门交换数据的接口。说明见 docs/imports.md；短信网关见 docs/outbox.md。 "
        "Exchanging data with departments; see docs/imports.md, and docs/outbox.md for the gateway of messages."
    ),
    urls_namespace="api-v1",
    auth=AUTHENTICATION,
    # The page would load scripts from elsewhere.
    docs_url=None,
)
answer_errors(api)
api.add_router("", records)
api.add_router("", people)
api.add_router("", outbox)
