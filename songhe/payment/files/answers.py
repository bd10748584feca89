"""Reading the bank's answers: tables by a format, and ISO 20022 payment status reports (pain.002)."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator
from typing import NamedTuple
from xml.etree import ElementTree

from songhe.common.spreadsheet import plain_cell
from songhe.payment.domain.answering import BOUNCED, PAID, BankAnswer
from songhe.payment.errors import PaymentError
from songhe.payment.files.formats import AnswerFormat
from songhe.payment.files.order import parse_yuan

# Settled, and rejected. Everything else (received, pending, accepted for now) is no answer yet.
_STATUS = {"ACSC": PAID, "ACCC": PAID, "RJCT": BOUNCED}


class AnswersRead(NamedTuple):
    """Answers, the SHA-256 of the file, and how many rows were no final answer yet."""

    answers: list[BankAnswer]
    digest: str
    pending: int = 0


def read_table(content: bytes, form: AnswerFormat) -> AnswersRead:
    """Raises PaymentError, naming the row, for a column or a word that the format does not know."""
    try:
        text = content.decode("utf-8-sig" if form.encoding.startswith("utf-8") else form.encoding)
    except UnicodeDecodeError:
        raise PaymentError(f"文件不是{form.encoding}编码。", f"The file is not in {form.encoding}.") from None
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=form.delimiter, strict=True)
    if lacking := [title for title in form.columns.values() if title not in (rows.fieldnames or ())]:
        raise PaymentError(f"缺少列：{'、'.join(lacking)}。", "Columns are missing.")
    try:
        return AnswersRead(list(_answers(rows, form)), _digest(content))
    except csv.Error:
        raise PaymentError(f"第{rows.line_num}行不是表格。", f"Row {rows.line_num} is no table.") from None


def _answers(rows: csv.DictReader[str], form: AnswerFormat) -> Iterator[BankAnswer]:
    first = (rows.fieldnames or [""])[0]
    for row in rows:
        if (row.get(first) or "").strip() in form.skip:
            continue
        cells = {what: plain_cell((row.get(title) or "").strip()) for what, title in form.columns.items()}
        outcome = form.results.get(cells["result"])
        if outcome is None:
            raise PaymentError(
                f"第{rows.line_num}行的结果不在格式文件中。", f"Row {rows.line_num}: a result that the format lacks."
            )
        sum_ = _sum(cells.get("yuan"), rows.line_num)
        yield BankAnswer(cells["end_to_end"], outcome, sum_, *_why(cells), rows.line_num)


def _why(cells: dict[str, str]) -> tuple[str, str]:
    return cells.get("code", ""), cells.get("reason", "")


def _sum(text: str | None, row: int) -> int | None:
    if not text:
        return None
    try:
        return parse_yuan(text)
    except ValueError:
        raise PaymentError(f"第{row}行的金额有误。", f"Row {row}: the sum is not one.") from None


def read_pain002(content: bytes) -> AnswersRead:
    """The transactions of a status report of any version that have a final status. Raises PaymentError.

    What the report says of the group as a whole answers no line: each transfer must be named.
    """
    # No report needs a document type; entities in one could blow up or read files.
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise PaymentError("回单含有文档类型声明，不予读取。", "A report with a document type is not read.")
    try:
        root = ElementTree.fromstring(content)
    except ElementTree.ParseError:
        raise PaymentError("回单不是有效的 XML。", "The report is not XML.") from None
    if not any(_local(one) == "CstmrPmtStsRpt" for one in root):
        raise PaymentError("不是 pain.002 回单。", "It is no pain.002 report.")
    reported = (one for one in root.iter() if _local(one) == "TxInfAndSts")
    found = [_status(number, one) for number, one in enumerate(reported, 1)]
    answers = [answer for answer in found if answer is not None]
    return AnswersRead(answers, _digest(content), len(found) - len(answers))


def _status(number: int, transaction: ElementTree.Element) -> BankAnswer | None:
    texts = {_local(one): (one.text or "").strip() for one in transaction.iter()}
    outcome = _STATUS.get(texts.get("TxSts", ""))
    if outcome is None:
        return None
    amount = texts.get("InstdAmt")
    return BankAnswer(
        texts.get("OrgnlEndToEndId", ""),
        outcome,
        _sum(amount, 0) if amount else None,
        texts.get("Cd", texts.get("Prtry", "")) if outcome == BOUNCED else "",
        texts.get("AddtlInf", "") if outcome == BOUNCED else "",
        number,
    )


def _local(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
