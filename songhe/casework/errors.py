"""What can be wrong with an act in a case, said in Chinese first; nothing was written when one of these is raised."""

from __future__ import annotations

from songhe.common.text import Text


class CaseError(ValueError):
    """`text` says what was wrong and what to do, in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} {en}")
        self.text = Text(zh=zh, en=en)


class NotAllowed(CaseError):
    """The procedure does not allow this where the case stands now."""


class CaseMoved(CaseError):
    """Somebody else was there first: the case no longer stands where it was read."""


class SamePerson(CaseError):
    """Two different people make and check: this one already had another duty in the case."""


class ThereAlready(CaseError):
    """The person needs no new case about the item: there is one, which `public_id` names."""

    def __init__(self, zh: str, en: str, public_id: str) -> None:
        super().__init__(zh, en)
        self.public_id = public_id


class OpenAlready(ThereAlready):
    """The person has an open case about the same item."""

    def __init__(self, public_id: str) -> None:
        super().__init__(
            f"该老年人此事项已有未办结的件 {public_id}，请在原件上办理。",
            f"There is an open case {public_id} of this person and item: go on with that one.",
            public_id,
        )


class GrantedAlready(ThereAlready):
    """The person was granted the item, and nothing has ended that: another application could only end it."""

    def __init__(self, public_id: str) -> None:
        super().__init__(
            f"该老年人已享受此事项，由办件 {public_id} 批准，不用再申请。",
            f"The person has the item already, granted by case {public_id}: there is nothing to apply for.",
            public_id,
        )


class KeyReused(CaseError):
    """A request key was used before for something else."""


class Incomplete(CaseError):
    """Something that must be said was not: a reason, a clause, the way to appeal."""
