"""Reading rows by the hundred thousand: as they are, and errors as everybody waits for them."""

import pyarrow as pa
import pytest
from django.db import Error

from songhe.entitlement.reading import fetched

SCHEMA = pa.schema([("id", pa.int64()), ("name", pa.string())])


def test_rows_come_with_the_columns_asked_for(db: None) -> None:
    assert fetched("SELECT 1, 'a' UNION ALL SELECT 2, NULL", [], SCHEMA).to_pylist() == [
        {"id": 1, "name": "a"},
        {"id": 2, "name": None},
    ]
    assert fetched("SELECT 1, 'a' WHERE 1 = 0", [], SCHEMA).num_rows == 0


def test_what_goes_wrong_in_the_database_is_said_as_by_every_other_statement(db: None) -> None:
    with pytest.raises(Error):
        fetched("SELECT id, name FROM nowhere", [], SCHEMA)
