"""What follows from a decision besides its own case: an appeal that is upheld has the matter handled anew."""

from __future__ import annotations

from songhe.casework.domain.acting import SYSTEM, Actor, Held
from songhe.casework.domain.opening import Matter, create
from songhe.casework.errors import OpenAlready
from songhe.casework.models import Act, Case, How, Kind


def follow(held: Held) -> None:
    """After an act of a decision, in its transaction."""
    case = held.case
    decided_now = case.outcome == "granted" and held.procedure.step(case.step).kind == "inform"
    if case.kind == Kind.APPEAL and decided_now and case.about is not None:
        _handle_anew(held, case.about)


def _handle_anew(held: Held, first: Case) -> None:
    """A case of the same matter, without a form; where one is open already, that one goes on."""
    matter = Matter(
        kind=first.kind,
        person=first.person and (first.person.merged_into or first.person),
        subject=(first.subject_kind, first.subject_id),
        package=first.package,
        item=first.item,
        how=How.SYSTEM,
        about=held.case,
        division=first.division,
    )
    try:
        _, line = create(by=Actor(party=SYSTEM.party, at=held.by.at), matter=matter, verb=Act.Verb.OFFERED)
    except OpenAlready:
        return
    held.lines.append(line)
