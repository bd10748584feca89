"""What is asked twice while a page is made is asked once, and forgotten afterwards."""

from __future__ import annotations

from threading import Thread

from songhe.common.memory import remembered, remembering


def test_without_remembering_every_question_is_asked() -> None:
    asked: list[int] = []
    for _ in range(2):
        remembered("key", lambda: asked.append(1))
    assert asked == [1, 1]


def test_within_it_each_is_asked_once_and_forgotten_afterwards() -> None:
    asked: list[int] = []
    for _ in range(2):
        with remembering():
            assert [remembered("key", lambda: asked.append(1) or len(asked)) for _ in range(3)] == [len(asked)] * 3
    assert asked == [1, 1]


def test_nothing_is_an_answer_too() -> None:
    asked: list[int] = []
    with remembering():
        for _ in range(2):
            assert remembered("key", lambda: asked.append(1)) is None
    assert asked == [1]


def test_another_thread_remembers_for_itself() -> None:
    answers: list[str] = []
    with remembering():
        remembered("key", lambda: "here")
        thread = Thread(target=lambda: answers.append(remembered("key", lambda: "there")))
        thread.start()
        thread.join()
    assert answers == ["there"]
