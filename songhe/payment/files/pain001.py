"""The batch as an ISO 20022 customer credit transfer initiation, pain.001.001.09, one payment block, in CNY."""

from __future__ import annotations

import datetime as dt
import re
from typing import IO
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

from songhe.payment.errors import PaymentError
from songhe.payment.files.order import Order, Transfer, yuan

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
_HERE = ZoneInfo("Asia/Shanghai")
# What XML 1.0 cannot hold.
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LONGEST_NAME, _LONGEST_ACCOUNT = 140, 34


def write_pain001(order: Order, target: IO[bytes]) -> None:
    """UTF-8, transfer by transfer. Raises PaymentError, naming the number of the line, for what does not fit."""
    target.write(_head(order).encode())
    for number, transfer in enumerate(order.transfers, 1):
        target.write(_transfer(number, transfer).encode())
    target.write(b"</PmtInf></CstmrCdtTrfInitn></Document>\n")


def check_pain001(order: Order) -> None:
    """Raises PaymentError as writing would, before anything is written."""
    _head(order)
    for number, transfer in enumerate(order.transfers, 1):
        _transfer(number, transfer)


def _head(order: Order) -> str:
    at = order.at.astimezone(_HERE)
    count, total = len(order.transfers), yuan(order.fen)
    payer = _name(order.payer, 0)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="{NAMESPACE}"><CstmrCdtTrfInitn>'
        f"<GrpHdr><MsgId>{escape(order.message_id)}</MsgId><CreDtTm>{_time(at)}</CreDtTm><NbOfTxs>{count}</NbOfTxs>"
        f"<CtrlSum>{total}</CtrlSum><InitgPty><Nm>{payer}</Nm></InitgPty></GrpHdr>"
        f"<PmtInf><PmtInfId>{escape(order.message_id)}</PmtInfId><PmtMtd>TRF</PmtMtd><BtchBookg>true</BtchBookg>"
        f"<NbOfTxs>{count}</NbOfTxs><CtrlSum>{total}</CtrlSum><PmtTpInf><CtgyPurp><Cd>GOVT</Cd></CtgyPurp></PmtTpInf>"
        f"<ReqdExctnDt><Dt>{at.date().isoformat()}</Dt></ReqdExctnDt><Dbtr><Nm>{payer}</Nm></Dbtr>"
        f"<DbtrAcct>{_account(order.payer_account, 0)}<Ccy>CNY</Ccy></DbtrAcct>"
        f"<DbtrAgt><FinInstnId><ClrSysMmbId><MmbId>{escape(order.payer_bank)}</MmbId></ClrSysMmbId></FinInstnId>"
        "</DbtrAgt>\n"
    )


def _transfer(number: int, transfer: Transfer) -> str:
    return (
        f"<CdtTrfTxInf><PmtId><InstrId>{number}</InstrId><EndToEndId>{escape(transfer.end_to_end)}</EndToEndId></PmtId>"
        f'<Amt><InstdAmt Ccy="CNY">{yuan(transfer.fen)}</InstdAmt></Amt>'
        f"<Cdtr><Nm>{_name(transfer.name, number)}</Nm></Cdtr>"
        f"<CdtrAcct>{_account(transfer.account, number)}</CdtrAcct></CdtTrfTxInf>\n"
    )


def _account(text: str, number: int) -> str:
    return f"<Id><Othr><Id>{_fitting(text, _LONGEST_ACCOUNT, number)}</Id></Othr></Id>"


def _name(text: str, number: int) -> str:
    return _fitting(text, _LONGEST_NAME, number)


def _fitting(text: str, longest: int, number: int) -> str:
    if not text or len(text) > longest or _UNWRITABLE.search(text):
        raise PaymentError(
            f"第{number}笔的户名或账号为空、过长或含有不能写入的字符。",
            f"Line {number}: the name or account is empty, too long, or has a character that XML cannot hold.",
        )
    return escape(text)


def _time(at: dt.datetime) -> str:
    return at.isoformat(timespec="seconds")
