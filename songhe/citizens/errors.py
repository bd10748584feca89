"""What can be wrong with a code, said in Chinese first; nothing was written when this is raised."""

from __future__ import annotations


class CodeError(ValueError):
    """`zh` and `en` say what was wrong and what to do."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} {en}")
        self.zh = zh
        self.en = en
