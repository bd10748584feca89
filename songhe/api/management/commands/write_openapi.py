"""`write_openapi`: the description of the API that lies in docs/."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand

from songhe.api.urls import api


def described() -> str:
    """The description as it is kept."""
    return json.dumps(api.get_openapi_schema(path_prefix="/api/v1/"), ensure_ascii=False, indent=2) + "\n"


class Command(BaseCommand):
    help = "输出接口说明（OpenAPI）。 Print the OpenAPI description."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(described(), ending="")
