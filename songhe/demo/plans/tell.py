"""The chapters of the plans in their order: what is counted first, then the figures, then the report of them."""

from __future__ import annotations

from songhe.common import clock
from songhe.demo.plans.cast import Cast
from songhe.demo.plans.figures import enter_figures
from songhe.demo.plans.homes import register_homes
from songhe.demo.plans.premises import register_premises
from songhe.demo.plans.report import publish_report
from songhe.demo.plans.tasks import report_tasks


def tell_plans() -> None:
    cast = Cast.found(clock.today())
    register_premises(cast)
    register_homes(cast)
    report_tasks(cast)
    enter_figures(cast)
    publish_report(cast)
