"""What can be wrong with a rule."""

from __future__ import annotations


class RuleError(ValueError):
    """A rule that must not run: what is wrong and how to mend it, with the place inside the condition."""

    def __init__(self, what: str, mend: str, path: tuple[str | int, ...] = ()) -> None:
        super().__init__(f"{what}; {mend}")
        self.what = what
        self.mend = mend
        self.path = path

    def below(self, path: tuple[str | int, ...]) -> RuleError:
        """The same error, seen from further up the tree."""
        return RuleError(self.what, self.mend, path + self.path)
