"""What clerks were told is on the disk, whoever is killed in the middle of a line."""

from pathlib import Path

from soak.journal import ASKED, DONE, REFUSED, UNKNOWN, Journal, Written, read


def test_a_write_is_known_by_what_was_said_of_it_last(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "desk0.jsonl")
    for state, said in ((ASKED, {}), (UNKNOWN, {"why": "HTTP 500"}), (DONE, {"case": 7})):
        journal.write(state, "open case", "k", **said)
    assert read(tmp_path) == [Written("open case", "k", done={"case": 7}, unknown=["HTTP 500"])]


def test_one_that_was_refused_or_never_answered_was_not_acknowledged(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "desk0.jsonl")
    journal.write(ASKED, "open case", "silent")
    journal.write(REFUSED, "open case", "refused", why="OpenAlready")
    assert read(tmp_path) == [Written("open case", "silent"), Written("open case", "refused", refused=["OpenAlready"])]


def test_a_line_cut_in_half_loses_nothing_but_itself(tmp_path: Path) -> None:
    path = tmp_path / "desk0.jsonl"
    Journal(path).write(DONE, "open case", "first")
    with path.open("ab") as file:
        file.write(b'{"state": "done", "operation": "open case", "key": "cu')
    Journal(path).write(DONE, "open case", "after")
    assert [one.key for one in read(tmp_path) if one.done is not None] == ["first", "after"]


def test_several_clerks_can_speak_of_the_same_write(tmp_path: Path) -> None:
    for name in ("money0", "money1"):
        Journal(tmp_path / f"{name}.jsonl").write(ASKED, "send batch", "3")
    Journal(tmp_path / "money1.jsonl").write(DONE, "send batch", "3", batch=3)
    assert read(tmp_path) == [Written("send batch", "3", done={"batch": 3})]
