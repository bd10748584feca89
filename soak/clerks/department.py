"""A department that pushes records by the API, with a key for every request, and sends some of them twice."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from soak.clerks.people import resident_number
from soak.clerks.web import Browser, refused_unless
from soak.clerks.working import Clerk, NoAnswer, Refused

_RECORDS = 6


class Department(Clerk):
    """Every request names new people and one whom all departments name."""

    def __init__(self, name: str, home: Path, address: str) -> None:
        super().__init__(name, home, address)
        self._token = self.city.tokens[f"city{int(name[-1]) % 2 + 1}"]
        self._browser = Browser(address)
        self._shared = resident_number()

    def turn(self) -> None:
        numbers, key = [resident_number() for _ in range(_RECORDS)], self.key()
        records = [
            {"公民身份号码": number, "姓名": "报送", "户籍地代码": self.city.village}
            for number in (*numbers, self._shared)
        ]
        first = self.ask("push", key, lambda: self._push(key, records), lambda _: {"numbers": numbers})
        if first is not None and self.random.random() < 0.3:
            self._again(key, records, first)

    def _push(self, key: str, records: list[dict[str, str]]) -> list[dict[str, Any]]:
        headers = {"Authorization": f"Bearer {self._token}", "Idempotency-Key": key}
        answer = self._browser.post_json("/api/v1/records", {"source": "police", "records": records}, headers)
        results: list[dict[str, Any]] = json.loads(refused_unless(answer, 200))["results"]
        return results

    def _again(self, key: str, records: list[dict[str, str]], first: list[dict[str, Any]]) -> None:
        """The same request has the same answer, whatever was killed meanwhile."""
        try:
            again = self._push(key, records)
        except (NoAnswer, Refused):
            return
        if again != first:
            self.journal.write("asked", "another answer", key)
