import pytest
from pydantic import ValidationError

from songhe.payment.errors import PaymentError
from songhe.payment.files.formats import AnswerFormat, TableFormat, answer_format, names, table_format


@pytest.mark.parametrize("name", names())
def test_every_format_can_be_read(name: str) -> None:
    read = answer_format if name.startswith("answer") else table_format
    assert read(name).name.zh


def test_a_format_that_there_is_not_is_told_with_those_that_are() -> None:
    with pytest.raises(PaymentError, match="bank-csv"):
        table_format("../tiers")


def test_totals_of_a_column_that_there_is_not_are_an_error() -> None:
    column = {"title": "序号", "value": "number"}
    name = {"zh": "表", "en": "table"}
    with pytest.raises(ValidationError, match="合计"):
        TableFormat.model_validate(
            {"name": name, "kind": "csv", "encoding": "utf-8", "columns": [column], "totals": {"合计": "lines"}}
        )


def test_an_answer_without_a_result_is_an_error() -> None:
    name = {"zh": "表", "en": "table"}
    with pytest.raises(ValidationError, match="result"):
        AnswerFormat.model_validate(
            {"name": name, "kind": "answer", "encoding": "utf-8", "columns": {"end_to_end": "流水号"}, "results": {}}
        )
