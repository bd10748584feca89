"""Drawing a chunk of people: their facts as numbers, and what is missing."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from songhe.synth.plan import Days, Plan
from songhe.synth.quotas import Counts
from songhe.synth.tables import Codes

Mask = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.int64]
DAYS_PER_YEAR = 365.2425
FEN = 100


@dataclass
class People:
    """A chunk, one entry per person. Codes are places among a fact's values, divisions among the plan's."""

    size: int
    codes: dict[str, Codes]
    days: dict[str, Days] = field(default_factory=dict)
    divisions: dict[str, npt.NDArray[np.intp]] = field(default_factory=dict)
    money: dict[str, Numbers] = field(default_factory=dict)
    missing: dict[str, Mask] = field(default_factory=dict)


def draw_people(plan: Plan, counts: Counts, alive: bool, rng: np.random.Generator) -> People:
    """As many people as `counts` has per age band and ability, in random order."""
    people = _shuffled(counts, rng)
    people.codes["alive"] = np.full(people.size, alive, np.int8)
    _draw_life(plan, people, alive, rng)
    for table in plan.draws:
        people.codes[table.name] = table.draw(people.codes, people.size, rng)
    _draw_places(plan, people, rng)
    last_day = np.full(people.size, plan.as_of) if alive else people.days["death_date"]
    _draw_hukou_since(plan, people, last_day, rng)
    _draw_certificate(plan, people, last_day, rng)
    _draw_income(plan, people, rng)
    _draw_gaps(plan, people, rng)
    return people


def _shuffled(counts: Counts, rng: np.random.Generator) -> People:
    strata = np.repeat(np.arange(counts.size), counts.ravel())
    rng.shuffle(strata)
    age, ability = np.divmod(strata, counts.shape[1])
    return People(strata.size, {"age": age.astype(np.int8), "ability": ability.astype(np.int8)})


def _draw_life(plan: Plan, people: People, alive: bool, rng: np.random.Generator) -> None:
    band = people.codes["age"]
    oldest = plan.oldest_births[band]
    span = (plan.youngest_births[band] - oldest).astype(np.int64) + 1
    people.days["birth_date"] = oldest + rng.integers(0, span)
    if alive:
        people.days["death_date"] = np.full(people.size, plan.as_of)
        people.missing["death_date"] = np.ones(people.size, np.bool_)
    else:
        people.days["death_date"] = plan.as_of - rng.integers(0, plan.city.deaths.within_days, people.size)


def _draw_places(plan: Plan, people: People, rng: np.random.Generator) -> None:
    residence = _somewhere(plan, people.codes["place"], rng)
    hukou = residence.copy()
    where = people.codes["hukou_place"]
    in_city = where == plan.code("hukou_place", "city")
    hukou[in_city] = _somewhere(plan, people.codes["hukou_kind"][in_city], rng)
    away = where == plan.code("hukou_place", "elsewhere")
    shares = np.cumsum(list(plan.city.places.elsewhere.codes.values()))
    county = np.searchsorted(shares[:-1], rng.random(int(away.sum())), side="right")
    hukou[away] = plan.communities + plan.villages + county
    people.divisions |= {"residence": residence, "hukou": hukou}


def _somewhere(plan: Plan, kind: Codes, rng: np.random.Generator) -> npt.NDArray[np.intp]:
    """A community or a village of the city, as `kind` says, each as likely as another."""
    first = np.array([0, plan.communities])[kind]
    count = np.array([plan.communities, plan.villages])[kind]
    return (first + rng.integers(0, count)).astype(np.intp)


def _draw_hukou_since(plan: Plan, people: People, last_day: Days, rng: np.random.Generator) -> None:
    rule = plan.city.hukou
    first = np.maximum(people.days["birth_date"], np.datetime64(rule.since_law, "D"))
    ago = rng.exponential(rule.mean_years_since_move * DAYS_PER_YEAR, people.size).astype(np.int64)
    moved = np.maximum(last_day - ago, first)
    people.days["hukou_since"] = np.where(people.codes["moved"] == 1, moved, first)


def _draw_certificate(plan: Plan, people: People, last_day: Days, rng: np.random.Generator) -> None:
    rule = plan.city.certificate
    ago = rng.integers(0, int(rule.issued_within_years * DAYS_PER_YEAR), people.size)
    start = last_day - ago
    people.days["disability_certificate_from"] = start
    people.days["disability_certificate_to"] = years_later(start, rule.validity_years)
    for fact in ("disability_certificate_from", "disability_certificate_to"):
        people.missing[fact] = people.codes["disability_certificate"] == 0


def years_later(days: Days, years: int) -> Days:
    """The same day of a later year; 28 February where the year has no 29th."""
    months = days.astype("M8[M]")
    later = months + np.timedelta64(12 * years, "M")
    last = (later + np.timedelta64(1, "M")).astype("M8[D]") - 1
    moved: Days = np.minimum(later.astype("M8[D]") + (days - months.astype("M8[D]")), last)
    return moved


def _draw_income(plan: Plan, people: People, rng: np.random.Generator) -> None:
    """Whole yuan per person and month, in fen: the poor by their lines, others around the published means."""
    rule = plan.city.income
    types = [str(value) for value in plan.levels["hukou_type"]]
    line = np.array([rule.dibao_line_monthly_yuan[name] for name in types])[people.codes["hukou_type"]]
    mean = np.array([rule.yearly_yuan[name] / 12 for name in types])[people.codes["hukou_type"]]
    luck = rng.random(people.size)
    # The mean of a lognormal lies above its median by this factor.
    usual = mean * np.exp(rng.standard_normal(people.size) * rule.spread - rule.spread**2 / 2)
    yuan = np.maximum(usual, line * rule.low_income_multiple + 1)
    low = people.codes["low_income_family"] == 1
    yuan[low] = (line * (1 + (rule.low_income_multiple - 1) * luck))[low]
    poor = (people.codes["dibao"] == 1) | (people.codes["tekun"] != plan.code("tekun", "none"))
    yuan[poor] = (line * luck)[poor]
    people.money["income_per_capita_month"] = yuan.astype(np.int64) * FEN


def _draw_gaps(plan: Plan, people: People, rng: np.random.Generator) -> None:
    for gap in plan.gaps:
        absent = gap.table.draw(people.codes, people.size, rng) == 1
        for fact in gap.facts:
            people.missing[fact] = people.missing[fact] | absent if fact in people.missing else absent
