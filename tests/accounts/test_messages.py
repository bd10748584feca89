import re
from string import Formatter

import pytest
from django.db.models import Field

from songhe.accounts.messages import MESSAGES, known, sentence
from songhe.accounts.models import Entry

pytestmark = pytest.mark.parametrize("action", MESSAGES)


def names(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_an_action_is_a_noun_and_what_happened_to_it(action: str) -> None:
    limit: Field = Entry._meta.get_field("action")
    assert re.fullmatch(r"[a-z]+\.[a-z_]+", action)
    assert len(action) <= limit.max_length
    assert known(action) == action


def test_chinese_and_english_tell_the_same(action: str) -> None:
    message = MESSAGES[action]
    assert names(message.zh) - {"actor"} == names(message.en) - {"actor"}
    assert "actor" in names(message.zh)


def test_a_sentence_needs_no_details(action: str) -> None:
    told = sentence(action, actor="王芳", subject="", details={})
    assert "{" not in told.zh + told.en
    assert "王芳" in told.zh
