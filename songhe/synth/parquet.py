"""Writing people to Parquet, the same bytes for the same people."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from songhe.synth.people import People
from songhe.synth.plan import Plan
from songhe.synth.vocabulary import Fact

# Codes are handed over as dictionaries; in the file they are plain strings.
TYPES = {
    "date": pa.date32(),
    "bool": pa.bool_(),
    "int": pa.int64(),
    "money": pa.int64(),
    "decimal": pa.decimal128(18, 2),
    "code": pa.dictionary(pa.int8(), pa.string()),
    "division": pa.dictionary(pa.int16(), pa.string()),
}
IDENTITY = ("id", "name", "resident_id")
UNIQUE = {"id", "resident_id"}


class PeopleFile:
    """A Parquet file that appears under its name only when it is complete; one row group per chunk."""

    def __init__(self, plan: Plan, output: Path) -> None:
        self._plan = plan
        self._output = output
        self._unfinished = output.with_name(output.name + ".part")
        identity = [pa.field(name, pa.string(), nullable=False) for name in IDENTITY]
        self._schema = pa.schema(identity + [pa.field(fact.name, TYPES[fact.type]) for fact in plan.facts])
        # Without the stored Arrow schema every reader sees strings where we hand over dictionaries.
        self._writer = pq.ParquetWriter(
            self._unfinished,
            self._schema,
            compression="zstd",
            store_schema=False,
            use_dictionary=[name for name in self._schema.names if name not in UNIQUE],
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._writer.close()
        if kind is None:
            self._unfinished.replace(self._output)
        else:
            self._unfinished.unlink()

    def write(self, people: People, identity: dict[str, pa.Array]) -> None:
        """One chunk as one row group; `identity` holds the columns that are no facts."""
        columns = [identity[name] for name in IDENTITY] + [
            _column(self._plan, people, fact) for fact in self._plan.facts
        ]
        table = pa.Table.from_arrays(columns, schema=self._schema)
        self._writer.write_table(table, row_group_size=people.size)


def _column(plan: Plan, people: People, fact: Fact) -> pa.Array:
    """A fact's column; a fact that the city's data knows nothing of is unknown for everybody."""
    mask = people.missing.get(fact.name)
    kind = TYPES[fact.type]
    if fact.name in people.days:
        return pa.array(people.days[fact.name], kind, mask=mask)
    if fact.name in people.money:
        return pa.array(people.money[fact.name], kind, mask=mask)
    if fact.name in people.divisions:
        places = pa.array(people.divisions[fact.name].astype(np.int16), mask=mask)
        return pa.DictionaryArray.from_arrays(places, pa.array(plan.divisions))
    if fact.name not in people.codes:
        return pa.nulls(people.size, kind)
    if fact.type == "bool":
        return pa.array(people.codes[fact.name].astype(np.bool_), kind, mask=mask)
    codes = pa.array(people.codes[fact.name], mask=mask)
    return pa.DictionaryArray.from_arrays(codes, pa.array(plan.levels[fact.name]))
