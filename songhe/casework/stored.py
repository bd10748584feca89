"""Procedures as cases keep them: the text of the first day, whatever the file says later."""

from __future__ import annotations

import hashlib
import json

from songhe.casework.models import Case, ProcedureText
from songhe.casework.shapes import Procedure


def keep(procedure: Procedure) -> ProcedureText:
    """The row that holds exactly this procedure, made when it is the first time."""
    content = procedure.model_dump(mode="json", by_alias=True)
    # Sets have no order of their own.
    for step in content["steps"]:
        step["may"] = sorted(step["may"])
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    digest = hashlib.sha256(text.encode()).hexdigest()
    found, _ = ProcedureText.objects.get_or_create(sha256=digest, defaults={"kind": procedure.kind, "content": content})
    return found


def procedure_of(case: Case) -> Procedure:
    """The procedure that a case began under; no query when the case was read with it."""
    return parsed(case.procedure)


def parsed(row: ProcedureText) -> Procedure:
    if row.sha256 not in _PARSED:
        _PARSED[row.sha256] = Procedure.model_validate(row.content)
    return _PARSED[row.sha256]


# There are as many as versions of procedures; a fingerprint never means another text.
_PARSED: dict[str, Procedure] = {}
