"""The twelve benefits in OpenFisca: a country package in code, its figures read from rules12/parameters.yaml.

Runs in an environment that has openfisca-core, and imports nothing of Songhe. Every benefit is one monthly
variable, its amount in fen; whoever has an amount is entitled. An unknown fact makes a condition false: there
is no third value, and the months undetermined are not computed here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from openfisca_core.periods import DateUnit
from openfisca_core.populations import Population
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

from bench.openfisca_data import CENTRAL, INPUTS, PERSON, read_parameters

MONTHS = [f"{year}-{month:02d}" for year in (2024, 2025, 2026) for month in range(1, 13)]
Array = np.ndarray[Any, Any]


def monthly(kind: type) -> Callable[[type[Variable]], type[Variable]]:
    """A variable of that type for every person and month."""

    def fill(variable: type[Variable]) -> type[Variable]:
        variable.value_type, variable.entity, variable.definition_period = kind, PERSON, DateUnit.MONTH
        return variable

    return fill


def last_day(period: Any) -> np.datetime64:
    return np.datetime64(str(period.stop), "D")


@monthly(bool)
class alive(Variable):
    def formula(person: Population, period: Any) -> Array:
        death = person("death_date", period)
        return np.where(np.isnat(death), person("recorded_alive", period) == 1, death > last_day(period))


class birth_number(Variable):
    """The birth date as the number yyyymmdd; an unknown one lies in the far future."""

    value_type, entity, definition_period = int, PERSON, DateUnit.ETERNITY

    def formula(person: Population, period: Any) -> Array:
        year, month, day = _parts(person("birth_date", period))
        return np.where(np.isnat(person("birth_date", period)), 99999999, year * 10000 + month * 100 + day)


def _parts(dates: Array) -> tuple[Array, Array, Array]:
    """Year, month and day, as OpenFisca's country template works them out."""
    month = dates.astype("datetime64[M]")
    year = dates.astype("datetime64[Y]").astype(int) + 1970
    return year, month.astype(int) % 12 + 1, (dates - month + 1).astype(int)


def age_by_number(person: Population, period: Any) -> Array:
    """Completed years on the last day of the month: one subtraction and one division."""
    today = period.stop.year * 10000 + period.stop.month * 100 + period.stop.day
    return (np.int32(today) - person("birth_number", period)) // np.int32(10000)


def age_by_template(person: Population, period: Any) -> Array:
    """The same by the formula of OpenFisca's country template, which most packages carry on."""
    year, month, day = _parts(person("birth_date", period))
    is_past = (month < period.stop.month) + (month == period.stop.month) * (day <= period.stop.day)
    years = (period.stop.year - year) - np.where(is_past, 0, 1)
    return np.where(np.isnat(person("birth_date", period)), -1, years)


def make_age(formula: Callable[[Population, Any], Array]) -> type[Variable]:
    return monthly(int)(type("age", (Variable,), {"formula": formula}))


AGES = {"template": age_by_template, "tuned": age_by_number}


@monthly(bool)
class local(Variable):
    """Registered in the city by the end of the month; without a date, taken as always there."""

    def formula(person: Population, period: Any) -> Array:
        since = person("hukou_since", period)
        return (person("hukou_here", period) == 1) & (np.isnat(since) | (since <= last_day(period)))


@monthly(bool)
class low_income(Variable):
    def formula(person: Population, period: Any, parameters: Any) -> Array:
        income, kind, p = person("income", period), person("hukou_type", period), parameters(period)
        return ((kind == 1) & (income < p.urban_line)) | ((kind == 2) & (income < p.rural_line))


@monthly(bool)
class certified(Variable):
    """Disabled, with a certificate that is valid on the last day of the month."""

    def formula(person: Population, period: Any) -> Array:
        start, end, holds = (person(f"certificate{name}", period) for name in ("_from", "_to", ""))
        has = (holds == 1) | ((holds == -1) & ~np.isnat(end))
        valid = (start <= last_day(period)) & (end >= last_day(period))
        return (person("disability_grade", period) >= 1) & has & valid


def share(money: int, percent: int) -> int:
    """A percentage in basis points of a sum in fen, half a fen rounded up."""
    return (money * percent + 5000) // 10000


@monthly(int)
class r01(Variable):
    def formula(person: Population, period: Any, parameters: Any) -> Array:
        p, years = parameters(period), person("age", period)
        due = person("alive", period) & person("local", period) & (years >= p.allowance_age)
        tier = np.where(years >= 100, p.allowance_100, np.where(years >= 90, p.allowance_90, p.allowance_basic))
        return due * tier


