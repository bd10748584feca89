"""The console's addresses, area by area."""

from django.urls import URLPattern

from songhe.console.audit.urls import urlpatterns as audit
from songhe.console.cases.urls import urlpatterns as cases
from songhe.console.cockpit.urls import urlpatterns as cockpit
from songhe.console.conflicts.urls import urlpatterns as conflicts
from songhe.console.divisions.urls import urlpatterns as divisions
from songhe.console.duplicates.urls import urlpatterns as duplicates
from songhe.console.facilities.urls import urlpatterns as facilities
from songhe.console.home.urls import urlpatterns as home
from songhe.console.imports.urls import urlpatterns as imports
from songhe.console.indicators.urls import urlpatterns as indicators
from songhe.console.organisations.urls import urlpatterns as organisations
from songhe.console.payments.urls import urlpatterns as payments
from songhe.console.people.urls import urlpatterns as people
from songhe.console.plan.urls import urlpatterns as plan
from songhe.console.quality.urls import urlpatterns as quality
from songhe.console.register.urls import urlpatterns as register
from songhe.console.reports.urls import urlpatterns as reports
from songhe.console.runs.urls import urlpatterns as runs
from songhe.console.session.urls import urlpatterns as session
from songhe.console.users.urls import urlpatterns as users

app_name = "console"
urlpatterns: list[URLPattern] = [
    *home,
    *cockpit,
    *session,
    *register,
    *people,
    *cases,
    *payments,
    *conflicts,
    *audit,
    *divisions,
    *duplicates,
    *facilities,
    *imports,
    *indicators,
    *organisations,
    *plan,
    *quality,
    *reports,
    *runs,
    *users,
]
