"""What somebody says about a person, checked and brought into the form in which it is stored."""

from __future__ import annotations

import datetime as dt
from types import NoneType
from typing import Any, NamedTuple

from songhe.common.fieldcrypto import seal, search_hash
from songhe.divisions.queries import tree_on
from songhe.registry.resolve import ALIVE, DEATH_DATE
from songhe.registry.vocabulary import StatementError, is_sealed, personal_facts, rule_facts, to_text

_REMEMBERED = 100_000


class Statement(NamedTuple):
    """One fact as a source states it: a typed value or one of JSON, valid from a day to a day, both included.

    No `valid_from`: since ever. No value: the source withdraws what it said, to unknown.
    """

    fact: str
    value: Any
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None


class Prepared(NamedTuple):
    """A statement as it is stored; `text` is the plain value of a sealed fact, to be sealed when it is written."""

    fact: str
    value: str | None
    text: str | None
    division: int | None
    valid_from: dt.date | None
    valid_to: dt.date | None

    def sealed(self) -> bytes | None:
        return None if self.text is None else seal(self.fact, self.text)


class Preparer:
    """Checks statements as of one day of recording; remembers those that many people share."""

    def __init__(self, today: dt.date, codes_on: dt.date | None = None) -> None:
        self.today = today
        # Held from the beginning: while rows stream into PostgreSQL, nothing else can be asked of it.
        self._tree = tree_on(codes_on or today)
        self._remembered: dict[tuple[type, Statement], Prepared] = {}

    def prepare(self, statement: Statement) -> Prepared:
        """Raises StatementError, which names the fact and what was wrong."""
        if statement.fact not in rule_facts() or not isinstance(statement.value, (str, bool, dt.date, NoneType)):
            return self._prepare(statement)
        # True and 1 are equal, and only one of them is a yes.
        key = (type(statement.value), statement)
        prepared = self._remembered.get(key)
        if prepared is None:
            if len(self._remembered) >= _REMEMBERED:
                self._remembered.clear()
            prepared = self._remembered[key] = self._prepare(statement)
        return prepared

    def _prepare(self, statement: Statement) -> Prepared:
        fact, raw, start, end = statement
        text = to_text(fact, raw)
        if start is not None and end is not None and end < start:
            raise StatementError(fact, "止早于起。", "It ends before it begins.")
        if fact in (ALIVE, DEATH_DATE):
            self._check_death(fact, text, start, end)
        if is_sealed(fact) and text is not None:
            return Prepared(fact, search_hash(fact, text).hex(), text, None, start, end)
        return Prepared(fact, text, None, self._division(fact, text), start, end)

    def _division(self, fact: str, code: str | None) -> int | None:
        if code is None or fact not in rule_facts() or rule_facts()[fact].type != "division":
            return None
        node = self._tree.find(code)
        return None if node is None else node.id

    def _check_death(self, fact: str, text: str | None, start: dt.date | None, end: dt.date | None) -> None:
        if fact == ALIVE:
            if text == "false" and end is not None:
                raise StatementError(fact, "死亡没有截止日。", "A death has no end.")
            if text == "false" and start is not None and start > self.today:
                raise StatementError(fact, "死亡日期在将来。", "A death cannot lie in the future.")
            return
        if text is None:
            raise StatementError(fact, "死亡日期只能撤回。", "A date of death is taken back by retracting its record.")
        if start is not None or end is not None:
            raise StatementError(fact, "死亡日期本身没有起止。", "A date of death is not valid from or to a day.")
        if dt.date.fromisoformat(text) > self.today:
            raise StatementError(fact, "死亡日期在将来。", "A death cannot lie in the future.")


def is_key(fact: str) -> bool:
    """Whether people are found by this fact."""
    return fact in personal_facts() and personal_facts()[fact].key
