import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from songhe.policy.yamlfile import YamlProblem, read_yaml


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "small").mkdir()
    return tmp_path / "small" / "terms.yaml"


def read(file: Path, text: str) -> Any:
    file.write_text(text, "utf-8")
    return read_yaml(file).data


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("no", "no"),
        ("on", "on"),
        ("yes", "yes"),
        ("off", "off"),
        ("y", "y"),
        ("True", "True"),
        ("true", True),
        ("false", False),
        ("~", None),
        ("null", None),
        ("", None),
        ("12", 12),
        ("-3", -3),
        ("0", 0),
        ("007", "007"),
        ("0x1F", "0x1F"),
        ("1_000", "1_000"),
        ("12:30:45", "12:30:45"),
        ("1.50", "1.50"),
        ("1e3", "1e3"),
        (".inf", ".inf"),
        ("421303000000", 421303000000),
        ("'421303'", "421303"),
        ('"no"', "no"),
        ("'2024-05-01'", "2024-05-01"),
        ("2024-05-01", dt.date(2024, 5, 1)),
        ("100元", "100元"),
        ("20%", "20%"),
        ("<<", "<<"),
    ],
)
def test_a_plain_value_means_what_it_looks_like(file: Path, written: str, value: Any) -> None:
    assert read(file, f"x: {written}\n") == {"x": value}


def test_keys_are_words_as_well(file: Path) -> None:
    assert read(file, "on: 1\nno: 2\n5: 3\n") == {"on": 1, "no": 2, "5": 3}


def test_an_empty_file_is_nothing(file: Path) -> None:
    assert read(file, "") is None


@pytest.mark.parametrize(
    ("text", "line", "what", "mend"),
    [
        ("a: 1\nb: 2024-13-05\n", 2, "are day and month swapped (2024-05-13)?", "write year-month-day"),
        ("a: 2023-02-29\n", 1, "2023-02-29 is not a day of the calendar", "write year-month-day"),
        ("a: 2024-5-1\n", 1, "'2024-5-1' is not a date", "write year-month-day"),
        ("a: 1\nb: 2\na: 3\n", 3, "the key a stands twice", "keep one of them"),
        ("a: {b: 1, b: 2}\n", 1, "the key b stands twice", "keep one of them"),
        ("a: 1\nb: &x [1]\n", 2, "an anchor or alias", "write the value out"),
        ("a: 1\nb: *x\n", 2, "an anchor or alias", "write the value out"),
        ("<<: *x\n", 1, "an anchor or alias", "write the value out"),
        ("a: !!python/object:os.system {}\n", 1, "a tag", "leave it out"),
        ("a: !!set {x}\n", 1, "a tag", "leave it out"),
        ("a: !!str 5\n", 1, "a tag", "leave it out"),
        ("a: !!binary aGVsbG8=\n", 1, "a tag", "leave it out"),
        ("a: !mine 2024-05-01\n", 1, "a tag", "leave it out"),
        ("? [a, b]\n: 1\n", 1, "a key that is not a word", "write a plain key"),
        ("a:\n\t- b\n", 2, "not YAML", "check the indentation"),
        ("a: [1, 2\n", 2, "not YAML", "check the indentation"),
        ("a: 'x\n", 2, "not YAML", "check the indentation"),
        ("a: 1\n---\nb: 2\n", 2, "not YAML", "check the indentation"),
        ("a: \x00\n", 1, "not YAML", "check for control characters"),
        ("[" * 10_000, 1, "nested more than 100 deep", "make a term of the inner part"),
        ("[" * 10_000 + "]" * 10_000, 1, "nested more than 100 deep", "make a term of the inner part"),
        ("\n".join(" " * depth + "a:" for depth in range(200)), 101, "nested more than 100 deep", "make a term"),
        ("- " * 300 + "a\n", 1, "nested more than 100 deep", "make a term"),
        ("a: " + "x" * 4_000_001, 1, "the file is over 4 MB", "split it"),
    ],
)  # fmt: skip
def test_what_is_not_plain_is_refused_at_its_line(file: Path, text: str, line: int, what: str, mend: str) -> None:
    with pytest.raises(YamlProblem) as refused:
        read(file, text)
    problem = refused.value.problem
    assert (problem.file, problem.line) == ("small/terms.yaml", line)
    assert what in problem.what
    assert mend in problem.mend


def test_text_in_another_encoding_is_refused(file: Path) -> None:
    file.write_bytes("a: 养老".encode("gb18030"))
    with pytest.raises(YamlProblem, match="not UTF-8"):
        read_yaml(file)


def test_text_of_other_systems_is_read(file: Path) -> None:
    file.write_bytes(b"\xef\xbb\xbfa: 1\r\nb: 2\r\n")
    assert read_yaml(file).data == {"a": 1, "b": 2}


def test_every_value_knows_its_line(file: Path) -> None:
    file.write_text("- id: x\n  who:\n    all:\n      - a\n      - b: [1,\n           2]\n", "utf-8")
    located = read_yaml(file)
    lines = {path: located.line(path) for path in [(0,), (0, "who"), (0, "who", "all", 1, "b", 1)]}
    assert lines == {(0,): 1, (0, "who"): 2, (0, "who", "all", 1, "b", 1): 6}
    assert located.line((0, "who", "nowhere", 5)) == 2
    assert located.line(()) == 1
