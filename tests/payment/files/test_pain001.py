"""The structure that ISO 20022 asks of a pain.001.001.09, as far as a batch uses it: order, repetition and lengths."""

from __future__ import annotations

import io
import re
from decimal import Decimal
from xml.etree import ElementTree

import pytest

from songhe.payment.errors import PaymentError
from songhe.payment.files.order import Order, Transfer
from songhe.payment.files.pain001 import NAMESPACE, check_pain001, write_pain001

# Element → its parts in the order of the standard; a list's parts may be left out only where marked with "?".
_RULES: dict[str, list[str]] = {
    "Document": ["CstmrCdtTrfInitn"],
    "CstmrCdtTrfInitn": ["GrpHdr", "PmtInf+"],
    "GrpHdr": ["MsgId", "CreDtTm", "NbOfTxs", "CtrlSum?", "InitgPty"],
    "PmtInf": [
        *("PmtInfId", "PmtMtd", "BtchBookg?", "NbOfTxs?", "CtrlSum?", "PmtTpInf?", "ReqdExctnDt"),
        *("Dbtr", "DbtrAcct", "DbtrAgt", "CdtTrfTxInf+"),
    ],
    "PmtTpInf": ["CtgyPurp?"],
    "CtgyPurp": ["Cd"],
    "ReqdExctnDt": ["Dt"],
    "InitgPty": ["Nm?"],
    "Dbtr": ["Nm?"],
    "Cdtr": ["Nm?"],
    "DbtrAcct": ["Id", "Ccy?"],
    "CdtrAcct": ["Id", "Ccy?"],
    "DbtrAgt": ["FinInstnId"],
    "FinInstnId": ["ClrSysMmbId?"],
    "ClrSysMmbId": ["MmbId"],
    "CdtTrfTxInf": ["PmtId", "Amt", "Cdtr?", "CdtrAcct?"],
    "PmtId": ["InstrId?", "EndToEndId"],
    "Amt": ["InstdAmt"],
    "Othr": ["Id"],
}
_TEXTS = {
    "MsgId": r".{1,35}",
    "PmtInfId": r".{1,35}",
    "InstrId": r".{1,35}",
    "EndToEndId": r".{1,35}",
    "CreDtTm": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\+\d\d:\d\d|Z)",
    "Dt": r"\d{4}-\d\d-\d\d",
    "NbOfTxs": r"[0-9]{1,15}",
    "CtrlSum": r"\d{1,16}\.\d{2}",
    "InstdAmt": r"\d{1,16}\.\d{2}",
    "PmtMtd": "TRF",
    "BtchBookg": "true",
    "Nm": r".{1,140}",
    "MmbId": r".{1,35}",
    "Ccy": "CNY",
    "Cd": r".{1,4}",
}


def local(element: ElementTree.Element) -> str:
    assert element.tag.startswith(f"{{{NAMESPACE}}}")
    return element.tag.rpartition("}")[2]


def check(element: ElementTree.Element) -> None:
    name, parts = local(element), [local(part) for part in element]
    if name == "Id":
        # An account's Id holds Othr, and Othr's Id the number.
        assert parts == ["Othr"] or (not parts and re.fullmatch(r".{1,34}", element.text or ""))
    elif name in _RULES:
        pattern = "".join(
            f"({re.escape(rule.rstrip('?+'))} ){rule[-1] if rule[-1] in '?+' else ''}" for rule in _RULES[name]
        )
        assert re.fullmatch(pattern, "".join(f"{part} " for part in parts)), (name, parts)
    else:
        assert not parts
        assert re.fullmatch(_TEXTS[name], element.text or ""), name
    for part in element:
        check(part)


def written(order: Order) -> bytes:
    target = io.BytesIO()
    write_pain001(order, target)
    return target.getvalue()


def all_texts(root: ElementTree.Element, name: str) -> list[str]:
    return [one.text or "" for one in root.iter(f"{{{NAMESPACE}}}{name}")]


def test_it_has_the_structure_that_the_standard_asks_for(order: Order) -> None:
    check(ElementTree.fromstring(written(order)))


def test_it_says_what_the_batch_says_and_its_totals_agree(order: Order) -> None:
    root = ElementTree.fromstring(written(order))
    assert all_texts(root, "EndToEndId") == ["E2E1", "E2E2", "E2E3"]
    assert all_texts(root, "InstdAmt") == ["123.45", "0.01", "100000000.00"]
    assert all_texts(root, "NbOfTxs") == ["3", "3"]
    assert {Decimal(text) for text in all_texts(root, "CtrlSum")} == {Decimal("100000123.46")}
    assert all_texts(root, "Nm")[2:] == [transfer.name for transfer in order.transfers]
    assert {one.attrib["Ccy"] for one in root.iter(f"{{{NAMESPACE}}}InstdAmt")} == {"CNY"}


def test_a_file_written_again_has_the_same_bytes(order: Order) -> None:
    assert written(order) == written(order)


@pytest.mark.parametrize("change", [{"name": ""}, {"name": "王" * 141}, {"name": "王\x01"}, {"account": "1" * 35}])
def test_what_does_not_fit_is_refused_with_its_number_before_anything_is_written(order: Order, change: dict) -> None:
    bad = order._replace(transfers=[order.transfers[0], Transfer("E", "王芳", "62284800", 1)._replace(**change)])
    with pytest.raises(PaymentError, match="Line 2"):
        check_pain001(bad)
