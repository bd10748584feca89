"""What the OpenFisca package reads: the facts as input variables, the parameters as dated values."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import yaml
from openfisca_core.entities import build_entity
from openfisca_core.parameters import ParameterNode
from openfisca_core.periods import DateUnit
from openfisca_core.variables import Variable

PARAMETERS = Path(__file__).with_name("rules12") / "parameters.yaml"
PERSON = build_entity(key="person", plural="persons", label="An older person", is_person=True)
CITY, LARGER = "640381", ("64", "6403")
NO_INCOME = np.int32(2**31 - 1)
CENTRAL = 3
# Codes as numbers, -1 for unknown; the order is used by comparisons in the formulas.
CODES = {
    "hukou_type": ("hukou_type", ("", "urban", "rural")),
    "tekun": ("tekun", ("none", "scattered", "undecided", "central")),
    "living": (
        "living",
        ("with_children", "alone", "empty_nest_couple", "left_behind", "institution", "homeless"),
    ),
    "disability_grade": ("disability_grade", ("none", "1", "2", "3", "4")),
    "ability": ("ability", ("", "intact", "mild", "moderate", "severe", "complete")),
}
FLAGS = {
    "recorded_alive": "alive",
    "dibao": "dibao",
    "low_income_family": "low_income_family",
    "certificate": "disability_certificate",
    "needs_long_term_care": "needs_long_term_care",
    "dementia": "dementia",
    "special_family": "special_family",
    "self_care_unable": "self_care_unable_recognised",
    "needs_home_care": "needs_home_care",
}
DATES = {
    "birth_date": "birth_date",
    "death_date": "death_date",
    "hukou_since": "hukou_since",
    "certificate_from": "disability_certificate_from",
    "certificate_to": "disability_certificate_to",
}


def _input(name: str, kind: type) -> type[Variable]:
    body = {"value_type": kind, "entity": PERSON, "definition_period": DateUnit.ETERNITY}
    return type(name, (Variable,), body)


INPUTS = (
    *(_input(name, int) for name in (*CODES, *FLAGS, "hukou_here", "income")),
    *(_input(name, dt.date) for name in DATES),
)


def read_facts(population: Path) -> tuple[Any, dict[str, np.ndarray[Any, Any]]]:
    """The ids and every input variable as an array."""
    columns = [column for column, _ in CODES.values()]
    read = ["id", "hukou", "income_per_capita_month", *columns, *FLAGS.values(), *DATES.values()]
    table = pq.read_table(population, columns=read, read_dictionary=[*columns, "hukou"])
    facts = {name: _codes(table[column], values) for name, (column, values) in CODES.items()}
    facts |= {name: _flag(table[column]) for name, column in FLAGS.items()}
    facts |= {name: table[column].to_numpy() for name, column in DATES.items()}
    facts["income"] = table["income_per_capita_month"].fill_null(int(NO_INCOME)).to_numpy().astype(np.int32)
    facts["hukou_here"] = _places(table["hukou"])
    return table["id"], facts


def _flag(column: Any) -> np.ndarray[Any, Any]:
    return column.cast("int32").fill_null(-1).to_numpy()


def _codes(column: Any, values: tuple[str, ...]) -> np.ndarray[Any, Any]:
    return _translate(column, {value: number for number, value in enumerate(values)}.__getitem__)


def _places(column: Any) -> np.ndarray[Any, Any]:
    """1 in the city, 0 elsewhere, -1 where the place is larger than the city and may hold it."""
    return _translate(column, lambda code: 1 if code.startswith(CITY) else -1 if code.rstrip("0") in LARGER else 0)


def _translate(column: Any, number: Any) -> np.ndarray[Any, Any]:
    parts = []
    for chunk in column.chunks:
        table = np.array([number(value) for value in chunk.dictionary.to_pylist()] + [-1], np.int32)
        parts.append(table[chunk.indices.fill_null(len(table) - 1).to_numpy()])
    return np.concatenate(parts)


def read_parameters() -> ParameterNode:
    """The twenty-eight figures: money in fen, percentages in basis points, ages and dates as they are."""
    raw = yaml.safe_load(PARAMETERS.read_text(encoding="utf-8"))
    data = {
        entry["id"]: {"values": {str(dated["from"]): {"value": _value(dated["value"])} for dated in entry["values"]}}
        for entry in raw
    }
    return ParameterNode("", data=data)


def _value(raw: int | str) -> int | str:
    text = str(raw)
    if text.endswith(("元", "%")):
        return int(text[:-1]) * 100
    return raw
