"""CSV as offices write it."""

import io

import pytest

from songhe.intake.problems import FileRefused
from songhe.intake.readers import open_table

ROWS = [(2, ["曾", "1"]), (3, ["李", "2"])]


def table(content: bytes):
    return open_table(lambda: io.BytesIO(content), "csv")


def rows(content: bytes):
    return [(line, list(cells)) for line, cells, _ in table(content).rows()]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_every_usual_way(encoding: str, delimiter: str, end: str):
    lines = [delimiter.join(cells) for cells in (["姓名", "序号"], ["曾", "1"], ["李", "2"])]
    content = (end.join(lines) + end).encode(encoding)
    assert table(content).shape.header == ("姓名", "序号")
    assert table(content).shape.encoding == encoding
    assert rows(content) == ROWS


def test_rare_characters_of_gb18030():
    assert rows("姓名\n㐂𠮷\n".encode("gb18030")) == [(2, ["㐂𠮷"])]


def test_quotes_line_breaks_and_blank_lines_keep_the_numbers_of_lines():
    content = '姓名,住址\n\n曾,"第一行\n第二行"\n,\n李,"a,b ""c"""\n'.encode()
    assert rows(content) == [(3, ["曾", "第一行\n第二行"]), (6, ["李", 'a,b "c"'])]


def test_apostrophes_of_ours_are_taken_off():
    assert rows(b"a,b\n'=1+1,'x\n") == [(2, ["=1+1", "'x"])]


def test_a_row_in_the_middle_may_have_any_number_of_cells():
    assert rows(b"a,b\n1\n1,2,3\n1,2\n") == [(2, ["1"]), (3, ["1", "2", "3"]), (4, ["1", "2"])]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize("before", [0, 5, 200_000])
def test_a_wrong_byte_names_its_line(encoding: str, before: int):
    content = ("姓名\n" + "曾小明\n" * before).encode(encoding) + b"\x81\xff\n" + "李\n".encode(encoding)
    with pytest.raises(FileRefused) as refused:
        table(content)
    assert refused.value.line == before + 2


@pytest.mark.parametrize(
    ("content", "line", "why"),
    [
        (b"", None, "空的"),
        (b"\n \n", None, "空的"),
        (b"\xff\xfea\x00", None, "UTF-16"),
        (b'a,b\n1,2\n1,"2\n3,4\n', 3, "引号没有配对"),
        (b'a,b\n1,"2"x\n', 2, "引号没有配对"),
        (b"a,b\n1,2\n1", 3, "没有传完"),
        (b"a,b\n1,2\n1\n", 3, "没有传完"),
    ],
)
def test_refused_as_a_whole(content: bytes, line: int | None, why: str):
    with pytest.raises(FileRefused, match=why) as refused:
        rows(content)
    assert refused.value.line == line
