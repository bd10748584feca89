"""What can be wrong with a division, said in both languages."""

from __future__ import annotations


class DivisionError(ValueError):
    """A change, a code or a file of divisions that cannot be taken; nothing was written.

    `zh` and `en` say what is wrong, where, and what to do.
    """

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} {en}")
        self.zh = zh
        self.en = en
