from django.urls import path

from songhe.console.runs import (
    counties,
    deciding,
    detail,
    differing,
    found,
    listing,
    missing,
    recoveries,
    simulation,
    turned,
    ungranted,
    working,
)
from songhe.entitlement.models import Job

_RUN, _JOB = "runs/<uuid:run_id>/", "runs/jobs/<uuid:job_id>/"
_TRIED = "simulations/<uuid:job_id>/"
urlpatterns = [
    path("runs/", listing.run_list, name="runs"),
    path("runs/new/", listing.new_run, name="run-new"),
    path("recovery-plans/", recoveries.recovery_list, name="recoveries-open"),
    path(_JOB, working.run_job, name="run-job"),
    path(f"{_JOB}again/", working.again, {"kind": Job.Kind.RUN}, name="run-again"),
    path(_RUN, detail.run_page, name="run"),
    path(f"{_RUN}places/", detail.run_places, name="run-places"),
    path(f"{_RUN}answer/", deciding.answer_run, name="run-answer"),
    path(f"{_RUN}accept/", deciding.accept_run, name="run-accept"),
    path(f"{_RUN}withdraw/", deciding.withdraw_run, name="run-withdraw"),
    path(f"{_RUN}offer/", deciding.offer, name="run-offer"),
    path(f"{_RUN}differences/", differing.differences, name="run-differences"),
    path(f"{_RUN}differences.<slug:extension>", differing.download, name="run-differences-file"),
    path(f"{_RUN}ungranted/<str:item>/", ungranted.ungranted, name="run-ungranted"),
    path(f"{_RUN}plan/<uuid:person>/", recoveries.plan, name="run-plan"),
    path("missing/", missing.villages, name="missing"),
    path("missing/<int:division_id>/", missing.village, name="missing-village"),
    path("missing/<int:division_id>/list.<slug:extension>", missing.download, name="missing-file"),
    path("found/", found.people, name="found"),
    path("simulations/", simulation.simulations, name="simulations"),
    path("simulations/new/", simulation.new_simulation, name="simulation-new"),
    path(_TRIED, simulation.simulation, name="simulation"),
    path(f"{_TRIED}counties/<int:division_id>/", counties.county_months, name="simulation-county"),
    path(f"{_TRIED}costs.<slug:extension>", counties.download, name="simulation-file"),
    path(f"{_TRIED}turned.<slug:extension>", turned.download, name="simulation-turned"),
    path(f"{_TRIED}again/", working.again, {"kind": Job.Kind.SIMULATION}, name="simulation-again"),
]
