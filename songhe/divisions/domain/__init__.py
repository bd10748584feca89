"""The only writers of divisions."""

from songhe.divisions.domain.changes import dissolve, found, merge, move, recode, rename, split
from songhe.divisions.domain.load import Loaded, Row, load_divisions
from songhe.divisions.domain.plan import New
from songhe.divisions.errors import DivisionError

__all__ = [
    "DivisionError",
    "Loaded",
    "New",
    "Row",
    "dissolve",
    "found",
    "load_divisions",
    "merge",
    "move",
    "recode",
    "rename",
    "split",
]
