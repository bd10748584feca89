import pytest

from songhe.payment.domain.answering import BOUNCED, PAID, BankAnswer
from songhe.payment.errors import PaymentError
from songhe.payment.files.answers import read_pain002, read_table
from songhe.payment.files.formats import answer_format

FORM = answer_format("answer-csv")
HEADER = "流水号,结果,金额,代码,原因\r\n"


def table(*rows: str) -> bytes:
    return (HEADER + "".join(f"{row}\r\n" for row in rows)).encode("gb18030")


def test_a_table_is_read_by_its_format_and_its_total_is_no_answer() -> None:
    read = read_table(table("E1,成功,123.45,,", "E2,退汇,0.01,AC01,户名不符", "合计,,123.46,,"), FORM)
    assert read.answers == [
        BankAnswer("E1", PAID, 12_345, row=2),
        BankAnswer("E2", BOUNCED, 1, "AC01", "户名不符", 3),
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (table("E1,也许,1.00,,"), "Row 2: a result"),
        (table("E1,成功,1.001,,"), "Row 2: the sum"),
        ("流水号,结果\r\n".encode("gb18030"), "Columns are missing"),
        (b"\xff\xff\xff", "not in gb18030"),
    ],
)
def test_what_the_format_does_not_know_is_refused_with_its_row(content: bytes, message: str) -> None:
    with pytest.raises(PaymentError, match=message):
        read_table(content, FORM)


def test_files_are_known_by_their_content() -> None:
    first, second = table("E1,成功,1.00,,"), table("E1,成功,1.00,, ")
    assert read_table(first, FORM).digest == read_table(first, FORM).digest != read_table(second, FORM).digest


def report(*transactions: str, version: str = "10") -> bytes:
    return (
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.{version}"><CstmrPmtStsRpt>'
        "<OrgnlGrpInfAndSts><OrgnlMsgId>M</OrgnlMsgId><GrpSts>PART</GrpSts></OrgnlGrpInfAndSts>"
        f"<OrgnlPmtInfAndSts>{''.join(transactions)}</OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>"
    ).encode()


def transaction(id: str, status: str, more: str = "") -> str:
    return f"<TxInfAndSts><OrgnlEndToEndId>{id}</OrgnlEndToEndId><TxSts>{status}</TxSts>{more}</TxInfAndSts>"


@pytest.mark.parametrize("version", ["03", "10"])
def test_a_status_report_answers_each_transfer_that_it_names(version: str) -> None:
    why = "<StsRsnInf><Rsn><Cd>AC04</Cd></Rsn><AddtlInf>账户已销户</AddtlInf></StsRsnInf>"
    amount = '<OrgnlTxRef><Amt><InstdAmt Ccy="CNY">1.50</InstdAmt></Amt></OrgnlTxRef>'
    content = report(transaction("E1", "ACSC", amount), transaction("E2", "RJCT", why), version=version)
    read = read_pain002(content)
    assert read.answers == [
        BankAnswer("E1", PAID, 150, row=1),
        BankAnswer("E2", BOUNCED, None, "AC04", "账户已销户", 2),
    ]


@pytest.mark.parametrize("status", ["ACCP", "ACTC", "PDNG", "RCVD", ""])
def test_what_is_not_settled_is_no_answer_yet(status: str) -> None:
    read = read_pain002(report(transaction("E1", status)))
    assert (read.answers, read.pending) == ([], 1)


def test_a_status_of_the_whole_group_pays_nobody() -> None:
    assert read_pain002(report().replace(b"PART", b"ACSC")).answers == []


@pytest.mark.parametrize(
    "content",
    [
        b"<Document",
        b"<Document><Other/></Document>",
        b'<!DOCTYPE a [<!ENTITY x "y">]><Document><CstmrPmtStsRpt/></Document>',
    ],
)
def test_what_is_no_report_or_brings_entities_is_refused(content: bytes) -> None:
    with pytest.raises(PaymentError):
        read_pain002(content)
