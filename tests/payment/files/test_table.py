import csv
import io

import pytest
from python_calamine import CalamineWorkbook

from songhe.payment.errors import PaymentError
from songhe.payment.files.formats import table_format
from songhe.payment.files.order import Order, Transfer
from songhe.payment.files.table import write_table

ROWS = [
    ["序号", "收款账号", "收款户名", "金额", "用途", "流水号"],
    ["1", "6228480000000001", "王芳", "123.45", "养老服务补贴", "E2E1"],
    ["2", "6228480000000002", "㛃𠅤", "0.01", "养老服务补贴", "E2E2"],
    ["3", "6228480000000003", "'=HYPERLINK(1)&<李>", "100000000.00", "养老服务补贴", "E2E3"],
    ["合计", "3", "", "100000123.46", "", ""],
]


def written(order: Order, name: str) -> bytes:
    target = io.BytesIO()
    write_table(order, table_format(name), target)
    return target.getvalue()


def test_csv_holds_every_transfer_and_the_total_and_nothing_that_runs(order: Order) -> None:
    text = written(order, "bank-csv").decode("gb18030")
    assert list(csv.reader(io.StringIO(text))) == ROWS


def test_xlsx_holds_the_same_as_text(order: Order) -> None:
    book = CalamineWorkbook.from_filelike(io.BytesIO(written(order, "bank-xlsx")))
    assert book.get_sheet_by_index(0).to_python() == ROWS


@pytest.mark.parametrize("name", ["bank-csv", "bank-xlsx"])
def test_a_file_written_again_has_the_same_bytes(order: Order, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    first = written(order, name)
    # Another day in another year: nothing of the clock is in the file.
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    assert written(order, name) == first


def test_a_name_that_the_bank_would_cut_is_refused_with_its_number(order: Order) -> None:
    long = order._replace(transfers=[order.transfers[0], Transfer("E", "王" * 31, "6228480000000001", 1)])
    with pytest.raises(PaymentError, match="Line 2: 收款户名 is longer than 60 bytes") as refusal:
        written(long, "bank-csv")
    assert "王" not in str(refusal.value)


def test_a_character_that_the_encoding_lacks_is_refused_and_not_replaced(order: Order) -> None:
    form = table_format("bank-csv").model_copy(update={"encoding": "gb2312"})
    with pytest.raises(PaymentError, match="Line 2"):
        write_table(order, form, io.BytesIO())
