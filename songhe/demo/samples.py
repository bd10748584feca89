"""Files as departments send them, to try the import desk with: about people of the demo, some rows with mistakes."""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from songhe.common.spreadsheet import write_csv, write_xlsx
from songhe.demo.cast import Cast
from songhe.synth.dirt import lookalikes

ROWS, NEWCOMERS = 200, 40
_WORDS = {"M": "男", "F": "女", True: "是", False: "否"}
_LIVING = {
    "with_children": "与子女同住", "alone": "独居", "empty_nest_couple": "空巢", "left_behind": "留守",
    "institution": "养老机构",
}  # fmt: skip
_GRADES = {"1": "一级", "2": "二级", "3": "三级", "4": "四级"}
_CIVIL = ("序号", "姓名", "身份证号", "性别", "低保", "低保起始日期", "家庭月人均收入(元)", "联系电话", "备注")
_DISABLED = ("姓名", "残疾人身份证号", "残疾等级", "是否持证", "发证日期", "有效期至")
_POLICE = ("姓名", "公民身份号码", "性别", "出生日期", "户籍地行政区划代码", "户口性质")
_NOTE = """演示用部门文件，人员均为合成。 Files of departments for the demo; nobody in them is real.

民政-低保名册.csv    来源 civil_affairs，GB18030。前四行各有一处错误：号码、是否、金额、日期；末行重复。
                     Each of the first four rows has a mistake: number, yes or no, sum, day; the last row comes twice.
残联-持证名册.xlsx   来源 disabled_federation。首行等级不存在。 The first row has a grade that there is not.
社区-探访记录.jsonl  来源 community。每四行有一行无号码；首行代码不存在。
                     Every fourth row has no number; the first has a code that there is not.
公安-新增人口.csv    来源 police，UTF-8。新人，与在册者相似；个别户籍在外地。
                     New people, who look like others; a few are registered elsewhere.

songhe import --source civil_affairs --file var/demo/民政-低保名册.csv --user demo.county --dry-run
"""


def write_samples(cast: Cast, folder: Path) -> Path:
    """Four files and a note of what is wrong in them; an older set is replaced."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    known = [one for one in cast.known_by(400) if cast.alive_on(one, cast.today)]
    drawn = cast.draw(known, 8_000)[:ROWS]
    _write(folder / "民政-低保名册.csv", write_csv(_civil_affairs(cast, drawn), _CIVIL, encoding="gb18030"))
    _write_xlsx(folder / "残联-持证名册.xlsx", _disabled(cast, known), _DISABLED)
    _write(folder / "社区-探访记录.jsonl", _community(cast, cast.draw(known, 8_000)[:ROWS]))
    _write(folder / "公安-新增人口.csv", write_csv(_police(cast), _POLICE))
    _write(folder / "说明.txt", [_NOTE.encode()])
    return folder


def _civil_affairs(cast: Cast, drawn: Sequence[int]) -> Iterable[Sequence[object]]:
    """With a broken number, a value nobody knows, a sum that is none, a row twice and a day that is none."""
    start = cast.today.replace(day=1)
    rows = [
        [at, _of(cast, "name", one), _of(cast, "resident_id", one), _WORDS[_of(cast, "sex", one)],
         _WORDS[at % 3 == 0], f"{start:%Y/%m/%d}" if at % 3 == 0 else "", 380 + at, f"1002{at:07d}", ""]
        for at, one in enumerate(drawn, 1)
    ]  # fmt: skip
    for at, column, wrong in ((0, 2, "64038119440230123X"), (1, 4, "也许"), (2, 6, "约四百"), (3, 5, "2026年13月1日")):
        if at < len(rows):
            rows[at][column] = wrong
    return [*rows, *rows[-1:]]


def _disabled(cast: Cast, known: Sequence[int]) -> Iterable[Sequence[object]]:
    """Everybody with a certificate, renewed; one has a grade that there is not."""
    holders = [one for one in known if cast.columns["disability_certificate"][one]][:ROWS]
    start, end = cast.today - dt.timedelta(40), cast.today + dt.timedelta(3610)
    for at, one in enumerate(holders):
        grade = "五级" if at == 0 else _GRADES.get(_of(cast, "disability_grade", one), "")
        yield _of(cast, "name", one), _of(cast, "resident_id", one), grade, "是", str(start), str(end)


def _community(cast: Cast, drawn: Sequence[int]) -> Iterable[bytes]:
    """By name and birth date where the number was not written down."""
    for at, one in enumerate(drawn):
        living = _LIVING.get(_of(cast, "living", one) or "", "不详")
        row = {
            "姓名": _of(cast, "name", one),
            "身份证号": None if at % 4 == 0 else _of(cast, "resident_id", one),
            "性别": _WORDS[_of(cast, "sex", one)],
            "出生日期": str(_of(cast, "birth_date", one)),
            "社区代码": _of(cast, "residence", one) if at else "999999999999",
            "居住状况": living,
            "联系电话": f"1003{at:07d}",
        }
        yield (json.dumps(row, ensure_ascii=False) + "\n").encode()


def _police(cast: Cast) -> Iterable[Sequence[object]]:
    """People who are new, some of whom look like others."""
    living = cast.table.filter(cast.table["alive"])
    for other in lookalikes(living, count=min(NEWCOMERS, len(living) // 10), seed=2):
        row = other.row
        kind = {"urban": "城镇", "rural": "农村"}.get(row["hukou_type"], "")
        yield row["name"], row["resident_id"], _WORDS[row["sex"]], str(row["birth_date"]), row["hukou"] or "", kind


def _of(cast: Cast, fact: str, one: int) -> Any:
    return cast.columns[fact][one]


def _write(path: Path, parts: Iterable[bytes]) -> None:
    with _private(path) as file:
        file.writelines(parts)


def _write_xlsx(path: Path, rows: Iterable[Sequence[object]], header: Sequence[str]) -> None:
    with _private(path) as file:
        write_xlsx(file, header, rows)


def _private(path: Path) -> Any:
    path.unlink(missing_ok=True)
    return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b")
