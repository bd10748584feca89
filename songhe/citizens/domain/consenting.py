"""What a person allows the family, said on the person's own pages."""

from __future__ import annotations

from songhe.citizens.domain.sittings import Visit
from songhe.citizens.errors import CodeError
from songhe.citizens.finding import FAMILY_VIEW
from songhe.citizens.words import actor_of
from songhe.common import clock
from songhe.registry.domain.family import record_consent
from songhe.registry.domain.writing import Author
from songhe.registry.queries import consents


def allow_family(*, visit: Visit, given: bool) -> None:
    """The person lets the family see these pages, or no longer. Raises CodeError for anybody else."""
    if visit.kinship is not None:
        raise CodeError("只有老人本人可以同意或收回。", "Only the person can agree to this or take it back.")
    if consents(visit.person).get(FAMILY_VIEW.value, False) == given:
        return
    by = Author(user=None, source="person", actor=actor_of(visit.reader))
    record_consent(by=by, person=visit.person, matter=FAMILY_VIEW, given=given, on=clock.today())
