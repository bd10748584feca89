"""One key, one work."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from songhe.accounts.models import User
from songhe.api.domain.answers import KeyReused, answer_once
from songhe.api.models import StoredAnswer


@pytest.fixture
def li(db) -> User:
    return User.objects.create(username="li", display_name="李强")


def test_it_is_done_once(li):
    done = []
    for _ in range(2):
        answer = answer_once(user=li, key="k", body=b"x", work=lambda: done.append(1) or {"n": len(done)})
        assert answer == {"n": 1}
    assert done == [1]


def test_another_body_is_refused(li):
    answer_once(user=li, key="k", body=b"x", work=dict)
    with pytest.raises(KeyReused):
        answer_once(user=li, key="k", body=b"y", work=dict)


def test_work_that_fails_leaves_the_key_free(li):
    with pytest.raises(ZeroDivisionError):
        answer_once(user=li, key="k", body=b"x", work=lambda: {"n": 1 // 0})
    assert not StoredAnswer.objects.exists()
    assert answer_once(user=li, key="k", body=b"x", work=lambda: {"n": 1}) == {"n": 1}


@pytest.mark.postgresql
def test_of_several_at_once_one_does_the_work(transactional_db, li):
    done = []

    def send(_: int) -> dict[str, int]:
        try:
            return answer_once(user=li, key="k", body=b"x", work=lambda: done.append(1) or {"n": len(done)})
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(send, range(12)))
    assert answers == [{"n": 1}] * 12
    assert done == [1]
