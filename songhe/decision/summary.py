"""How many people and how much money: per month, division and item, from the masks of a run."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import duckdb

from songhe.decision.masks import TIER_MARK
from songhe.decision.months import Month, show_month
from songhe.decision.person import amount_on
from songhe.policy.package import Package
from songhe.policy.rule import Rule
from songhe.rules.amount import Money, Worth, worth
from songhe.rules.person import Setting


def summarise(
    *,
    decisions: str,
    rules: Sequence[Rule],
    package: Package,
    months: Sequence[Month],
    days: Sequence[dt.date],
    connection: duckdb.DuckDBPyConnection,
) -> str:
    """Builds the table `summary` from a FROM item of masks and returns its name; money in integer fen.

    Masks have few distinct values, so people are counted per distinct mask first and spread over months afterwards.
    """
    connection.execute("CREATE OR REPLACE TEMP TABLE steps (step INTEGER, month VARCHAR)")
    connection.executemany("INSERT INTO steps VALUES (?, ?)", [[i, show_month(m)] for i, m in enumerate(months)])
    _load_worths(rules, package, days, connection)
    counted = " UNION ALL ".join(part for rule in rules for part in _counts(rule, decisions))
    connection.execute(f"CREATE OR REPLACE TEMP TABLE counted AS {counted}")
    connection.execute(f"CREATE OR REPLACE TEMP TABLE summary AS {_SPREAD.format(decisions=decisions)}")
    return "summary"


_SPREAD = """
WITH people AS (
    SELECT item, division, step,
           sum(((entitled >> step) & 1) * people)::BIGINT AS entitled,
           sum(((undetermined >> step) & 1) * people)::BIGINT AS undetermined
    FROM counted CROSS JOIN steps WHERE tier = 0 GROUP BY ALL),
paid AS (
    SELECT c.item, c.division, s.step,
           sum(((entitled >> s.step) & 1) * people * w.fen) FILTER (WHERE w.kind = 'exact')::BIGINT AS exact_fen,
           sum(((entitled >> s.step) & 1) * people * w.fen) FILTER (WHERE w.kind = 'at_least')::BIGINT AS floor_fen
    FROM counted c CROSS JOIN steps s
    JOIN worths w ON w.item = c.item AND w.tier = c.tier AND w.step = s.step GROUP BY ALL),
kinds AS (
    SELECT item, step, CASE WHEN count(DISTINCT kind) = 1 THEN min(kind) ELSE 'mixed' END AS kind
    FROM worths GROUP BY ALL)
SELECT s.month, p.division, p.item, n.name, p.entitled, p.undetermined, k.kind AS amount_kind,
       coalesce(paid.exact_fen, 0) AS exact_fen, coalesce(paid.floor_fen, 0) AS floor_fen
FROM people p JOIN steps s USING (step) JOIN names n USING (item) JOIN kinds k USING (item, step)
LEFT JOIN paid ON paid.item = p.item AND paid.division IS NOT DISTINCT FROM p.division AND paid.step = p.step
ORDER BY s.step, p.division NULLS LAST, n.position
"""


def _counts(rule: Rule, decisions: str) -> list[str]:
    """People per distinct mask: tier 0 is the item itself, tiers count from 1."""
    columns = [(0, rule.id)] + [(n, f"{rule.id}{TIER_MARK}{n}") for n in range(1, len(rule.amount.tiers) + 1)]
    return [
        f"""SELECT '{rule.id}' AS item, {tier} AS tier, division, "{column}" AS entitled,
            "{column}?" AS undetermined, count(*) AS people FROM {decisions} GROUP BY ALL"""
        for tier, column in columns
    ]


def _load_worths(
    rules: Sequence[Rule], package: Package, days: Sequence[dt.date], connection: duckdb.DuckDBPyConnection
) -> None:
    """What each item (or tier) is worth in each month."""
    names = [[rule.id, rule.entitlement.name.zh, position] for position, rule in enumerate(rules)]
    connection.execute("CREATE OR REPLACE TEMP TABLE names (item VARCHAR, name VARCHAR, position INTEGER)")
    connection.executemany("INSERT INTO names VALUES (?, ?, ?)", names)
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE worths (item VARCHAR, tier INTEGER, step INTEGER, kind VARCHAR, fen BIGINT)"
    )
    rows = [row for rule in rules for row in _worth_rows(rule, package, days)]
    connection.executemany("INSERT INTO worths VALUES (?, ?, ?, ?, ?)", rows)


def _worth_rows(rule: Rule, package: Package, days: Sequence[dt.date]) -> list[list[object]]:
    sums: list[tuple[int, Money | None]] = [(0, rule.amount.money)]
    if rule.amount.tiers:
        sums = [(number, tier.money) for number, tier in enumerate(rule.amount.tiers, start=1)]
    rows: list[list[object]] = []
    for tier, money in sums:
        for step, day in enumerate(days):
            amount = _worth(rule, money, package, day)
            rows.append([rule.id, tier, step, amount.kind, amount.fen])
    return rows


def _worth(rule: Rule, money: Money | None, package: Package, day: dt.date) -> Worth:
    if money is not None:
        return worth(money, day, package.figures)
    return amount_on(rule.amount, Setting(day, package.figures))
