"""What the public sees of a case, and what it never sees."""

import dataclasses
import datetime as dt

from songhe.casework.domain.notice import publish
from songhe.casework.domain.steps import withdraw
from songhe.casework.queries.notices import public_notices
from tests.casework.conftest import COUNTY, OTHER_COUNTY, Desk


def test_a_partly_masked_name_the_village_and_the_item(desk: Desk) -> None:
    case = desk.up_to("notice")
    publish(by=desk.staff("mei"), case=case)
    (shown,) = public_notices(below=desk.divisions[COUNTY], day=desk.day)
    assert (shown.name, shown.village, shown.since) == ("王**", "村11", desk.day)
    assert shown.until == dt.date(2026, 3, 9)
    fields = {field.name for field in dataclasses.fields(shown)}
    assert fields == {"case", "name", "village", "matter", "since", "until"}


def test_only_while_it_runs_and_only_there(desk: Desk) -> None:
    case = desk.up_to("notice")
    county, day = desk.divisions[COUNTY], desk.day
    assert public_notices(below=county, day=day) == []
    publish(by=desk.staff("mei"), case=case)
    assert public_notices(below=desk.divisions[OTHER_COUNTY], day=day) == []
    assert public_notices(below=county, day=case.notice_to)
    assert public_notices(below=county, day=case.notice_to + dt.timedelta(days=1)) == []
    withdraw(by=desk.applicant, case=case)
    assert public_notices(below=county, day=day) == []
