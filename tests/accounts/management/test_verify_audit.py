from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from songhe.accounts.domain.audit import Line, append_many, head
from songhe.accounts.models import Entry

pytestmark = pytest.mark.django_db


def verify(*arguments: str) -> str:
    out = StringIO()
    call_command("verify_audit", *arguments, stdout=out)
    return out.getvalue()


def write(count: int) -> None:
    append_many(user=None, lines=[Line(action="audit.read")] * count)


def test_an_empty_trail() -> None:
    assert "审计记录为空" in verify()


def test_a_whole_trail_shows_its_last_line_which_is_next_times_anchor() -> None:
    write(3)
    sequence, hash = head()
    told = verify()
    assert "3条审计记录完好" in told
    anchor = told.split()[-1]
    assert anchor == f"{sequence}:{hash}"
    write(2)
    assert "5 lines, all whole" in verify("--anchor", anchor)


def test_the_first_broken_link_is_named(unguarded: None) -> None:
    write(5)
    Entry.objects.filter(sequence__in=(3, 5)).update(actor="x")
    with pytest.raises(CommandError, match="第3条断裂：内容与指纹不符。 Broken at line 3"):
        verify()


def test_a_trail_that_was_cut_off_is_named(unguarded: None) -> None:
    write(5)
    anchor = verify().split()[-1]
    Entry.objects.filter(sequence=5).delete()
    with pytest.raises(CommandError, match="Broken at line 5: the trail ends before it"):
        verify("--anchor", anchor)


@pytest.mark.parametrize("anchor", ["5", "0:" + "a" * 64, "5:abc", "x:" + "a" * 64])
def test_an_anchor_that_is_none_is_refused(anchor: str) -> None:
    with pytest.raises(CommandError, match="number:hash"):
        verify("--anchor", anchor)
