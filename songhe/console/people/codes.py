"""Giving a code at the counter, for the pages of the person who stands there or of whom a relative takes care."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from songhe.accounts.actions import Action
from songhe.citizens.domain.codes import GIVEN_LASTS, give_code
from songhe.citizens.finding import family_of
from songhe.common.text import Text, say
from songhe.console.acting import READ_AND_WRITE, Question, ask, given, never_stored, telling
from songhe.console.forms import Form, TextChoiceField
from songhe.console.page import show
from songhe.console.people.opening import head_of, of_person
from songhe.registry.models import Person

_SELF = "self"


class Holder(Form):
    """For whom the code is."""

    holder = TextChoiceField(label=say("给谁", "For whom"), options=[])

    def __init__(self, *args: Any, holders: Sequence[tuple[str, Text]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["holder"]
        field.options, field.choices = tuple(holders), [(value, value) for value, _ in holders]


@of_person(Action.CODE_GIVE, methods=READ_AND_WRITE)
def code(request: HttpRequest, person: Person) -> HttpResponse:
    """Asks for whom; then the digits, this once: nothing keeps the answer, the audit trail keeps that it was given."""
    relatives = {str(row.pk): row for row in family_of(person)}
    holders = [(_SELF, say("本人", "the person"))]
    for id, row in relatives.items():
        relation = row.get_relation_display()
        holders.append((id, say(f"家属（{relation}）{row.name}", f"family ({row.relation}) {row.name}".strip())))
    form = Holder(given(request), holders=holders)
    if form.is_valid():
        with telling(form):
            digits = give_code(user=request.user, person=person, kinship=relatives.get(form.cleaned_data["holder"]))
            minutes = int(GIVEN_LASTS.total_seconds()) // 60
            context = {"person": person, "head": head_of(person), "digits": digits, "minutes": minutes}
            return never_stored(show(request, "people/code.html", context))
    return never_stored(ask(request, _question(person), form))


def _question(person: Person) -> Question:
    name = head_of(person).name
    return Question(
        title=say(f"给登录码：{name}", f"A code for the pages of {name}"),
        points=[
            say(
                "请先核对身份证：码给谁，谁就能看到这位老人的待遇、收款和申请。",
                "Check the identity card first: whoever has the code sees what this person gets, payments and cases.",
            ),
            say("以前给的、还没用的码随即作废。", "A code that was given before and not used ends with it."),
            say(
                "家属须登记为可代办人，并有老人对“家属查看待遇”的同意，才在下面列出。",
                "Relatives are listed here when they may act and the person consented to letting the family see.",
            ),
        ],
        button=say("给登录码", "Give a code"),
        back=reverse("console:person", args=[person.public_id]),
        is_harmful=False,
    )
