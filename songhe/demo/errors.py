"""What the demo refuses."""

from __future__ import annotations


class DemoError(Exception):
    """Why there is no demo here, in Chinese and English, and what to do."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} {en}")
        self.zh, self.en = zh, en
