"""Two files as a page shows them: in the queue in a line, side by side fact by fact."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from songhe.common.text import Text, say
from songhe.console.places import names_of
from songhe.linkage.models import Candidate
from songhe.linkage.queries import Line, compare_files
from songhe.linkage.rules import WORDS, Rule
from songhe.registry.models import CurrentPerson
from songhe.registry.queries import Resolved
from songhe.registry.words import in_words, source_name

_STATES = {
    "equal": say("相同", "equal"),
    "different": say("不同", "different"),
    "only_one": say("仅甲档", "A only"),
    "only_other": say("仅乙档", "B only"),
}


@dataclass(frozen=True)
class Who:
    """Who somebody is, in a few words, as known today."""

    name: str
    sex: Text
    birth: str
    place: str


@dataclass(frozen=True)
class Row:
    candidate: Candidate
    why: Text
    score: str
    one: Who
    other: Who


def rows(candidates: Iterable[Candidate]) -> list[Row]:
    """With as many queries for one as for many: `candidates` bring `one` and `other` along."""
    shown = list(candidates)
    current = _current_of(shown)
    places = names_of(one.residence_division_id for one in current.values())
    return [
        Row(one, why(one), _score(one), _who(one.one_id, current, places), _who(one.other_id, current, places))
        for one in shown
    ]


def _current_of(candidates: Iterable[Candidate]) -> dict[int, CurrentPerson]:
    """By the id of each file the row that stands for it: of a file merged away, the survivor's."""
    stands = {one.pk: one.merged_into_id or one.pk for pair in candidates for one in (pair.one, pair.other)}
    found = CurrentPerson.objects.in_bulk(set(stands.values()))
    return {file: found[survivor] for file, survivor in stands.items() if survivor in found}


def _who(file: int, current: Mapping[int, CurrentPerson], places: Mapping[int, str]) -> Who:
    row = current.get(file)
    if row is None:
        return Who("—", in_words("sex", None), "—", "—")
    birth = "—" if row.birth_date is None else row.birth_date.isoformat()
    return Who(row.name or "—", in_words("sex", row.sex), birth, places.get(row.residence_division_id, "—"))


def why(candidate: Candidate) -> Text:
    return WORDS[Rule(candidate.rule)]


def _score(candidate: Candidate) -> str:
    # Cut, not rounded: nothing that is not certain reads as 100%.
    return "" if candidate.score is None else f"{int(candidate.score * 1000) / 10:.1f}%"


@dataclass(frozen=True)
class Side:
    value: Text
    source: Text
    recorded: str


@dataclass(frozen=True)
class Compared:
    label: Text
    state: str
    state_text: Text
    one: Side | None
    other: Side | None


def side_by_side(candidate: Candidate) -> list[Compared]:
    return [_compared(line) for line in compare_files(candidate)]


def _compared(line: Line) -> Compared:
    one, other = _side(line.fact, line.one), _side(line.fact, line.other)
    return Compared(line.label, line.state, _STATES[line.state], one, other)


def _side(fact: str, known: Resolved | None) -> Side | None:
    if known is None:
        return None
    return Side(in_words(fact, known.value), source_name(known.source), known.recorded_at.date().isoformat())