@monthly(int)
class r02(Variable):
    def formula(person: Population, period: Any, parameters: Any) -> Array:
        p = parameters(period)
        due = person("alive", period) & (person("age", period) >= p.uplift_age) & (person("dibao", period) == 1)
        return due * share(p.dibao_standard, p.uplift_rate)


@monthly(int)
class r03(Variable):
    def formula(person: Population, period: Any, parameters: Any) -> Array:
        p = parameters(period)
        due = person("alive", period) & person("local", period) & (person("age", period) >= p.care_age)
        poor = person("low_income", period) & (person("dibao", period) == 0) & (person("tekun", period) == 0)
        return (due & poor) * p.care_subsidy


@monthly(int)
class r04(Variable):
    def formula(person: Population, period: Any, parameters: Any) -> Array:
        tekun = person("tekun", period)
        at_home = (tekun > 0) & (tekun != CENTRAL)
        return (person("alive", period) & (person("age", period) >= 60) & at_home) * parameters(period).tekun_care


@monthly(int)
class r05(Variable):
    def formula(person: Population, period: Any, parameters: Any) -> Array:
        p = parameters(period)
        due = person("alive", period) & (person("age", period) >= 60) & (person("tekun", period) == CENTRAL)
        return due * share(p.dibao_standard, p.central_rate)


@monthly(int)
class r06(Variable):
    def formula(person: Population, period: Any, parameters: Any) -> Array:
        p = parameters(period)
        family = (person("dibao", period) == 1) | (person("low_income_family", period) == 1)
        poor = family | (person("income", period) < p.hardship_line)
        return (person("alive", period) & person("certified", period) & poor) * p.disability_living


@monthly(int)
class r07(Variable):
    def formula(person: Population, period: Any, parameters: Any) -> Array:
        severe = (person("disability_grade", period) <= 2) & (person("needs_long_term_care", period) == 1)
        return (person("alive", period) & person("certified", period) & severe) * parameters(period).nursing_subsidy


@monthly(int)
class r08(Variable):
    def formula(person: Population, period: Any, parameters: Any) -> Array:
        p, living = parameters(period), person("living", period)
        lost = (person("ability", period) >= 3) | (person("dementia", period) == 1)
        poor = (person("dibao", period) == 1) | (person("tekun", period) > 0) | person("low_income", period)
        due = person("alive", period) & (person("age", period) >= p.disabled_age) & lost & poor
        return (due & (living >= 0) & (living != 4)) * p.disabled_care


@monthly(int)
class r09(Variable):
    def formula(person: Population, period: Any, parameters: Any) -> Array:
        p, years = parameters(period), person("age", period)
        low = (years >= p.meal_age) & (person("income", period) < p.meal_income_line)
        supported = (years >= 60) & ((person("dibao", period) == 1) | (person("tekun", period) > 0))
        alone = (years >= p.visit_age) & (person("living", period) == 1)
        return (person("alive", period) & person("local", period) & (low | supported | alone)) * p.meal_subsidy


@monthly(int)
class r10(Variable):
    def formula(person: Population, period: Any, parameters: Any) -> Array:
        p, living = parameters(period), person("living", period)
        without_children = (living >= 1) & (living <= 3)
        return (person("alive", period) & (person("age", period) >= p.visit_age) & without_children) * p.visit_subsidy


@monthly(int)
class r11(Variable):
    def formula(person: Population, period: Any, parameters: Any) -> Array:
        p = parameters(period)
        settled = person("hukou_since", period) <= np.datetime64(p.settled_by, "D")
        due = person("alive", period) & (person("age", period) >= 60) & (person("hukou_here", period) == 1)
        return (due & (person("special_family", period) == 1) & settled) * p.special_family_support


@monthly(int)
class r12(Variable):
    def formula(person: Population, period: Any, parameters: Any) -> Array:
        p, tekun = parameters(period), person("tekun", period)
        complete = (person("ability", period) == 5) & (person("needs_home_care", period) == 1)
        unable = (person("self_care_unable", period) == 1) | complete
        due = person("alive", period) & (person("age", period) >= p.respite_age) & unable
        poor = person("income", period) < p.respite_income_line
        return (due & (tekun >= 0) & (tekun != CENTRAL) & poor) * p.respite_subsidy


BENEFITS = (r01, r02, r03, r04, r05, r06, r07, r08, r09, r10, r11, r12)
SHARED = (alive, birth_number, local, low_income, certified)


def country(ages: str) -> TaxBenefitSystem:
    system = TaxBenefitSystem([PERSON])
    system.add_variables(*INPUTS, *SHARED, make_age(AGES[ages]), *BENEFITS)
    system.parameters = read_parameters()
    return system
