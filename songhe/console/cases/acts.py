"""Doing something in one case: a form for each act, and one way for all of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from songhe.casework.domain import moving, notice, steps
from songhe.casework.domain.acting import Actor
from songhe.casework.errors import CaseError, CaseMoved
from songhe.casework.models import Case
from songhe.casework.queries.granted import refusing_ends
from songhe.casework.queries.present import present_of
from songhe.casework.stored import procedure_of
from songhe.casework.subjects import ORGANISATION
from songhe.common.text import Text, say
from songhe.console.acting import READ_AND_WRITE, done, given, never_stored
from songhe.console.cases.detail import head_of, of_case
from songhe.console.cases.forms import ActForm, Answer, HandOver, Mending, Objection, Plain, Refusal, Remark
from songhe.console.cases.lists import name_of
from songhe.console.cases.subsidy import subsidy_of
from songhe.console.cases.words import ACTS, NOTICE_OF_INSTITUTION, Word
from songhe.console.page import page_of, show
from songhe.divisions.models import Division
from songhe.divisions.queries import tree_on
from songhe.policy.errors import PackageError, UnknownPackage
from songhe.policy.load import load_package

_Do = Callable[[Actor, Case, str, Mapping[str, Any]], None]
_MOVED = say(
    "您打开页面以后，该件已有变动，您的操作没有执行。下面是现在的情况。",
    "The case has moved since you opened the page: nothing was done. This is how it stands now.",
)


_DECIDING = ("case.verify", "case.approve")


@dataclass(frozen=True)
class Doing:
    form: type[ActForm]
    do: _Do


def _pass(by: Actor, case: Case, step: str, said: Mapping[str, Any]) -> None:
    steps.pass_step(by=by, case=case, step=step, reason=said["reason"])


def _publish(by: Actor, case: Case, step: str, said: Mapping[str, Any]) -> None:
    notice.publish(by=by, case=case, step=step)


def _return(by: Actor, case: Case, step: str, said: Mapping[str, Any]) -> None:
    steps.return_for_mending(by=by, case=case, step=step, reason=said["reason"])


def _refuse(by: Actor, case: Case, step: str, said: Mapping[str, Any]) -> None:
    steps.refuse(
        by=by,
        case=case,
        step=step,
        reason=said["reason"],
        clause=said["clause"],
        way_to_appeal=said["way_to_appeal"],
    )


def _resubmit(by: Actor, case: Case, step: str, said: Mapping[str, Any]) -> None:
    steps.resubmit(by=by, case=case, reason=said["reason"])


def _confirm(by: Actor, case: Case, step: str, said: Mapping[str, Any]) -> None:
    steps.confirm(by=by, case=case)


def _withdraw(by: Actor, case: Case, step: str, said: Mapping[str, Any]) -> None:
    steps.withdraw(by=by, case=case, reason=said["reason"])


def _lapse(by: Actor, case: Case, step: str, said: Mapping[str, Any]) -> None:
    steps.lapse(by=by, case=case)


def _hand_over(by: Actor, case: Case, step: str, said: Mapping[str, Any]) -> None:
    moving.hand_over(by=by, case=case, to=Division.objects.get(pk=said["to"].id), reason=said["reason"])


def _object(by: Actor, case: Case, step: str, said: Mapping[str, Any]) -> None:
    notice.object_to(by=by, case=case, text=said["reason"], contact=said["contact"])


_DOINGS: Mapping[str, Doing] = {
    "pass": Doing(Remark, _pass),
    "publish": Doing(Plain, _publish),
    "return": Doing(Mending, _return),
    "refuse": Doing(Refusal, _refuse),
    "resubmit": Doing(Remark, _resubmit),
    "confirm": Doing(Plain, _confirm),
    "withdraw": Doing(Remark, _withdraw),
    "lapse": Doing(Plain, _lapse),
    "hand_over": Doing(HandOver, _hand_over),
    "object": Doing(Objection, _object),
}


@of_case(methods=READ_AND_WRITE)
def act_page(request: HttpRequest, case: Case, act: str) -> HttpResponse:
    name = act.replace("-", "_")
    if name not in _DOINGS:
        raise Http404
    doing = _DOINGS[name]
    form = _form(request, case, doing.form)
    return _carry_out(request, case, ACTS[name], form, doing.do)


@of_case(methods=READ_AND_WRITE)
def answer_page(request: HttpRequest, case: Case, number: int) -> HttpResponse:
    """An answer to the objection of that act number."""

    def answer(by: Actor, case: Case, step: str, said: Mapping[str, Any]) -> None:
        notice.answer_objection(
            by=by, case=case, objection=number, upheld=said["upheld"] == "yes", reason=said["reason"], step=step
        )

    return _carry_out(request, case, ACTS["answer"], _form(request, case, Answer), answer)


def _form(request: HttpRequest, case: Case, form: type[ActForm]) -> ActForm:
    if form is Refusal:
        appeal = procedure_of(case).appeal
        way = appeal.way.zh if appeal else ""
        return Refusal(given(request), case=case, clauses=clauses_of(case), initial={"way_to_appeal": way})
    made = form(given(request), case=case)
    if isinstance(made, HandOver):
        made.fields["to"].within = frozenset(node.id for node in tree_on())
    return made


def _carry_out(request: HttpRequest, case: Case, word: Word, form: ActForm, do: _Do) -> HttpResponse:
    """The form until it is done; a case that moved meanwhile is shown as it stands now."""
    back = reverse("console:case", args=[case.public_id])
    if form.is_valid():
        step = form.cleaned_data.get("step") or case.step
        try:
            _must_stand(case, step)
            do(Actor(user=request.user), case, step, form.cleaned_data)
            return done(request, _after(case, word), back)
        except CaseMoved:
            messages.warning(request, _MOVED.in_language(page_of(request).language))
            return HttpResponseRedirect(back)
        except CaseError as error:
            form.add_problem(None, error.text)
    is_deciding = case.awaits in _DECIDING and isinstance(form, (Remark, Refusal))
    is_of_institution = word is ACTS["publish"] and case.subject_kind == ORGANISATION
    context = {
        "case": case,
        "head": head_of(request.user, case),
        "word": word,
        "form": form,
        "back": back,
        # Whoever decides sees once more what the rules say.
        "warning": _warning(case) if isinstance(form, Refusal) else None,
        "present": present_of(case) if is_deciding else None,
        "subsidy": subsidy_of(request.user, case) if is_deciding else None,
        "points": NOTICE_OF_INSTITUTION if is_of_institution else word.points,
    }
    return never_stored(show(request, "cases/act.html", context, status=422 if form.is_bound else 200))


def _warning(case: Case) -> Text | None:
    """What a refusal takes away, where the person has the item already."""
    granted = refusing_ends(case)
    if granted is None:
        return None
    return say(
        f"该老年人此事项已由办件 {granted.public_id} 批准，正在享受。不予同意后，从下月起停发；"
        "只是重复申请的，请改为撤回本件。",
        f"The person has this item already, granted by case {granted.public_id}. A refusal ends it: nothing is paid "
        "from next month on. If this is only a second application, withdraw it instead.",
    )


def _must_stand(case: Case, step: str) -> None:
    """What the page showed is what is acted upon, also for acts of the applicant, which name no step."""
    if step != case.step:
        raise CaseMoved(_MOVED.zh, _MOVED.en)


def _after(case: Case, word: Word) -> Text:
    name = name_of(case)
    return say(f"{name}：{word.after.zh}", f"{name}: {word.after.en}")


def clauses_of(case: Case) -> list[tuple[str, Text]]:
    """The item's clauses first, then every other one of the package; none where the case has no package."""
    try:
        package = load_package(case.package) if case.package else None
    except (UnknownPackage, PackageError):
        package = None
    if package is None:
        return []
    item = package.entitlements.get(case.item) or package.standard_rules.get(case.item)
    own = [id for id in (item.clauses if item else ()) if id in package.clauses]
    others = [id for id in package.clauses if id not in own]
    return [(id, _clause(id, package.clauses[id].text)) for id in (*own, *others)]


def _clause(id: str, text: Text) -> Text:
    return say(f"{id} {_short(text.zh, 40)}", f"{id} {_short(text.en, 80)}")


def _short(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[:length]}…"
