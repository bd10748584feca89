"""Having indicators counted from the records, in the background."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from songhe.accounts.actions import Action
from songhe.common.text import say
from songhe.console.acting import READ_AND_WRITE, Question, ask, done, given, telling
from songhe.console.indicators.forms import Counting
from songhe.console.indicators.spot import spot_of
from songhe.console.page import staff
from songhe.indicators.jobs import start
from songhe.indicators.months import last_month_end


@staff(Action.INDICATOR_CONFIRM, methods=READ_AND_WRITE)
def count(request: HttpRequest, division_id: int) -> HttpResponse:
    spot = spot_of(request, division_id, action=Action.INDICATOR_CONFIRM)
    packages = [(one.id, one.document.title) for one in spot.packages if one.computed]
    form = Counting(given(request), packages=packages, initial={"last": last_month_end(), "months": 1})
    if form.is_valid():
        with telling(form):
            start(by=request.user, division=division_id, **form.cleaned_data)
            text = say("已开始核算，完成后刷新可见。", "It is being counted; look again when it is done.")
            return done(request, text, spot.address)
    question = Question(
        title=say(f"核算{spot.node.name}的指标", f"Count the indicators of {spot.node.name}"),
        points=(
            say(
                "从平台的记录核算本级和各下级，在后台进行。",
                "This place and all below it, from the records, in the background.",
            ),
            say(
                "结果相同的不再另存；以前的结果都保留。",
                "What comes to the same is not stored anew; nothing earlier is lost.",
            ),
        ),
        button=say("开始核算", "Count now"),
        back=spot.address,
        is_harmful=False,
    )
    return ask(request, question, form)
