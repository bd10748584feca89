"""What a chart shows: figures with the words beside them, and nothing of how they are drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from songhe.common.text import Text, say

Number = int | float | Fraction
Label = Text | str


class State(StrEnum):
    """What a figure answers; PLAIN where nothing is asked of it."""

    PLAIN = "plain"
    MET = "met"
    NOT_MET = "not_met"
    UNDETERMINED = "undetermined"


STATES = {
    State.PLAIN: say("不考核", "not judged"),
    State.MET: say("达到", "met"),
    State.NOT_MET: say("未达到", "not met"),
    State.UNDETERMINED: say("不能断定", "undetermined"),
}
SIGNS = {State.PLAIN: "•", State.MET: "✓", State.NOT_MET: "✗", State.UNDETERMINED: "?"}


@dataclass(frozen=True)
class Mark:
    """One figure: its label, value (None: not known) and the value as people read it.

    `step` is a class of values, 1 (lowest) to 5, where tiles are coloured by value and not by answer; `key` is what a
    map finds a tile by.
    """

    label: Label
    value: Number | None
    text: Label = ""
    state: State = State.PLAIN
    note: Label = ""
    href: str = ""
    step: int = 0
    key: str = ""


@dataclass(frozen=True)
class Band:
    """A pair of figures of one row, such as women and men of an age; None: not known."""

    label: Label
    left: int | None
    right: int | None


@dataclass(frozen=True, kw_only=True)
class Chart:
    """`name` is the only one of the page, letters, digits and dashes; `about` says in a sentence what is to be seen.

    `column` heads the first column of the table behind, `value` the second.
    """

    name: str
    title: Label
    about: Label = ""
    column: Label = field(default_factory=lambda: say("项目", "Item"))
    value: Label = field(default_factory=lambda: say("数值", "Value"))


@dataclass(frozen=True, kw_only=True)
class Trend(Chart):
    """A line from month to month; `targets` are lines across it. `unit` stands behind the numbers of the axis."""

    marks: Sequence[Mark]
    targets: Sequence[Mark] = ()
    unit: str = ""


@dataclass(frozen=True, kw_only=True)
class Bars(Chart):
    """A bar for each mark, from zero on."""

    marks: Sequence[Mark]
    targets: Sequence[Mark] = ()


@dataclass(frozen=True, kw_only=True)
class Pyramid(Chart):
    """Bands one upon the other, the last one on top; two sides."""

    bands: Sequence[Band]
    sides: tuple[Label, Label]


@dataclass(frozen=True, kw_only=True)
class Shares(Chart):
    """Parts of a whole, in one bar."""

    marks: Sequence[Mark]


@dataclass(frozen=True, kw_only=True)
class Spark(Chart):
    """A small line without axes for a row of a table; its figures are read out, and stand on the page it leads to."""

    marks: Sequence[Mark]
    target: Number | None = None


@dataclass(frozen=True, kw_only=True)
class Tiles(Chart):
    """A tile for each place, in the order given: a map for which no borders are needed."""

    marks: Sequence[Mark]


def written(value: Number | None) -> str:
    """A number for people: `12,345`, `0.75`; a dash for none. Cut after two places, never rounded up."""
    if value is None:
        return "—"
    hundredths = int(Fraction(value) * 100)
    sign, hundredths = ("-", -hundredths) if hundredths < 0 else ("", hundredths)
    whole, rest = divmod(hundredths, 100)
    return f"{sign}{whole:,}.{rest:02d}".rstrip("0").rstrip(".") if rest else f"{sign}{whole:,}"


def cut_percent(part: Number, whole: Number) -> str:
    """`33.3%`: cut, never rounded up, so that 100% is all; a dash of nothing."""
    if not whole:
        return "—"
    tenths = int(Fraction(part) * 1000 / Fraction(whole))
    return f"{tenths // 10}.{tenths % 10}%"


def text_of(mark: Mark) -> Label:
    return mark.text or written(mark.value)
