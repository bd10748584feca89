"""What can be wrong with a report, said in both languages."""

from __future__ import annotations


class ReportError(ValueError):
    """A step that cannot be made; nothing was written. `zh` and `en` say what is wrong and what to do."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} {en}")
        self.zh, self.en = zh, en
