"""What can be wrong with a run, said in both languages."""

from __future__ import annotations


class RunError(ValueError):
    """A run, an answer or a plan that cannot be; nothing was written. `zh` and `en` say what is wrong."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} {en}")
        self.zh, self.en = zh, en
