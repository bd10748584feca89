"""JSON Lines."""

import io

import pytest

from songhe.intake.problems import FileRefused
from songhe.intake.readers import open_table


def table(text: str, encoding: str = "utf-8"):
    return open_table(lambda: io.BytesIO(text.encode(encoding)), "jsonl")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_the_titles_are_those_of_all_rows(encoding: str):
    read = table('{"姓名": "曾"}\n\n{"姓名": "李", "在世": true, "n": 3, "x": null}\n', encoding)
    assert read.shape.header == ("姓名", "在世", "n", "x")
    assert [(line, list(cells)) for line, cells, _ in read.rows()] == [
        (1, ["曾", "", "", ""]),
        (3, ["李", "true", "3", ""]),
    ]


@pytest.mark.parametrize(
    ("line", "why"), [("{x}", "不是 JSON，"), ("[1]", "不是 JSON 对象"), ('{"a": [1]}', "应为一个值")]
)
def test_a_bad_line_in_the_middle_is_one_bad_row(line: str, why: str):
    read = list(table(f'{{"a": 1}}\n{line}\n{{"a": 2}}\n').rows())
    assert [row.line for row in read] == [1, 2, 3]
    assert why in read[1].problem.zh
    assert (read[0].problem, read[2].problem) == (None, None)


@pytest.mark.parametrize("end", ['{"a": 2', '{"a"', '{"a": 2}\n{"b": "'])
def test_a_broken_last_line_refuses_the_file(end: str):
    with pytest.raises(FileRefused, match="没有传完"):
        table(f'{{"a": 1}}\n{end}')
